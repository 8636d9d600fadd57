// The shift and its report: exact figures, on a screen, on a sheet and on a roll; the till locks behind a closed shift.

import type { Page } from '@playwright/test';

import { Device } from '../../support/code';
import { join } from '../../support/people';
import { goods } from '../../support/pos';
import { amount, find, postButton, result } from '../../support/till';
import { expect, line, test, words } from '../../support/test';
import { comeIn, OwnTill } from '../../support/tills';

test.use({ storageState: { cookies: [], origins: [] } });

/** What stands beside a name in the totals. */
const figure = async (page: Page, group: string, name: string) => {
  const panel = page.locator('.totals .panel', { has: page.getByRole('heading', { name: group, exact: true }) });
  const row = panel.locator('dl > div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) });
  return (await row.locator('dd').innerText()).replace(/[\s\u00a0\u202f]+/g, ' ');
};

async function sell(page: Page, roubles: string) {
  await amount(page).fill(roubles);
  await postButton(page).click();
  await expect(result(page)).toContainText('К оплате');
}

test('an empty shift has a report that says so in noughts', line(38), async ({ page }) => {
  const till = OwnTill.add();
  const olga = till.staff('Ольга', '2580');
  await till.pair(page);
  await comeIn(page, olga);
  await page.getByRole('link', { name: 'Отчёт' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Смена № 1');
  expect(await figure(page, 'Продажи', 'Чеки')).toBe('0');
  expect(await figure(page, 'Продажи', 'Деньгами')).toBe('0 ₽');
  await expect(page.locator('.by-place')).toHaveCount(0);
});

test('the report is the sum of the shift, by cashier, and closing it locks the till', line(38), async ({ page, visitor, pos }) => {
  test.setTimeout(60_000);
  const till = OwnTill.add();
  const [olga, ilya] = [till.staff('Ольга', '2580'), till.staff('Илья', '3690')];
  const shopper = (await visitor()).request;
  const member = await join(shopper, { name: 'Ника' });
  await pos.sell({ code: member.printed, lines: [goods(100_000)] });
  const device = await Device.of(shopper, member.card);
  await till.pair(page);
  await comeIn(page, olga);
  await find(page, device.code(), 'Ника');
  await amount(page).fill('300');
  await page.getByText('Другое число').click();
  await page.getByLabel('Сколько баллов').fill('100');
  await postButton(page).click();
  await expect(result(page)).toContainText('Списано 100 баллов');
  await page.getByRole('button', { name: /Заблокировать/ }).click();
  await comeIn(page, ilya);
  await page.goto('/till?without-card');
  await sell(page, '99,90');
  await page.goto('/till?without-card');
  await sell(page, '1240');

  await page.getByRole('link', { name: 'Отчёт' }).click();
  expect(await figure(page, 'Продажи', 'Чеки')).toBe('3');
  expect(await figure(page, 'Продажи', 'Сумма')).toBe('1 639,90 ₽');
  expect(await figure(page, 'Продажи', 'Из неё баллами')).toBe('100 ₽');
  expect(await figure(page, 'Продажи', 'Деньгами')).toBe('1 539,90 ₽');
  expect(await figure(page, 'Баллы', 'Списано')).toBe('100');
  expect(await figure(page, 'Баллы', 'Начислено')).toBe('6');
  expect(await figure(page, 'Остальное', 'Поиски карт')).toBe('1');
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
  await expect(row(olga.name).getByRole('cell').first()).toHaveText('1');
  await expect(row(ilya.name).getByRole('cell').nth(1)).toHaveText(/1\s339,90\s₽/);

  await page.getByRole('button', { name: 'Закрыть смену' }).click();
  await expect(page.getByRole('status').first()).toContainText('Смена закрыта, касса заблокирована');
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(await figure(page, 'Продажи', 'Сумма')).toBe('1 639,90 ₽');
  await page.getByRole('link', { name: 'На кассу' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Касса заблокирована');
  await comeIn(page, olga);
  await expect(page.locator('.till-top')).toContainText('Смена № 2');
  await page.getByRole('link', { name: 'Отчёт' }).click();
  await page.getByLabel('Другая смена').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Показать' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Смена № 1');
  expect(await figure(page, 'Продажи', 'Чеки')).toBe('3');
  expect(await words(page, 'main')).toContain(`Закрыта`);
});

test('the report fits a sheet and a roll of 80 mm, without what is not for paper', line(38), async ({ page }) => {
  const till = OwnTill.add();
  const boss = till.staff('Павел', '1470', 'admin');
  await till.pair(page);
  await comeIn(page, boss);
  await page.goto('/till/report');
  await page.emulateMedia({ media: 'print' });
  for (const width of [794, 272]) {
    await page.setViewportSize({ width, height: 1000 });
    await expect(page.locator('.till-top')).toBeHidden();
    await expect(page.getByRole('button', { name: 'Закрыть смену' })).toBeHidden();
    await expect(page.getByText('Деньгами')).toBeVisible();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, `at ${width} px`).toBeLessThanOrEqual(0);
  }
});

test('an administrator sees all tills of the store, a cashier does not', line(38), async ({ page }) => {
  const till = OwnTill.add();
  const [boss, olga] = [till.staff('Павел', '1470', 'admin'), till.staff('Ольга', '2580')];
  await till.pair(page);
  await comeIn(page, olga);
  await page.goto('/till?without-card');
  await sell(page, '500');
  await page.goto('/till/report');
  await expect(page.getByRole('heading', { name: 'Весь магазин сегодня' })).toHaveCount(0);
  await page.getByRole('button', { name: /Заблокировать/ }).click();
  await comeIn(page, boss);
  await expect(page).toHaveURL('/till/report');
  const store = page.locator('.by-place', { has: page.getByRole('heading', { name: 'Весь магазин сегодня' }) });
  await expect(store.getByRole('row', { name: new RegExp(till.name) })).toContainText(/500\s₽/);
});
