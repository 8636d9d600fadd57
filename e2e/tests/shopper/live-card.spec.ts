// The card while it is open: the code turns, the balance follows the till, the screen stays awake.

import { code, drawn, measureShifts, openLive, secretOf, shifts, shownAt, tile } from '../../support/card';
import { Device, readQr } from '../../support/code';
import { pictureOf } from '../../support/picture';
import { goods } from '../../support/pos';
import { expect, line, test } from '../../support/test';

test('a new code comes every thirty seconds, nothing moves and the focus stays', line(20, 'desktop'), async ({ page, member }) => {
  await measureShifts(page);
  await page.clock.install();
  const secret = await openLive(page);
  const copy = page.getByRole('button', { name: 'Скопировать номер' });
  await copy.focus();
  const seen = new Set<string>();
  for (let turn = 0; turn < 3; turn += 1) {
    const before = await drawn(page);
    await page.clock.runFor(30_000);
    await expect.poll(() => drawn(page)).not.toBe(before);
    const now = await page.evaluate(() => Date.now());
    const shown = await readQr(await pictureOf(page, tile(page)));
    // The device's and the server's clocks are the same here, but for the moment between the two questions.
    expect([now - 1_000, now, now + 1_000].map((moment) => shownAt(member.card, secret, moment))).toContain(shown);
    seen.add(shown);
    await expect(copy).toBeFocused();
  }
  expect(seen.size).toBe(3);
  expect(await shifts(page)).toEqual([]);
});

test('the code that the device computes is the one that the till takes', line(20), async ({ page, member, pos }) => {
  await openLive(page);
  await expect(async () => {
    const found = await pos.lookup(await readQr(await pictureOf(page, tile(page))));
    expect(found.status()).toBe(200);
  }).toPass({ timeout: 5_000 });
  expect(member.card).toBeTruthy();
});

test('a device whose clock is wrong shows a right code all the same', line(20), async ({ page, member, pos }) => {
  await page.addInitScript(() => {
    const late = 20 * 60_000;
    const [now, origin] = [Date.now, performance.timeOrigin];
    Date.now = () => now() - late;
    Object.defineProperty(performance, 'timeOrigin', { value: origin - late });
  });
  await openLive(page);
  await expect(async () => {
    const found = await pos.lookup(await readQr(await pictureOf(page, tile(page))));
    expect(found.status()).toBe(200);
  }).toPass({ timeout: 5_000 });
  expect(member.card).toBeTruthy();
});

test('an old code is refused with its reason, a made-up one with another', line(20), async ({ context, member, pos }) => {
  const device = await Device.of(context.request, member.card);
  expect((await pos.lookup(device.code())).status()).toBe(200);
  expect((await pos.lookup(device.code(1))).status()).toBe(200);
  const reason = async (scanned: string) => {
    const answer = await pos.lookup(scanned);
    expect(answer.status()).toBeGreaterThanOrEqual(400);
    expect(answer.status()).toBeLessThan(500);
    expect(answer.headers()['content-type']).toContain('application/problem+json');
    return (await answer.json()).type.split('#problem-').at(-1);
  };
  expect(await reason(device.code(2))).toBe('code-stale');
  expect(await reason(device.code(5))).toBe('code-wrong');
  expect(await reason(`71${member.card}00000000`)).toBe('code-wrong');
  expect(await reason(`72${member.card}00000000`)).toBe('scan-other-scheme');
  expect(await reason(member.card.slice(1))).toBe('scan-wrong-length');
  expect(await reason('привет')).toBe('scan-not-digits');
  const last = (Number(member.card.at(-1)) + 1) % 10;
  expect(await reason(`70${member.card.slice(0, -1)}${last}`)).toBe('scan-check-digit');
});

test('a code pays once, at whatever till', line(20), async ({ context, member, pos }) => {
  await pos.sell({ code: member.printed, lines: [goods(100_000)] });
  const device = await Device.of(context.request, member.card);
  const scanned = device.code();
  await pos.sell({ code: scanned, lines: [goods(10_000)], spend: 5 });
  const second = await pos.call(
    '/receipts',
    { code: scanned, shift: 'tests', number: `again-${member.card}`, lines: [goods(10_000)], spend: 5 },
    { 'idempotency-key': `again-${member.card}` },
  );
  expect(second.status()).toBe(409);
  expect((await second.json()).type).toContain('code-already-spent');
});

test('two open tabs share one key, and both show codes that the till takes', line(20), async ({ page, context, member, pos }) => {
  await openLive(page);
  const second = await context.newPage();
  await second.goto('/card');
  for (const tab of [page, second]) {
    await tab.bringToFront();
    await expect(async () => {
      expect((await pos.lookup(await readQr(await pictureOf(tab, tile(tab))))).status()).toBe(200);
    }).toPass({ timeout: 5_000 });
  }
  expect(member.card).toBeTruthy();
});

test('a sale at the till is on the open card within a second, without a reload', line(31, 'desktop'), async ({ page, member, pos }) => {
  const listening = page.waitForResponse('/card/live');
  await openLive(page);
  await listening;
  await page.evaluate(() => Object.assign(window, { same: true }));
  const balance = page.locator('.card-balance');
  await expect(balance).toContainText(/^0\s*баллов/);
  const { earned } = await pos.sell({ code: member.printed, lines: [goods(70_000)] });
  const sold = Date.now();
  // 3 % of 700 roubles and 200 for the first purchase.
  expect(earned).toBe(221);
  await expect(balance).toHaveText(/^221\s*балл$/, { timeout: 1_000 });
  expect(Date.now() - sold).toBeLessThan(1_000);
  await expect(page.getByRole('status').filter({ hasText: 'На карте 221 балл' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Баллы' })).toContainText(/Можно потратить\s*221/);
  expect(await page.evaluate(() => 'same' in window)).toBe(true);
});

test('the screen is kept awake, again on return', line(22), async ({ page, member }) => {
  expect(member.card).toBeTruthy();
  await page.addInitScript(() => {
    const asked: string[] = [];
    Object.assign(window, { asked });
    const request = (kind: string) => {
      asked.push(kind);
      return Promise.resolve({ release: () => Promise.resolve(), addEventListener() {}, released: false });
    };
    Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true });
  });
  await openLive(page);
  const asked = () => page.evaluate(() => (window as unknown as { asked: string[] }).asked);
  await expect.poll(asked).toEqual(['screen']);
  for (const hidden of [true, false]) {
    await page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      Object.defineProperty(document, 'visibilityState', { value: hidden ? 'hidden' : 'visible', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  }
  await expect.poll(asked).toEqual(['screen', 'screen']);
});

test('a refused wake lock is silent', line(22), async ({ page, member }) => {
  expect(member.card).toBeTruthy();
  await page.addInitScript(() => {
    const request = () => Promise.reject(new DOMException('low battery', 'NotAllowedError'));
    Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true });
  });
  await openLive(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a browser without wake lock, clipboard or storage still shows the code', line(22), async ({ page, member }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'wakeLock', { value: undefined, configurable: true });
    Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
    Object.defineProperty(navigator, 'serviceWorker', { value: undefined, configurable: true });
    indexedDB.open = () => {
      throw new DOMException('no storage here', 'SecurityError');
    };
  });
  const secret = secretOf(page);
  await page.goto('/card');
  const value = await secret;
  await expect
    .poll(async () => readQr(await pictureOf(page, tile(page))))
    .toMatch(new RegExp(`^${shownAt(member.card, value, Date.now()).slice(0, 18)}`));
  await page.getByRole('button', { name: 'Скопировать номер' }).click();
  expect(await page.evaluate(() => String(getSelection()).replace(/\s/g, ''))).toBe(member.card);
});

test('the number is text with a label, and one tap copies it', line(23), async ({ page, member, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openLive(page);
  const number = page.getByRole('group', { name: 'Номер карты' });
  await expect(number).toHaveText(member.card.replace(/(\d{4})(?=\d)/g, '$1 '));
  await page.getByRole('button', { name: 'Скопировать номер' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Номер скопирован' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(member.card);
  await expect(code(page)).toHaveAccessibleName('QR-код карты. Покажите его кассиру');
});

test('without a script a link gives a new code', line(26, 'no-script'), async ({ page, member, pos }, { project }) => {
  await page.goto('/card');
  const fresh = page.getByRole('link', { name: 'Новый код' });
  if (project.name === 'no script') {
    await expect(fresh).toBeVisible();
    await fresh.click();
    expect((await pos.lookup(await readQr(await pictureOf(page, tile(page))))).status()).toBe(200);
  } else {
    await expect(fresh).toBeHidden();
  }
  expect(member.card).toBeTruthy();
});

test('the device’s key cannot be taken out of it', line(21), async ({ page, member }) => {
  expect(member.card).toBeTruthy();
  await openLive(page);
  const taken = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const opening = indexedDB.open('kopilka');
        opening.onsuccess = () => {
          const get = opening.result.transaction('card').objectStore('card').get('key');
          get.onsuccess = () => {
            opening.result.close();
            const { key } = get.result as { key: CryptoKey };
            crypto.subtle.exportKey('raw', key).then(() => resolve('taken'), (error: Error) => resolve(error.name));
          };
        };
      }),
  );
  expect(taken).toBe('InvalidAccessError');
});
