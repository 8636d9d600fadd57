// Goods that come back: found, chosen, seen before it is done, posted once.

import { randomUUID } from 'node:crypto';

import type { Browser, Page } from '@playwright/test';

import { Device } from '../../support/code';
import { submit } from '../../support/http';
import { everything, join } from '../../support/people';
import { signedIn } from '../../support/place';
import { goods, type Pos } from '../../support/pos';
import { answered, codeField, result } from '../../support/till';
import { expect, line, test } from '../../support/test';

test.use({ storageState: signedIn.cashier });

type Visitor = (options?: object) => ReturnType<Browser['newContext']>;

/** A shopper who has bought two lines: three of a kind for 300 roubles, and one thing for 700. */
async function bought(visitor: Visitor, pos: Pos) {
  const context = await visitor({ storageState: undefined });
  const member = await join(context.request, { name: 'Ника' });
  const device = await Device.of(context.request, member.card);
  const number = randomUUID();
  const lines = [{ ...goods(30_000), name: 'Мыло, тест', quantity: 3000 }, { ...goods(70_000), name: 'Чайник, тест' }];
  const receipt = await pos.sell({ code: device.code(), shift: 'tests', number, lines });
  const points = async () => {
    const { points } = await everything(context.request);
    return points.reduce((sum: number, entry: { points: number }) => sum + entry.points, 0) as number;
  };
  expect(await points()).toBe(230);
  return { member, number, receipt, points };
}

const returning = (page: Page) => page.locator('form#returning');
const effect = (page: Page) => page.locator('#returning dl.sum');
const workOut = (page: Page) => page.getByRole('button', { name: /Посчитать/ });
const postReturn = (page: Page) => page.getByRole('button', { name: /Провести возврат/ });

async function findByNumber(page: Page, number: string) {
  await page.goto('/till/return');
  await page.getByLabel('Номер чека').fill(number);
  await page.getByLabel('Смена').fill('tests');
  await page.getByLabel('Касса', { exact: true }).selectOption('Касса 1');
  await page.getByRole('button', { name: 'Показать' }).click();
}

test('the effect is seen first, and partial returns add up', line(36), async ({ page, visitor, pos }) => {
  const { number, points } = await bought(visitor, pos);
  await findByNumber(page, number);
  await expect(returning(page)).toContainText('Мыло, тест');
  await expect(postReturn(page)).toHaveCount(0);
  await page.getByLabel('Сколько вернуть: Мыло, тест').fill('1');
  await workOut(page).click();
  await expect(effect(page)).toContainText(/Вернуть деньгами\s*100\s₽/);
  await expect(effect(page)).toContainText(/Снимем начисленные баллы\s*−3/);
  expect(await points()).toBe(230);
  await postReturn(page).click();
  await expect(result(page)).toContainText(/Возврат .+ проведён/);
  await expect(result(page)).toContainText(/Верните 100\s₽/);
  await expect(result(page)).toContainText('Снято 3 балла');
  expect(await points()).toBe(227);
  // What is left of the sale is all that can come back, and all of it together is as if nothing had been bought.
  await findByNumber(page, number);
  await expect(returning(page)).toContainText('Осталось 2');
  await expect(returning(page)).toContainText(/Уже вернули\s*100\s₽/);
  await page.getByLabel('Сколько вернуть: Мыло, тест').fill('3');
  await workOut(page).click();
  await expect(page.getByLabel('Сколько вернуть: Мыло, тест')).toHaveAccessibleDescription(/Осталось меньше/);
  await page.getByRole('button', { name: /Весь чек/ }).click();
  await expect(effect(page)).toContainText(/Вернуть деньгами\s*900\s₽/);
  await postReturn(page).click();
  await expect(result(page)).toContainText(/Верните 900\s₽/);
  expect(await points()).toBe(0);
  await findByNumber(page, number);
  await expect(returning(page)).toContainText('Всё уже вернули');
});

test('it is posted once, whatever the hands do', line([35, 36]), async ({ page, context, visitor, pos }) => {
  const { number, points } = await bought(visitor, pos);
  await findByNumber(page, number);
  await page.getByLabel('Сколько вернуть: Мыло, тест').fill('1');
  await workOut(page).click();
  await expect(effect(page)).toBeVisible();
  const values = await returning(page).evaluate((form: HTMLFormElement) => {
    const fields: Record<string, string[]> = {};
    for (const [name, value] of new FormData(form)) (fields[name] ??= []).push(String(value));
    return fields;
  });
  await postReturn(page).dblclick();
  await expect(result(page)).toContainText(/Верните 100\s₽/);
  const again = await submit(context.request, '/api/till/return-post', values);
  expect(again.headers()['location']).toMatch(/^\/till\?returned=[0-9a-f-]{36}$/);
  expect(await points()).toBe(227);
});

test('what was changed after it was worked out is shown again before it is posted', line(36), async ({ page, visitor, pos }) => {
  const { number, points } = await bought(visitor, pos);
  await findByNumber(page, number);
  await page.getByLabel('Сколько вернуть: Мыло, тест').fill('1');
  await answered(page, () => workOut(page).click());
  await page.getByLabel('Сколько вернуть: Мыло, тест').fill('2');
  await postReturn(page).click();
  await expect(effect(page)).toContainText(/Вернуть деньгами\s*200\s₽/);
  expect(await points()).toBe(230);
});

test('a card lists its sales by time and sum alone', line([34, 36]), async ({ page, visitor, pos }) => {
  const { member, receipt } = await bought(visitor, pos);
  await page.goto('/till/return');
  await codeField(page).fill(member.printed);
  await codeField(page).press('Enter');
  const sales = page.getByRole('listitem').filter({ hasText: 'Касса 1' });
  await expect(sales).toHaveCount(1);
  await expect(sales).toContainText(/1\s000\s₽/);
  const html = await page.content();
  for (const secret of [member.phone, member.phone.slice(2), 'Ника', 'Мыло']) {
    expect(html.includes(secret), secret).toBe(false);
  }
  await sales.getByRole('link').click();
  await expect(page).toHaveURL(`/till/return?sale=${receipt.id}`);
  await expect(returning(page)).toContainText('Чайник, тест');
});

test('an unknown number says what to check, and what was typed stays', line(36), async ({ page, watch }) => {
  // A page that is opened with no key touched may not sound: the browser says so.
  watch.expect(/AudioContext was not allowed to start/);
  await findByNumber(page, 'нет-такого');
  await expect(result(page)).toContainText('Такого чека в этом магазине нет');
  await expect(page.getByLabel('Номер чека')).toHaveValue('нет-такого');
  await expect(page.getByLabel('Смена')).toHaveValue('tests');
  const missing = await page.goto(`/till/return?sale=${randomUUID()}`);
  expect(missing!.status()).toBe(404);
  await expect(result(page)).toContainText('Такого чека в этом магазине нет');
});

/** Sells without a card; the number that the till gave. */
async function sellWithoutCard(page: Page, roubles: string): Promise<string> {
  await page.goto('/till?without-card');
  await page.getByLabel('Сумма чека').fill(roubles);
  await page.getByRole('button', { name: /Провести чек/ }).click();
  await expect(result(page)).toContainText(/проведён/);
  const heading = await page.getByRole('heading', { name: /^Чек / }).first().textContent();
  return heading!.replace(/\D+/g, '');
}

test('a sale without a card is found by its number alone, and comes back as a whole', line(36), async ({ page }) => {
  const number = await sellWithoutCard(page, '99,90');
  await page.goto('/till/return');
  // The shift stands there as the till stores it.
  await page.getByLabel('Номер чека').fill(number);
  await page.getByLabel('Номер чека').press('Enter');
  await expect(returning(page)).toContainText('Покупка без строк');
  await page.getByRole('button', { name: /Весь чек/ }).click();
  await expect(effect(page)).toContainText(/99,90\s₽/);
  await postReturn(page).click();
  await expect(result(page)).toContainText(/Верните 99,90\s₽/);
});

test('the last ten receipts of the till are listed, and one is opened by keys alone', line([34, 36]), async ({ page, visitor }) => {
  const context = await visitor({ storageState: undefined });
  const member = await join(context.request, { name: 'Ника' });
  await page.goto('/till');
  await codeField(page).fill(member.printed);
  await codeField(page).press('Enter');
  await page.getByLabel('Сумма чека').fill('11');
  await page.getByRole('button', { name: /Провести чек/ }).click();
  await expect(result(page)).toContainText(/Ника/);
  let number = '';
  for (let n = 0; n < 10; n += 1) number = await sellWithoutCard(page, `${60 + n}`);
  await page.goto('/till/return');
  const recent = page.getByRole('list', { name: 'Последние чеки этой кассы' }).getByRole('listitem');
  await expect(recent).toHaveCount(10);
  await expect(recent.first()).toContainText(`Чек ${number}`);
  await expect(recent.first()).toContainText(/69\s₽/);
  await expect(recent.first()).toContainText(/\d\d:\d\d/);
  await expect(page.locator('#main')).not.toContainText('Ника');
  const first = recent.first().getByRole('link');
  for (let tabs = 0; tabs < 20 && !(await first.evaluate((link) => link === document.activeElement)); tabs += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(returning(page)).toContainText('Покупка без строк');
  await expect(page.getByRole('heading', { level: 2, name: `Чек ${number}` })).toBeVisible();
});

test('a purchase of one amount comes back in parts by amount', line(36), async ({ page }) => {
  await page.goto('/till?without-card');
  await page.getByLabel('Сумма чека').fill('99,90');
  await page.getByRole('button', { name: /Провести чек/ }).click();
  await expect(result(page)).toContainText(/проведён/);
  const id = new URL(page.url()).searchParams.get('done')!;
  await page.goto('/till/return');
  await page.getByLabel('Номер чека').fill(id);
  await page.getByRole('button', { name: 'Показать' }).click();
  await page.getByLabel('На сумму').fill('100');
  await workOut(page).click();
  await expect(page.getByLabel('На сумму')).toHaveAccessibleDescription(/Осталось меньше/);
  await page.getByLabel('На сумму').fill('40');
  await workOut(page).click();
  await expect(effect(page)).toContainText(/Вернуть деньгами\s*40\s₽/);
  await postReturn(page).click();
  await expect(result(page)).toContainText(/Верните 40\s₽/);
  await page.goto(`/till/return?sale=${id}`);
  await expect(returning(page)).toContainText(/Осталось 59,90\s₽/);
  await page.getByRole('button', { name: /Весь чек/ }).click();
  await expect(page.getByLabel('На сумму')).toHaveValue('59,90');
  await expect(effect(page)).toContainText(/59,90\s₽/);
  await postReturn(page).click();
  await expect(result(page)).toContainText(/Верните 59,90\s₽/);
  await page.goto(`/till/return?sale=${id}`);
  await expect(returning(page)).toContainText('Всё уже вернули');
});

test('keys alone take goods back', line(36), async ({ page, visitor, pos }) => {
  const { receipt } = await bought(visitor, pos);
  await page.goto('/till');
  const { listening } = await import('../../support/till');
  await listening(page);
  await page.keyboard.press('F1');
  await expect(page.getByLabel('Номер чека')).toBeFocused();
  await page.keyboard.type(receipt.id, { delay: 60 });
  await page.keyboard.press('Enter');
  await expect(returning(page)).toBeVisible();
  await listening(page);
  await page.keyboard.press('F7');
  await expect(effect(page)).toContainText(/1\s000\s₽/);
  await listening(page);
  await page.keyboard.press('F9');
  await expect(result(page)).toContainText(/Верните 1\s000\s₽/);
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('a return goes the same way', line(36), async ({ page, visitor, pos }) => {
    const { number, points } = await bought(visitor, pos);
    await findByNumber(page, number);
    await page.getByLabel('Сколько вернуть: Чайник, тест').fill('1');
    await page.getByLabel('Сколько вернуть: Чайник, тест').press('Enter');
    await expect(effect(page)).toContainText(/Вернуть деньгами\s*700\s₽/);
    await postReturn(page).click();
    await expect(result(page)).toContainText(/Верните 700\s₽/);
    expect(await points()).toBeLessThan(230);
  });
});
