// The installed app, and the card without a link: it comes from the device, and goes with the sign-out.

import { PNG } from 'pngjs';
import type { Page } from '@playwright/test';

import { card, code, drawn, kept, openLive, shownAt, tile } from '../../support/card';
import { readQr } from '../../support/code';
import { submit } from '../../support/http';
import { pictureOf } from '../../support/picture';
import { expect, line, test, type Watch } from '../../support/test';

/** Opens the card and waits until the service worker has everything for a page without a link. */
async function install(page: Page): Promise<Buffer> {
  const secret = await openLive(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => active?.state));
  await expect.poll(() => page.evaluate(() => caches.match('/offline').then(Boolean))).toBe(true);
  return secret;
}

/** The link goes: from here on, the browser says so. */
async function cut(page: Page, watch: Watch) {
  watch.expect(/net::ERR_INTERNET_DISCONNECTED|net::ERR_FAILED|Failed to fetch|ERR_NETWORK/);
  await page.context().setOffline(true);
}

test('the app can be installed: name, icons, shortcuts, colours', line(17), async ({ page, request }) => {
  await page.goto('/');
  const href = (await page.locator('link[rel=manifest]').getAttribute('href'))!;
  const answer = await request.get(href);
  expect(answer.headers()['content-type']).toContain('application/manifest+json');
  const manifest = await answer.json();
  expect(manifest).toMatchObject({ id: '/', start_url: '/card', scope: '/', display: 'standalone', lang: 'ru' });
  expect(manifest.name).toBe('Копилка Демо');
  expect(manifest.shortcuts.map((each: { url: string }) => each.url)).toEqual(['/card', '/offers', '/points']);
  const icons = manifest.icons as { src: string; sizes: string; purpose?: string }[];
  expect(icons.map((icon) => `${icon.sizes} ${icon.purpose ?? 'any'}`).sort()).toEqual([
    '192x192 any',
    '512x512 any',
    '512x512 maskable',
  ]);
  for (const icon of icons) {
    const png = PNG.sync.read(await (await request.get(icon.src)).body());
    expect(`${png.width}x${png.height}`).toBe(icon.sizes);
  }
});

test('without a link the card is there, its code turns, the balance tells its time', line(21, 'desktop'), async ({ page, member, watch }) => {
  await page.clock.install();
  const secret = await install(page);
  await cut(page, watch);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Нет связи, но код работает' })).toBeVisible();
  await expect(card(page)).toContainText('Мария');
  await expect(card(page)).toContainText(/0\s*баллов/);
  await expect(page.getByText(/Баланс на \d\d\.\d\d\.\d{4}, \d\d:\d\d/)).toBeVisible();
  await expect(page.getByRole('group', { name: 'Номер карты' })).toHaveText(/^\d{4} \d{4} \d{4} \d{4}$/);

  await expect.poll(() => drawn(page)).not.toBe('');
  for (let turn = 0; turn < 2; turn += 1) {
    const before = await drawn(page);
    await page.clock.runFor(30_000);
    await expect.poll(() => drawn(page)).not.toBe(before);
    const now = await page.evaluate(() => Date.now());
    const shown = await readQr(await pictureOf(page, tile(page)));
    expect([now - 1_000, now, now + 1_000].map((moment) => shownAt(member.card, secret, moment))).toContain(shown);
  }
});

test('any page of the wallet shows the card when there is no link, and itself again when there is', line(21), async ({ page, member, watch }) => {
  expect(member.card).toBeTruthy();
  await install(page);
  await cut(page, watch);
  await page.goto('/offers');
  await expect(page.getByRole('heading', { name: 'Нет связи, но код работает' })).toBeVisible();
  await expect(code(page)).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole('link', { name: 'Попробовать снова' }).click();
  await expect(page).toHaveURL('/card');
  await expect(page.getByRole('heading', { name: 'Нет связи, но код работает' })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Баллы' })).toBeVisible();
});

test('after signing out nothing of the card is left, offline either', line(25), async ({ page, member, watch, pos }) => {
  const secret = await install(page);
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Выйти' }).click();
  await expect(page.getByRole('link', { name: 'Получить карту' })).toBeVisible();
  await expect.poll(() => kept(page)).toEqual([]);
  const left = await page.evaluate(async () => {
    const texts: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        if (/\.(wasm|png)$/.test(new URL(request.url).pathname)) continue;
        texts.push(await (await cache.match(request))!.text());
      }
    }
    return [...texts, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })].join('\n');
  });
  expect(left).not.toContain(member.card);
  expect(left).not.toContain(member.card.replace(/(\d{4})(?=\d)/g, '$1 '));
  expect(left).not.toContain('Мария');

  // The code that the device would still show is nobody's any more.
  const answer = await pos.lookup(shownAt(member.card, secret, Date.now()));
  expect((await answer.json()).type).toContain('code-wrong');

  await cut(page, watch);
  await page.goto('/card');
  await expect(page.getByRole('heading', { name: 'Нет связи', exact: true })).toBeVisible();
  await expect(code(page)).toBeHidden();
  await expect(page.getByText('Мария')).toHaveCount(0);

  await page.context().setOffline(false);
  await page.goto('/card');
  await expect(page).toHaveURL('/sign-in');
});

test('a device that was ended elsewhere keeps nothing after its next page', line(25), async ({ page, member, visitor }) => {
  expect(member.card).toBeTruthy();
  await install(page);
  // The same session in another browser stands for the other device.
  const other = await visitor();
  await other.addCookies(await page.context().cookies());
  await submit(other.request, '/api/sign-out');
  await page.goto('/card');
  await expect(page).toHaveURL('/sign-in');
  await expect.poll(() => kept(page)).toEqual([]);
});

test('nobody’s offline page says how to get a card', line(21), async ({ page }) => {
  await page.goto('/offline');
  await expect(page.getByRole('heading', { name: 'Нет связи', exact: true })).toBeVisible();
  await expect(page.getByText('На этом устройстве нет карты')).toBeVisible();
  await expect(code(page)).toBeHidden();
});
