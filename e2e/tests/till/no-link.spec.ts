// The till without a link: sales are kept on the device, posted once each and in order when the link is back; what cannot be
// posted is shown, and nothing is dropped.

import type { BrowserContext, BrowserContextOptions } from '@playwright/test';

import { Device } from '../../support/code';
import { submit } from '../../support/http';
import { cut, expectLoss, keep, kept, mend, offlineForm, openReadyTill, sendNow, waitingBar } from '../../support/link';
import { everything, join } from '../../support/people';
import { signedIn } from '../../support/place';
import { goods } from '../../support/pos';
import { amount, codeField, customer, listening, postButton, quoteButton, result, scan } from '../../support/till';
import { expect as impatient, line, test } from '../../support/test';

test.use({ storageState: signedIn.cashier });
test.describe.configure({ timeout: 90_000 });

// A sale that waits is sent again after some seconds.
const expect = impatient.configure({ timeout: 20_000 });

type Visitor = (options?: BrowserContextOptions) => Promise<BrowserContext>;

/** A shopper with a browser of her own, and what she has bought so far. */
async function shopper(visitor: Visitor, name = 'Ника') {
  const context = await visitor({ storageState: undefined });
  const member = await join(context.request, { name });
  const purchases = async () => (await everything(context.request)).purchases as string[];
  return { context, member, purchases };
}

/** Serves a member up to the amount. */
async function begin(page: Parameters<typeof customer>[0], printed: string, name: string, roubles: string) {
  await openReadyTill(page);
  await codeField(page).fill(printed);
  await codeField(page).press('Enter');
  await expect(customer(page)).toHaveText(name);
  await listening(page);
  await amount(page).fill(roubles);
}

test('a sale without a link is kept, survives a reload, and is posted once when the link is back', line(36), async ({ page, visitor, watch }) => {
  const { member, purchases } = await shopper(visitor);
  await begin(page, member.printed, 'Ника', '1240');
  await cut(page, watch);
  await postButton(page).click();
  await expect(result(page)).toContainText(/Чек №\s\d+ на 1\s240\s₽ сохранён на кассе/);
  await expect(waitingBar(page)).toContainText('Нет связи: 1 чек ждёт с');
  await page.reload();
  await expect(offlineForm(page)).toBeVisible();
  await expect(waitingBar(page)).toContainText('1 чек ждёт');
  expect(await purchases()).toHaveLength(0);

  await mend(page);
  await expect.poll(async () => (await purchases()).length).toBe(1);
  await expect(customer(page)).toHaveText('Сканируйте карту');
  await expect(waitingBar(page)).toBeHidden();
  expect(await kept(page)).toEqual([]);
});

test('the page without a link takes scans and amounts, and its sales are posted in their order', line(36), async ({ page, visitor, watch }) => {
  const first = await shopper(visitor);
  const second = await shopper(visitor, 'Яна');
  await openReadyTill(page);
  const device = await Device.of(first.context.request, first.member.card);
  await cut(page, watch);
  await page.goto('/till').catch(() => undefined);
  await expect(offlineForm(page)).toBeVisible();
  const sales: [string, string][] = [
    [device.code(), '100'],
    [second.member.printed, '250,50'],
    [first.member.printed, '300'],
  ];
  for (const [place, [code, roubles]] of sales.entries()) {
    await listening(page);
    await scan(page, code);
    await expect(codeField(page)).toHaveValue(code);
    await expect(amount(page)).toBeFocused();
    await amount(page).fill(roubles);
    await page.keyboard.press('Enter');
    await expect(result(page)).toContainText('сохранён на кассе');
    await expect(amount(page)).toHaveValue('');
    expect(await kept(page)).toHaveLength(place + 1);
  }
  await expect(waitingBar(page)).toContainText('Нет связи: 3 чека ждут с');
  await expect(page.locator('#queue-list li[data-name]')).toHaveCount(3);
  await expect(page.locator('#queue-list li[data-name]').nth(1)).toContainText(/на 250,50\s₽/);
  // The words of a page without a link are nobody's.
  await expect(page.locator('body')).not.toContainText('Ника');

  await mend(page);
  await expect.poll(async () => (await first.purchases()).length).toBe(2);
  await expect.poll(async () => (await second.purchases()).length).toBe(1);
  await expect.poll(() => kept(page).catch(() => ['not yet'])).toEqual([]);
  // Each at its own time, in the order in which they were made.
  const [[earlier, later], [between]] = [await first.purchases(), await second.purchases()];
  const times = [earlier!, between!, later!].map((time) => Date.parse(time));
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test('what is wrong on the page without a link is said beside its field', line([36, 20]), async ({ page, watch, visitor }) => {
  const { member } = await shopper(visitor);
  await openReadyTill(page);
  await cut(page, watch);
  await page.goto('/till').catch(() => undefined);
  await listening(page);
  await page.keyboard.press('F9');
  await expect(page.locator('#amount-error')).toHaveText('Введите сумму');
  await amount(page).fill('12x');
  await page.keyboard.press('F9');
  await expect(page.locator('#amount-error')).toBeVisible();
  const wrong = member.card.slice(0, -1) + ((Number(member.card.at(-1)) + 1) % 10);
  await codeField(page).fill(wrong);
  await amount(page).fill('12');
  await page.keyboard.press('F9');
  await expect(page.locator('#code-error')).toContainText('прочитана неверно');
  await scan(page, '4600905831271');
  await expect(page.locator('#code-error')).toContainText('Это код товара');
  expect(await kept(page)).toEqual([]);
});

test('the link lost between commit and answer: one receipt', line([35, 36]), async ({ page, context, visitor, watch }) => {
  expectLoss(watch);
  const { member, purchases } = await shopper(visitor);
  await begin(page, member.printed, 'Ника', '1240');
  let lost = 0;
  await context.route('**/api/till/queue', async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    await route.abort();
  });
  await postButton(page).click();
  await expect.poll(() => lost).toBe(1);
  await expect.poll(() => kept(page).catch(() => ['not yet'])).toEqual([]);
  expect(await purchases()).toHaveLength(1);
});

test('spending waits for the link, and the sale can go on without it', line(36), async ({ page, visitor, pos, watch }) => {
  const { context, member, purchases } = await shopper(visitor);
  const device = await Device.of(context.request, member.card);
  await pos.sell({ code: member.printed, lines: [goods(500_000)] });
  await begin(page, device.code(), 'Ника', '1000');
  await page.getByLabel(/Сколько можно/).check();
  await cut(page, watch);
  await postButton(page).click();
  await expect(result(page)).toContainText('Нет связи: списание ждёт связи');
  await expect(amount(page)).toHaveValue('1000');
  expect(await kept(page)).toEqual([]);
  await page.getByRole('button', { name: 'Провести без списания' }).click();
  await expect(waitingBar(page)).toContainText('1 чек ждёт');
  await mend(page);
  await expect.poll(async () => (await purchases()).length).toBe(2);
  const { points } = await everything(context.request);
  expect(points.map((each: { kind: string }) => each.kind)).not.toContain('spend');
});

test('a quote waits for the link, and the receipt stays', line(36), async ({ page, visitor, watch }) => {
  const { member } = await shopper(visitor);
  await begin(page, member.printed, 'Ника', '1000');
  await cut(page, watch);
  await quoteButton(page).click();
  await expect(result(page)).toContainText('Нет связи: посчитать сейчас нельзя');
  await expect(amount(page)).toHaveValue('1000');
  await mend(page);
  await quoteButton(page).click();
  await expect(page.getByText('К оплате')).toBeVisible();
});

test('with two tabs open each sale is posted once', line([35, 36]), async ({ page, context, visitor, watch }) => {
  const { member, purchases } = await shopper(visitor);
  await openReadyTill(page);
  const second = await context.newPage();
  await openReadyTill(second);
  await cut(page, watch);
  for (const tab of [page, second]) {
    await tab.goto('/till').catch(() => undefined);
    await expect(offlineForm(tab)).toBeVisible();
    for (const roubles of ['11', '12', '13']) {
      await codeField(tab).fill(member.printed);
      await amount(tab).fill(tab === page ? roubles : `${roubles},50`);
      await amount(tab).press('Enter');
      await expect(amount(tab)).toHaveValue('');
    }
  }
  await expect(waitingBar(page)).toContainText('6 чеков ждут');
  await mend(page);
  await expect.poll(async () => (await purchases()).length).toBe(6);
  await expect.poll(() => kept(page).catch(() => ['not yet'])).toEqual([]);
  expect(await purchases()).toHaveLength(6);
});

test('who is signed out in mid-shift signs in again, and what waited is posted', line([34, 36]), async ({ page, context, visitor, watch }) => {
  const { member, purchases } = await shopper(visitor);
  await openReadyTill(page);
  await cut(page, watch);
  await page.goto('/till').catch(() => undefined);
  await codeField(page).fill(member.printed);
  await amount(page).fill('77');
  await amount(page).press('Enter');
  await expect(waitingBar(page)).toContainText('1 чек ждёт');
  const cookies = await context.cookies();
  await context.clearCookies();
  await mend(page);
  await expect(page.locator('#main')).toContainText(/Вход|Войти/);
  await expect(waitingBar(page)).toContainText('Войдите снова');
  expect(await kept(page)).toHaveLength(1);
  await context.addCookies(cookies);
  await page.goto('/till');
  await expect.poll(async () => (await purchases()).length).toBe(1);
  await expect(waitingBar(page)).toBeHidden();
});

for (const [name, days] of [
  ['a day behind', -1],
  ['a day ahead', 1],
] as const) {
  test(`a clock that is ${name} gives sales their own time all the same`, line([36, 20]), async ({ page, visitor, watch }) => {
    const { context, member, purchases } = await shopper(visitor);
    await page.addInitScript((ahead) => {
      const right = Date.now.bind(Date);
      Date.now = () => right() + ahead;
    }, days * 86_400_000);
    await openReadyTill(page);
    const device = await Device.of(context.request, member.card);
    await cut(page, watch);
    await page.goto('/till').catch(() => undefined);
    await codeField(page).fill(device.code());
    await amount(page).fill('50');
    await amount(page).press('Enter');
    await expect.poll(() => kept(page)).toHaveLength(1);
    await mend(page);
    await expect.poll(async () => (await purchases()).length).toBe(1);
    const [purchase] = await purchases();
    expect(Math.abs(Date.parse(purchase!) - Date.now())).toBeLessThan(60_000);
  });
}

test('a sale of a time to come is parked, and shown as such', line(36), async ({ page, visitor }) => {
  const { member } = await shopper(visitor);
  await openReadyTill(page, '/till/queue');
  const at = Date.now() + 3_600_000;
  const key = crypto.randomUUID();
  const form: [string, string][] = [['key', key], ['mode', 'amount'], ['amount', '90'], ['code', member.printed]];
  await keep(page, [{ name: `${at} ${key}`, form, at, till: '', staff: '', number: '№ 1', state: 'waiting' }]);
  await sendNow(page);
  await expect(waitingBar(page)).toContainText('1 чек ждёт своего времени');
  await expect(page.locator('#queue-list')).toContainText('Ждёт своего времени и проведётся сам');
});

test('a card that was closed meanwhile: the cashier is told, and posts without it or puts it aside', line([35, 36]), async ({ page, visitor, watch }) => {
  const gone = await shopper(visitor, 'Уходящая');
  await openReadyTill(page);
  await cut(page, watch);
  await page.goto('/till').catch(() => undefined);
  for (const roubles of ['15', '16']) {
    await codeField(page).fill(gone.member.printed);
    await amount(page).fill(roubles);
    await amount(page).press('Enter');
    await expect(amount(page)).toHaveValue('');
  }
  await submit(gone.context.request, '/api/settings/close', { confirmed: 'yes' });
  await mend(page);
  await expect(waitingBar(page)).toContainText('2 чека не проведены');
  await page.goto('/till/queue');
  const rows = page.locator('#queue-list li[data-name]');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText(/Чек №\s\d+ на 15\s₽/);
  await expect(rows.first()).toContainText('Такой карты нет');
  await rows.first().getByRole('button', { name: 'Провести без карты' }).click();
  await expect(rows).toHaveCount(1);
  await rows.first().getByRole('button', { name: 'Отложить' }).click();
  await expect(rows).toHaveCount(0);
  const aside = page.getByRole('region', { name: 'Отложенные чеки' });
  await expect(aside).toContainText('16 ₽');
  await expect(aside).toContainText('Причина: Такой карты нет');
  await expect(waitingBar(page)).toBeHidden();
});

test('a device that keeps nothing says so, and the receipt stays on the screen', line([36, 20]), async ({ page, visitor, watch }) => {
  const { member, purchases } = await shopper(visitor);
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await begin(page, member.printed, 'Ника', '1240');
  await cut(page, watch);
  await postButton(page).click();
  await expect(result(page)).toContainText('Нет связи, а эта касса не может хранить чеки');
  await expect(amount(page)).toHaveValue('1240');
  await mend(page);
  await postButton(page).click();
  await expect(result(page)).toContainText('Ника: +237 баллов');
  expect(await purchases()).toHaveLength(1);
});

test('an unfinished receipt outlives a reload and signing in again, and no code is kept of it', line([34, 20]), async ({ page, context, visitor }) => {
  const { member } = await shopper(visitor);
  await begin(page, member.printed, 'Ника', '1240,50');
  await page.reload();
  await expect(amount(page)).toHaveValue('1240,50');
  const remembered = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  expect(remembered).toContain('1240,50');
  for (const personal of [member.card, member.phone.slice(2), 'Ника']) expect(remembered).not.toContain(personal);

  const cookies = await context.cookies();
  await context.clearCookies();
  await page.goto('/till');
  await expect(page.locator('#main')).toContainText(/Вход|Войти/);
  await context.addCookies(cookies.filter((cookie) => cookie.name !== 'visit'));
  await page.goto('/till');
  await expect(amount(page)).toHaveValue('1240,50');
  // Left with its customer, it is forgotten.
  await listening(page);
  await page.keyboard.press('Escape');
  await expect(customer(page)).toHaveText('Сканируйте карту');
  await page.reload();
  await expect(customer(page)).toHaveText('Сканируйте карту');
});

test('nothing of a signed-in till is kept by the browser', line([36, 34]), async ({ page, visitor }) => {
  const { member } = await shopper(visitor);
  await begin(page, member.printed, 'Ника', '10');
  const cached = await page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const text = await (await cache.match(request))!.text();
        found.push(`${new URL(request.url).pathname} ${/Ника|Касса 1|kassir|Кассир/.test(text)}`);
      }
    }
    return found;
  });
  expect(cached.map((each) => each.split(' ')[0])).toContain('/till/offline');
  for (const each of cached) expect(each).toMatch(/^(\/till\/offline|\/pkg\/.*|\/favicon\.svg) false$/);
});

test('Back to a page that cannot be shown again is no lost link', line(36), async ({ page, visitor, watch }) => {
  watch.expect(/net::ERR_CACHE_MISS|AudioContext was not allowed|Failed to load resource/);
  const { member } = await shopper(visitor);
  await begin(page, member.printed, 'Ника', '10');
  await quoteButton(page).click();
  await expect(page.getByText('К оплате')).toBeVisible();
  await listening(page);
  await page.keyboard.press('Escape');
  await expect(customer(page)).toHaveText('Сканируйте карту');
  await page.goBack().catch(() => undefined);
  await expect(offlineForm(page)).toBeHidden({ timeout: 3_000 });
  await expect(page.locator('.till-top')).toBeVisible();
});
