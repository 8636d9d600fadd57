// A step of a sale exchanges the parts of the page and keeps the document: nothing that is typed, scanned or timed meanwhile
// is lost, and addresses, Back and a reload are those of pages that are loaded.

import type { Page, Route } from '@playwright/test';

import { join, type Member } from '../../support/people';
import { signedIn, SITE } from '../../support/place';
import { amount, answered, codeField, customer, find, listening, openTill, quoteButton, result, scan } from '../../support/till';
import { expect, line, test } from '../../support/test';

// What stands between the page and the server here is the test.
test.use({ storageState: signedIn.cashier, serviceWorkers: 'block' });

/** Leaves a mark that lasts as long as the document. */
const mark = (page: Page) => page.evaluate(() => void Object.assign(window, { marked: true }));
const isMarked = (page: Page) => page.evaluate(() => 'marked' in window);

/** Holds back the answers to a form until they are let go. */
async function hold(page: Page, form: string) {
  const held: (() => void)[] = [];
  await page.route(`**/api/till/${form}`, async (route: Route) => {
    await new Promise<void>((go) => held.push(go));
    await route.continue();
  });
  return { asked: () => expect.poll(() => held.length).toBeGreaterThan(0), letGo: () => held.forEach((go) => go()) };
}

/** Types the keys of some digits as a scanner does that began at a moment; when the next one is due. */
async function type(page: Page, digits: string, moment: number) {
  const session = await page.context().newCDPSession(page);
  for (const digit of digits) {
    moment += 5;
    const key = { key: digit, code: `Digit${digit}`, text: digit, windowsVirtualKeyCode: 48 + Number(digit), timestamp: moment / 1000 };
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key, text: undefined });
  }
  await session.detach();
  return moment;
}

let first: Member;
let second: Member;

test.beforeEach(async ({ visitor, watch }) => {
  watch.expect(/Service Worker registration blocked|AudioContext was not allowed/);
  const member = async (name: string) => join((await visitor({ storageState: undefined })).request, { name });
  [first, second] = [await member('Ника'), await member('Яна')];
});

test('a sale from its scan to the next one is made in one document', line([32, 35]), async ({ page }) => {
  await openTill(page);
  await mark(page);
  const loads: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) loads.push(request.url());
  });
  await scan(page, first.printed);
  await expect(customer(page)).toHaveText('Ника');
  await expect(amount(page)).toBeFocused();
  await expect(page.locator('#said')).toHaveText('Ника');
  await page.keyboard.type('1240', { delay: 60 });
  await page.keyboard.press('F8');
  await expect(page.locator('dl.sum')).toContainText(/К оплате\s*1\s240\s₽/);
  await expect(page).toHaveURL(/\/till\?form=[0-9a-f]{32}$/);
  await expect(page.locator('#sum')).not.toHaveAttribute('aria-busy');
  await page.keyboard.press('F9');
  await expect(result(page)).toContainText('Ника: +237 баллов');
  await expect(page).toHaveURL(/\/till\?done=[0-9a-f-]{36}$/);
  await expect(codeField(page)).toBeFocused();
  await scan(page, second.printed);
  await expect(customer(page)).toHaveText('Яна');
  await expect(result(page)).toBeEmpty();
  await expect(page).toHaveURL(/\/till$/);
  await page.keyboard.press('Escape');
  await expect(customer(page)).toHaveText('Сканируйте карту');
  await page.keyboard.press('F1');
  await expect(page).toHaveURL(/\/till\/return$/);
  await expect(page.locator('#said')).toHaveText('Какой чек вернуть');
  expect(loads).toEqual([]);
  expect(await isMarked(page)).toBe(true);
});

test('a receipt that is left with its customer does not come back', line(35), async ({ page }) => {
  await openTill(page);
  await scan(page, first.printed);
  await expect(amount(page)).toBeFocused();
  await page.keyboard.type('300', { delay: 60 });
  await answered(page, () => page.keyboard.press('Escape'));
  await expect(customer(page)).toHaveText('Сканируйте карту');
  expect(await page.evaluate(() => sessionStorage.getItem('receipt'))).toBeNull();
});

test('Back, Forward and a link within the page keep the document and ask for no form again', line(35), async ({ page }) => {
  await openTill(page, '/till?without-card');
  await mark(page);
  await amount(page).fill('1240');
  await quoteButton(page).click();
  await expect(page).toHaveURL(/form=/);
  const quoted = page.url();
  await codeField(page).fill(first.printed);
  await codeField(page).press('Enter');
  await expect(customer(page)).toHaveText('Ника');
  const posts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(request.url());
  });
  await page.goBack();
  await expect(page).toHaveURL(quoted);
  await expect(customer(page)).toHaveText('Без карты');
  await expect(amount(page)).toHaveValue('1240');
  await page.goForward();
  await expect(customer(page)).toHaveText('Ника');
  await expect(amount(page)).toHaveValue('1240');
  // The way to the content is an entry of the history, too, and leads to no other page.
  await page.evaluate(() => Object.assign(document.querySelector('#main')!, { kept: true }));
  await page.evaluate(() => document.querySelector<HTMLElement>('.skip')!.click());
  await page.goBack();
  expect(await page.evaluate(() => 'kept' in document.querySelector('#main')!)).toBe(true);
  expect(await isMarked(page)).toBe(true);
  expect(posts).toEqual([]);
});

test('a card that is scanned while an answer is awaited is the next customer', line([32, 33]), async ({ page }) => {
  await find(page, first.printed, 'Ника');
  await listening(page);
  const leave = await hold(page, 'leave');
  await page.keyboard.press('Escape');
  await leave.asked();
  await scan(page, second.printed);
  await expect(customer(page)).toHaveText('Ника');
  await expect(page.locator('#main[data-awaits]')).toHaveCount(1);
  leave.letGo();
  await expect(customer(page)).toHaveText('Яна');
  await expect(page.locator('#main[data-awaits]')).toHaveCount(0);
});

test('a scan in the middle of which an answer comes is whole', line([32, 33]), async ({ page }) => {
  await find(page, first.printed, 'Ника');
  await listening(page);
  await amount(page).fill('300');
  const quote = await hold(page, 'quote');
  await page.keyboard.press('F8');
  await quote.asked();
  // The silence that ends a scan is that of the keys' stamps here, however slow the machine is.
  await page.evaluate(() => {
    const wait = window.setTimeout.bind(window) as (act: () => void, pause: number) => number;
    Object.assign(window, { setTimeout: (act: () => void, pause: number) => wait(act, pause === 120 ? 20_000 : pause) });
  });
  // Fewer digits than make a scan: they still appear in the field.
  const moment = await type(page, second.printed.slice(0, 5), Date.now());
  await answered(page, async () => quote.letGo());
  await expect(page.locator('dl.sum')).toBeVisible();
  const value = () => amount(page).inputValue();
  await type(page, second.printed.slice(5, 12), moment);
  expect(await value()).toBe('300');
  await type(page, second.printed.slice(12), moment + 35);
  await page.keyboard.press('Enter');
  await expect(customer(page)).toHaveText('Яна');
});

test('what is typed while an answer is awaited stays, and is what is posted', line(35), async ({ page }) => {
  await find(page, first.printed, 'Ника');
  await listening(page);
  await amount(page).fill('300');
  const quote = await hold(page, 'quote');
  await page.keyboard.press('F8');
  await quote.asked();
  await amount(page).fill('1240');
  await answered(page, async () => quote.letGo());
  await expect(amount(page)).toHaveValue('1240');
  await expect(amount(page)).toBeFocused();
  await expect(page.locator('#sum .pay')).toHaveText(/^1\s240\s₽$/);
  await page.keyboard.press('F9');
  await expect(result(page)).toContainText('Ника: +237 баллов');
  await expect(amount(page)).toHaveCount(0);
});

test('an error page is told in the bar, and the receipt stays', line([35, 36]), async ({ page, watch }) => {
  watch.expect(/status of 503/);
  await find(page, first.printed, 'Ника');
  await listening(page);
  await mark(page);
  const policy = { 'content-security-policy': "default-src 'none'", 'content-type': 'text/html; charset=utf-8' };
  await page.route('**/api/till/quote', (route) =>
    route.fulfill({ status: 503, headers: policy, body: '<main><h1>Сервер занят</h1><p lang="en">The server is busy</p></main>' }),
  );
  await amount(page).fill('300');
  await quoteButton(page).click();
  await expect(result(page)).toHaveText('Сервер занят');
  await expect(result(page)).toHaveAttribute('data-tone', 'bad');
  await expect(amount(page)).toHaveValue('300');
  await page.unroute('**/api/till/quote');
  await quoteButton(page).click();
  await expect(page.locator('dl.sum')).toContainText(/К оплате\s*300\s₽/);
  expect(await isMarked(page)).toBe(true);
});

for (const [name, answer] of Object.entries({
  'no page of ours': { status: 200, contentType: 'text/html', body: '<h1>Wi-Fi</h1>' },
  'no page at all': { status: 200, headers: { 'content-security-policy': '' }, contentType: 'application/json', body: '{}' },
})) {
  test(`an answer that is ${name} is none: the till is loaded again, with what was typed`, line(36), async ({ page }) => {
    await find(page, first.printed, 'Ника');
    await listening(page);
    await mark(page);
    await page.route('**/api/till/quote', (route) => route.fulfill(answer));
    await amount(page).fill('300');
    await quoteButton(page).click();
    await expect.poll(() => isMarked(page).catch(() => true)).toBe(false);
    await expect(amount(page)).toHaveValue('300');
    await expect(page).not.toHaveURL(/lost/);
  });
}

test('a step of somebody whose sign-in has ended loads the door', line(34), async ({ page, context }) => {
  await openTill(page);
  await mark(page);
  await context.clearCookies({ name: 'staff' });
  await codeField(page).fill(first.printed);
  await codeField(page).press('Enter');
  await expect(page.getByLabel('Пароль').first()).toBeAttached();
  expect(await isMarked(page)).toBe(false);
  expect(page.url()).not.toContain('/api/');
});

test('a page that was exchanged goes to the lock by its own time, not by that of the page before', line(39), async ({ page }) => {
  const within = (seconds: number) => async (route: Route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), refresh: `${seconds};url=/till?idle` } });
  };
  await page.route(`${SITE}/till`, within(2), { times: 1 });
  await openTill(page);
  await mark(page);
  // The browser asks to load the page that it knows anew, and is refused.
  const heldBack = page.evaluate(
    () =>
      new Promise<boolean>((done) => {
        const { navigation } = window as unknown as { navigation: EventTarget };
        navigation.addEventListener('navigate', (event) => {
          const { url } = (event as Event & { destination: { url: string } }).destination;
          if (url.endsWith('?idle')) setTimeout(() => done(event.defaultPrevented));
        });
      }),
  );
  await codeField(page).fill(first.printed);
  await codeField(page).press('Enter');
  await expect(customer(page)).toHaveText('Ника');
  await amount(page).fill('300');
  expect(await heldBack).toBe(true);
  expect(await isMarked(page)).toBe(true);
  await expect(amount(page)).toHaveValue('300');
  await page.route('**/api/till/quote', within(2));
  await quoteButton(page).click();
  await expect(page.locator('dl.sum')).toBeVisible();
  // Nobody has touched it: the server is asked so, and the receipt comes back.
  const asked = await page.waitForRequest((request) => request.isNavigationRequest());
  expect(asked.url()).toBe(`${SITE}/till?idle`);
});
