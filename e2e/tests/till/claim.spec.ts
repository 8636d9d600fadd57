// A sale without a card: its claim code on the till's screen and on a slip, and the wallet that takes it.

import { signedIn, SITE } from '../../support/place';
import { join } from '../../support/people';
import { amount, openTill, postButton, result } from '../../support/till';
import { expect, line, test } from '../../support/test';
import { goods } from '../../support/pos';

test.use({ storageState: signedIn.cashier });

test('a sale without a card shows its code, and a shopper takes the points with it', line(35), async ({ page, visitor, watch }) => {
  // A page that is loaded again with no key touched may not sound: the browser says so.
  watch.expect(/AudioContext was not allowed to start/);
  await openTill(page, '/till?without-card');
  await amount(page).fill('1240');
  await postButton(page).click();
  await expect(result(page)).toContainText('проведён');
  const slip = page.getByRole('region', { name: 'Баллы за этот чек' });
  const code = (await slip.locator('.slip-code').innerText()).trim();
  expect(code).toMatch(/^[0-9ACEHKMPTX]{4} [0-9ACEHKMPTX]{3} [0-9ACEHKMPTX]{4}$/);
  const drawing = slip.getByRole('img', { name: 'Код чека для телефона' });
  const link = await drawing.getAttribute('data-link');
  expect(link).toBe(`${SITE}/claim?code=${code.replaceAll(' ', '')}`);
  expect((await drawing.boundingBox())!.width).toBeGreaterThanOrEqual(180);
  // The same page again is the same code.
  await page.reload();
  await expect(slip.locator('.slip-code')).toHaveText(code);
  // On paper there is the slip alone.
  await page.emulateMedia({ media: 'print' });
  await expect(slip).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeHidden();
  await expect(slip.getByRole('button')).toBeHidden();
  await page.emulateMedia({ media: 'screen' });

  const wallet = await visitor({ storageState: undefined });
  await join(wallet.request, { name: 'Ника' });
  const shopper = await wallet.newPage();
  await shopper.goto(link!.replace(SITE, ''));
  await expect(shopper.getByLabel('Код чека')).toHaveValue(code.replaceAll(' ', ''));
  await shopper.getByRole('button', { name: 'Забрать баллы' }).click();
  await expect(shopper.getByRole('heading', { level: 1 })).toHaveText('Чек теперь ваш');
  await expect(shopper.getByRole('main')).toContainText(/\+237\s+баллов/);
  await expect(shopper.getByRole('main')).toContainText(/1\s240\s₽/);
  // The till tells whose it is now, and has no code to show any more.
  await page.reload();
  await expect(page.getByRole('main')).toContainText('Ника');
  await expect(slip).toHaveCount(0);
});

test('a wrong code says how many tries are left, a mistyped one that it is mistyped', line(35), async ({ visitor }) => {
  const wallet = await visitor({ storageState: undefined });
  await join(wallet.request);
  const shopper = await wallet.newPage();
  await shopper.goto('/claim');
  const claim = async (code: string) => {
    await shopper.getByLabel('Код чека').fill(code);
    await shopper.getByRole('button', { name: 'Забрать баллы' }).click();
  };
  await claim('4KM2');
  await expect(shopper.getByText('В коде ошибка или не хватает знаков').first()).toBeVisible();
  await claim('0000 000 0000');
  await expect(shopper.getByText('Такого кода нет. Осталось 4 попытки').first()).toBeVisible();
  // A code is never kept with a refused form.
  await expect(shopper.getByLabel('Код чека')).toHaveValue('');
});

test('a guest’s code waits until the card is there', line(35), async ({ visitor, pos }) => {
  const { claim } = await pos.sell({ lines: [goods(100_000)] });
  const wallet = await visitor({ storageState: undefined });
  const shopper = await wallet.newPage();
  await shopper.goto(claim.link.replace(SITE, ''));
  await expect(shopper.getByText('Войдите или получите карту')).toBeVisible();
  const { everything, askForCode, enterCode, agree, freshPhone } = await import('../../support/people');
  const phone = freshPhone();
  await shopper.getByRole('link', { name: 'Получить карту' }).first().click();
  await askForCode(shopper, phone);
  await enterCode(shopper, phone);
  await agree(shopper, 'Ника');
  await expect(shopper.getByLabel('Код чека')).toHaveValue(claim.code.replaceAll(' ', ''));
  await shopper.getByRole('button', { name: 'Забрать баллы' }).click();
  await expect(shopper.getByRole('heading', { level: 1 })).toHaveText('Чек теперь ваш');
  expect((await everything(wallet.request)).purchases).toHaveLength(1);
});
