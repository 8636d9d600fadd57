// Offers: what the wallet promises is what the till gives.

import type { Page } from '@playwright/test';

import { signedIn } from '../../support/place';
import { goods, type Pos } from '../../support/pos';
import { expect, line, test } from '../../support/test';

const PASTRY = 'Выпечка по 45 ₽';

/** The name of the button that does this to the pastry's offer. */
const named = (action: string) => new RegExp(`^${action}\\s?: ${PASTRY}$`);

const group = (page: Page, name: string) => page.getByRole('region', { name: new RegExp(name) });
const offer = (page: Page, title: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) });

/** Ids of offers that the till takes into account, and of those that lack the shopper's tap. */
async function atTheTill(pos: Pos, code: string) {
  const found = await (await pos.lookup(code)).json();
  const ids = (offers: { id: string }[]) => offers.map(({ id }) => id);
  return { counts: ids(found.offers), waits: ids(found.one_step_away) };
}

test('one is switched on, stays on after a reload, and is off again by one tap; the till shows the same', line(30, 'desktop', 'no-script'), async ({ page, member, pos }) => {
  await page.goto('/offers');
  const pastry = offer(page, PASTRY);
  expect((await atTheTill(pos, member.printed)).waits).toContain('bakery-three');

  await pastry.getByRole('button', { name: named('Включить') }).click();
  await expect(page.getByText('Предложение включено')).toBeAttached();
  await page.reload();
  await expect(group(page, 'Сработают на кассе').getByRole('heading', { name: PASTRY })).toBeVisible();
  await expect(pastry).toContainText('Включено');
  expect((await atTheTill(pos, member.printed)).counts).toContain('bakery-three');

  await pastry.getByRole('button', { name: named('Отменить') }).click();
  await expect(page.getByText('Предложение отменено')).toBeAttached();
  await page.reload();
  await expect(group(page, 'Можно включить').getByRole('heading', { name: PASTRY })).toBeVisible();
  const after = await atTheTill(pos, member.printed);
  expect(after.waits).toContain('bakery-three');
  expect(after.counts).not.toContain('bakery-three');
});

test('switching one on and off keeps the page where it is, and the cursor on its button', line(30, 'small', 'desktop'), async ({ page, member }) => {
  expect(member.card).toBeTruthy();
  await page.goto('/offers');
  await page.evaluate(() => void Object.assign(window, { marked: true }));
  const waiting = group(page, 'Можно включить');
  const before = await waiting.getByRole('listitem').count();
  const last = waiting.getByRole('listitem').last();
  const button = last.getByRole('button');
  await button.scrollIntoViewIfNeeded();
  await page.evaluate(() => scrollBy(0, 40));
  const place = () => page.evaluate(() => scrollY);
  const [scrolled, title] = [await place(), await last.getByRole('heading').innerText()];
  await button.press('Enter');
  await expect(page.locator('.live')).toHaveText('Предложение включено');
  await expect(last).toContainText('Включено');
  await expect(last.getByRole('heading')).toHaveText(title);
  await expect(button).toBeFocused();
  await expect(button).toHaveAccessibleName(new RegExp(`^Отменить\\s?: ${title}$`));
  expect(await place()).toBe(scrolled);
  await expect(waiting.getByRole('heading', { level: 2 })).toHaveText(`Можно включить · ${before - 1}`);
  await page.keyboard.press('Enter');
  await expect(page.locator('.live')).toHaveText('Предложение отменено');
  await expect(button).toBeFocused();
  await expect(button).toHaveAccessibleName(new RegExp(`^Включить\\s?: ${title}$`));
  await expect(waiting.getByRole('heading', { level: 2 })).toHaveText(`Можно включить · ${before}`);
  expect(await place()).toBe(scrolled);
  expect(await page.evaluate(() => 'marked' in window)).toBe(true);
});

test('an offer that is switched on after the sign-in has ended leads to the sign-in', line(30), async ({ page, context, member }) => {
  expect(member.card).toBeTruthy();
  await page.goto('/offers');
  await context.clearCookies({ name: 'session' });
  await page.getByRole('button', { name: named('Включить') }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
});

test('an offer whose switch is not answered is switched by the page that the browser loads', line(30), async ({ page, member, watch }) => {
  watch.expect(/net::ERR_FAILED/);
  expect(member.card).toBeTruthy();
  await page.goto('/offers');
  await page.route('**/api/offers/activate', (route) => (route.request().isNavigationRequest() ? route.continue() : route.abort()));
  await page.getByRole('button', { name: named('Включить') }).click();
  await expect(page.getByText('Предложение включено')).toBeAttached();
  await expect(group(page, 'Сработают на кассе').getByRole('heading', { name: PASTRY })).toBeVisible();
});

test('all are switched on at once', line(30, 'no-script'), async ({ page, member, pos }) => {
  await page.goto('/offers');
  const waiting = await group(page, 'Можно включить').getByRole('listitem').count();
  expect(waiting).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Включить все' }).click();
  await expect(page.getByText('Предложения включены')).toBeAttached();
  await expect(group(page, 'Можно включить')).toHaveCount(0);
  await page.reload();
  await expect(page.getByText('Включено', { exact: true })).toHaveCount(waiting);
  const till = await atTheTill(pos, member.printed);
  expect(till.waits).toEqual([]);
  expect(till.counts).toContain('bakery-three');
});

test('an offer that was switched on is given, once for each tap', line(30), async ({ page, member, pos }) => {
  const pastry = { ...goods(27_000, 'bakery'), quantity: 3000 };
  const quote = () => pos.quote({ code: member.printed, lines: [pastry] });
  expect((await quote()).discount).toBe(0);
  await page.goto('/offers');
  await page.getByRole('button', { name: named('Включить') }).click();
  await expect(page.getByText('Предложение включено')).toBeAttached();
  // Three for 45 ₽ each instead of 90 ₽.
  expect((await quote()).discount).toBe(27_000 - 3 * 4_500);
  await pos.sell({ code: member.printed, lines: [pastry] });
  expect((await quote()).discount).toBe(0);
  await page.reload();
  await expect(page.getByRole('button', { name: named('Включить') })).toBeVisible();
});

test('what is switched on twice is on, and what is not there cannot be switched on', line(30), async ({ page, member }) => {
  expect(member.card).toBeTruthy();
  const { ask, submit } = await import('../../support/http');
  await submit(page.request, '/api/offers/activate', { offer: 'bakery-three' });
  await submit(page.request, '/api/offers/activate', { offer: 'bakery-three' });
  for (const wrong of ['no-such-offer', '', '<script>', 'birthday']) {
    const answer = await ask(page.request, '/api/offers/activate', { offer: wrong });
    expect(answer.status(), wrong).toBeGreaterThanOrEqual(400);
    expect(answer.status(), wrong).toBeLessThan(500);
  }
  await page.goto('/offers');
  await expect(page.getByText('Включено', { exact: true })).toHaveCount(1);
});

test('offers react to what the shopper tells', line(30), async ({ page, member }) => {
  expect(member.card).toBeTruthy();
  await page.goto('/offers');
  await expect(group(page, 'Сработают на кассе').getByRole('heading', { name: /для питомцев/ })).toHaveCount(0);
  await page.goto('/profile');
  const pets = page.getByRole('region', { name: 'Питомцы' });
  await pets.getByLabel('Собаки').fill('2');
  await pets.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Сохранено')).toBeAttached();
  await page.goto('/offers');
  await expect(group(page, 'Сработают на кассе').getByRole('heading', { name: /для питомцев/ })).toBeVisible();
});

test.describe('of a member with history', () => {
  test.use({ storageState: signedIn.anna });
  test('each says what is missing or that it will count', line(30), async ({ page }) => {
    await page.goto('/offers');
    await expect(offer(page, 'Тройные баллы в день рождения')).toContainText('Сработает');
    for (const item of await page.getByRole('list').filter({ has: page.getByRole('heading', { level: 3 }) }).getByRole('listitem').all()) {
      const state = (await item.locator('.state').innerText()).trim();
      expect(state, await item.innerText()).not.toBe('');
    }
  });
});
