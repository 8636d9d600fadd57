// A forgotten card: the shopper's phone gets a code, the shopper tells it, and only then the till knows whose card it is.

import { freshPhone, join, oneTimePassword } from '../../support/people';
import { signedIn } from '../../support/place';
import { amount, customer, openTill, postButton, result } from '../../support/till';
import { expect, line, test, words } from '../../support/test';

test.use({ storageState: signedIn.cashier });

const typed = '#typed';

test('a told code is worth a sale that earns and does not spend', line(38), async ({ page, visitor }) => {
  const wallet = await visitor({ storageState: undefined });
  const { phone } = await join(wallet.request, { name: 'Ника' });
  await openTill(page);
  await page.getByRole('button', { name: /Забыли карту/ }).click();
  await page.locator(typed).fill(phone);
  await page.locator(typed).press('Enter');
  await expect(result(page)).toContainText('Код отправлен');
  expect(await page.content()).not.toContain(phone.slice(2));
  await amount(page).fill('1240');
  await page.locator(typed).fill(await oneTimePassword(wallet.request, phone));
  await page.locator(typed).press('Enter');
  await expect(customer(page)).toHaveText('Ника');
  await expect(amount(page)).toHaveValue('1240');
  await expect(page.getByText('Списать баллы')).toHaveCount(0);
  await postButton(page).click();
  await expect(result(page)).toContainText('Ника: +237 баллов');
});

test('a phone without a card is told apart only after a right code', line(38), async ({ page, visitor }) => {
  const wallet = await visitor({ storageState: undefined });
  const { phone: known } = await join(wallet.request);
  const unknown = freshPhone();
  const seen: string[] = [];
  for (const phone of [known, unknown]) {
    await openTill(page);
    await page.getByRole('button', { name: /Забыли карту/ }).click();
    await page.locator(typed).fill(phone);
    await page.getByRole('button', { name: 'Отправить код' }).click();
    await expect(result(page)).toContainText('Код отправлен');
    seen.push((await words(page)).replace(/\d:\d\d/, ''));
  }
  expect(seen[0]).toBe(seen[1]);
  await page.locator(typed).fill('000');
  await page.locator(typed).press('Enter');
  await expect(page.getByText('В коде шесть цифр')).toBeVisible();
  const code = await oneTimePassword(wallet.request, unknown);
  await page.locator(typed).fill(code === '000000' ? '000001' : '000000');
  await page.locator(typed).press('Enter');
  await expect(page.getByText('Код не подходит. Осталось 4 попытки')).toBeVisible();
  await expect(page.locator(typed)).toHaveValue('');
  await page.locator(typed).fill(code);
  await page.locator(typed).press('Enter');
  await expect(result(page)).toContainText('Такой карты нет');
  const outbox = await (await wallet.request.get('/outbox')).text();
  expect(outbox).toContain('Карты на этот номер ещё нет');
});
