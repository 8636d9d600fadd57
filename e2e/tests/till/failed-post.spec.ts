// A sale that is not answered by the server itself: whoever was served is gone from the screen, and the next sale is
// nobody's until a card is scanned.

import type { BrowserContext, BrowserContextOptions, Page, Route } from '@playwright/test';

import { expectLoss, kept, openReadyTill, waitingBar } from '../../support/link';
import { everything, join } from '../../support/people';
import { type OwnAnswer, Proxy } from '../../support/proxy';
import { amount, codeField, customer, listening, postButton, result } from '../../support/till';
import { OwnTill, comeIn } from '../../support/tills';
import { expect as impatient, line, test } from '../../support/test';

test.describe.configure({ timeout: 90_000 });

const expect = impatient.configure({ timeout: 30_000 });

type Visitor = (options?: BrowserContextOptions) => Promise<BrowserContext>;

async function shopper(visitor: Visitor) {
  const context = await visitor({ storageState: undefined });
  const member = await join(context.request, { name: 'Ника' });
  const purchases = async () => (await everything(context.request)).purchases as string[];
  return { member, purchases };
}

/** A paired browser with a cashier at work, and a member who is served up to the amount. */
async function begin(page: Page, printed: string, roubles: string, site = '') {
  const till = OwnTill.add();
  const cashier = till.staff('Кассир', '1357');
  await till.pair(page, site);
  await comeIn(page, cashier);
  await openReadyTill(page, `${site}/till`);
  await codeField(page).fill(printed);
  await codeField(page).press('Enter');
  await expect(customer(page)).toHaveText('Ника');
  await listening(page);
  await amount(page).fill(roubles);
}

const PORTAL = '<!doctype html><title>Wi-Fi</title><h1>Вход в сеть гостиницы</h1>';

const answers: Record<string, (route: Route) => Promise<void>> = {
  'status 500': (route) => route.fulfill({ status: 500, body: 'oops' }),
  'status 502': (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' }),
  'status 504': (route) => route.fulfill({ status: 504, body: '' }),
  'a page of another network': (route) => route.fulfill({ status: 200, contentType: 'text/html', body: PORTAL }),
  'a redirection to another network': (route) => route.fulfill({ status: 302, headers: { location: '/hotel' } }),
  'nothing in time': async () => undefined,
};

for (const [name, answer] of Object.entries(answers)) {
  test(`the sale is answered with ${name}: the next one is nobody's`, line(36), async ({ page, context, visitor, watch }) => {
    expectLoss(watch);
    watch.expect(/status of (5\d\d|404)|AbortError|TimeoutError|signal timed out/);
    const { member, purchases } = await shopper(visitor);
    await begin(page, member.printed, '654');
    // Posts fail, pages come: what a proxy does while the server behind it starts again.
    await context.route('**/api/till/queue', answer);
    await postButton(page).click();
    await expect(result(page)).toContainText('сохранён на кассе');
    await expect(customer(page)).not.toHaveText('Ника');
    await expect(page.locator('body')).not.toContainText('Ника');
    await page.goto('/till');
    await expect(page.locator('body')).not.toContainText('Ника');
    await expect(customer(page)).toHaveText('Сканируйте карту');
    await context.unroute('**/api/till/queue');

    // The next shopper shows no card.
    await page.goto('/till?without-card');
    await listening(page);
    await amount(page).fill('777');
    await postButton(page).click();
    await expect(result(page)).toContainText('проведён');
    await expect.poll(async () => (await purchases()).length).toBe(1);
    await expect.poll(() => kept(page).catch(() => ['not yet'])).toEqual([]);
    await expect(waitingBar(page)).toBeHidden();
    expect(await purchases()).toHaveLength(1);
  });
}

const INSTEAD: Record<string, OwnAnswer | 'nothing'> = {
  'a gateway without a server': { status: 502, body: 'Bad Gateway' },
  'a page of another network': { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PORTAL },
  'a redirection to another network': { status: 302, headers: { location: 'http://127.0.0.1:9/hotel' } },
  'a failing gateway': { status: 500, headers: { 'content-type': 'text/html' }, body: '<h1>Oops</h1>' },
  nobody: 'nothing',
};

for (const [name, instead] of Object.entries(INSTEAD)) {
  test(`everything is answered by ${name}: the till goes on without a link, with nobody on it`, line(36), async ({ page, visitor, watch }) => {
    expectLoss(watch);
    watch.expect(/status of|AbortError|TimeoutError|signal timed out|Content Security Policy/);
    const proxy = await Proxy.start();
    try {
      const { member, purchases } = await shopper(visitor);
      await begin(page, member.printed, '654', proxy.site);
      proxy.instead = instead;
      await postButton(page).click();
      await expect(result(page)).toContainText('сохранён на кассе');
      await expect(page.locator('#offline')).toBeVisible();
      await expect(page.locator('body')).not.toContainText('Ника');
      await amount(page).fill('777');
      await amount(page).press('Enter');
      await expect.poll(() => kept(page)).toHaveLength(2);
      proxy.instead = undefined;
      await expect(customer(page)).toHaveText('Сканируйте карту');
      await expect.poll(async () => (await purchases()).length).toBe(1);
      await expect.poll(() => kept(page).catch(() => ['not yet'])).toEqual([]);
      await expect(waitingBar(page)).toBeHidden();
      expect(await purchases()).toHaveLength(1);
    } finally {
      await proxy.stop();
    }
  });
}

test('the bar of waiting sales goes away on the open page once the server has them', line(36), async ({ page, context, visitor, watch }) => {
  expectLoss(watch);
  watch.expect(/status of 502/);
  const { member, purchases } = await shopper(visitor);
  await begin(page, member.printed, '654');
  // The server takes the sale, and its answer is lost on the way.
  let lost = 0;
  await context.route('**/api/till/queue', async (route) => {
    lost += 1;
    if (lost > 2) return route.continue();
    await route.fetch();
    return route.fulfill({ status: 502, body: '' });
  });
  await postButton(page).click();
  await expect(waitingBar(page)).toContainText('1 чек ждёт');
  await expect(waitingBar(page)).toBeHidden();
  expect(await purchases()).toHaveLength(1);
});
