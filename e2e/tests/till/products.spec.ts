// Goods of the list at the till: looked for, scanned, counted by buttons, priced by the list; nothing typed is ever lost.

import type { Page } from '@playwright/test';

import { join } from '../../support/people';
import { signedIn } from '../../support/place';
import { amount, codeField, customer, find, listening, openTill, postButton, quoteButton, result, scan } from '../../support/till';
import { expect, line, test } from '../../support/test';

test.use({ storageState: signedIn.cashier });

const MILK = '9520000000011';
const KEFIR = '9520000000028';
const UNKNOWN = '9529999999993';

const search = (page: Page) => page.getByLabel(/Товар или штрихкод/);
const rows = (page: Page) => page.getByRole('list', { name: 'Строки чека' }).getByRole('listitem');
const add = (page: Page, name: RegExp) => page.getByRole('button', { name });
const sum = (page: Page) => page.locator('dl.sum');

async function withoutCard(page: Page) {
  await page.goto('/till?without-card');
  await page.getByRole('button', { name: 'Строки' }).click();
}

test('goods are found by a part of their name in any case, and cost what the list says', line(35), async ({ page }) => {
  await withoutCard(page);
  await search(page).fill('МОЛОКО 3,2');
  await search(page).press('Enter');
  await add(page, /Добавить: Молоко 3,2/).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText('Молоко 3,2 %, 1 л «Демо»');
  await expect(rows(page)).toContainText(/89,90\s₽ за единицу/);
  await page.getByRole('button', { name: 'Больше, строка 1' }).click();
  await expect(page.getByLabel('Кол-во, строка 1')).toHaveValue('2');
  await quoteButton(page).click();
  await expect(sum(page)).toContainText(/К оплате\s*179,80\s₽/);
  await page.getByRole('button', { name: 'Меньше, строка 1' }).click();
  await page.getByRole('button', { name: 'Меньше, строка 1' }).click();
  await expect(page.getByLabel('Кол-во, строка 1')).toHaveValue('1');
  // A price of the cashier's own goes before the list's.
  await page.getByLabel('Сумма, строка 1').fill('80');
  await postButton(page).click();
  await expect(result(page)).toContainText(/К оплате 80\s₽/);
});

test('a scanned product begins a sale, and scanned again it is one more', line(32), async ({ page }) => {
  await openTill(page);
  await scan(page, MILK);
  await expect(rows(page)).toContainText('Молоко 3,2 %');
  await listening(page);
  await scan(page, MILK);
  await expect(page.getByLabel('Кол-во, строка 1')).toHaveValue('2');
  await listening(page);
  await scan(page, KEFIR);
  await expect(rows(page)).toHaveCount(2);
  await quoteButton(page).click();
  await expect(sum(page)).toContainText(/К оплате\s*261,80\s₽/);
  await page.getByRole('button', { name: 'Убрать строку, строка 1' }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText('Кефир');
});

test('a scan in the middle of a sale keeps all that was typed, and an unknown barcode says so', line(32), async ({ page, visitor }) => {
  const member = await join((await visitor({ storageState: undefined })).request, { name: 'Ника' });
  await find(page, member.printed, 'Ника');
  await amount(page).fill('1240');
  await listening(page);
  await scan(page, UNKNOWN);
  await expect(result(page)).toContainText('Это не карта и не товар из списка');
  await expect(amount(page)).toHaveValue('1240');
  await expect(customer(page)).toHaveText('Ника');
  await listening(page);
  await scan(page, MILK);
  await expect(rows(page)).toContainText('Молоко 3,2 %');
  await expect(customer(page)).toHaveText('Ника');
  await page.getByRole('button', { name: 'Сумма', exact: true }).click();
  await expect(amount(page)).toHaveValue('1240');
  await page.getByRole('button', { name: 'Строки' }).click();
  await expect(rows(page)).toContainText('Молоко 3,2 %');
  // Three dairy products bring what their offer says: their category came with the list.
  await page.getByLabel('Кол-во, строка 1').fill('3');
  await quoteButton(page).click();
  await expect(page.getByText('30 баллов за три молочных продукта').first()).toBeVisible();
});

test('the sum follows what is typed, and the cursor stays', line(36), async ({ page, visitor }) => {
  const member = await join((await visitor({ storageState: undefined })).request, { name: 'Ника' });
  await find(page, member.printed, 'Ника');
  await listening(page);
  await amount(page).pressSequentially('1240', { delay: 30 });
  await expect(sum(page)).toContainText(/К оплате\s*1\s240\s₽/);
  await expect(sum(page)).toContainText('+237');
  await expect(amount(page)).toBeFocused();
  await amount(page).press('Backspace');
  await expect(sum(page)).toContainText(/К оплате\s*124\s₽/);
  await amount(page).fill('много');
  await expect(sum(page)).toHaveCount(0);
  await expect(amount(page)).toHaveValue('много');
  await expect(page.getByText('Ещё 500')).toHaveCount(0);
});

test('what is looked for is found while it is typed', line(36), async ({ page }) => {
  await withoutCard(page);
  await listening(page);
  await page.keyboard.press('F3');
  await expect(search(page)).toBeFocused();
  await search(page).pressSequentially('круас', { delay: 30 });
  await expect(add(page, /Добавить: Круассан/)).toBeVisible();
  await expect(search(page)).toBeFocused();
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('goods are looked for, added, counted and sold', line(35), async ({ page }) => {
    await withoutCard(page);
    await search(page).fill('хлеб');
    await search(page).press('Enter');
    await add(page, /Добавить: Хлеб ржаной/).click();
    await page.getByRole('button', { name: 'Больше, строка 1' }).click();
    await expect(page.getByRole('button', { name: 'Больше, строка 1' })).toBeFocused();
    // A barcode that a scanner types into the field is added at once.
    await search(page).fill(KEFIR);
    await search(page).press('Enter');
    await expect(rows(page)).toHaveCount(2);
    await page.getByRole('button', { name: 'Убрать строку, строка 2' }).click();
    await expect(rows(page)).toHaveCount(1);
    await search(page).fill('нет такого');
    await search(page).press('Enter');
    await expect(page.getByText('Такого товара в списке нет')).toBeVisible();
    await search(page).fill('');
    await postButton(page).click();
    await expect(result(page)).toContainText(/К оплате 124\s₽/);
  });

  test('a barcode in the field of the code is a product', line(32), async ({ page }) => {
    await page.goto('/till');
    await codeField(page).fill(MILK);
    await codeField(page).press('Enter');
    await expect(rows(page)).toContainText('Молоко 3,2 %');
  });
});
