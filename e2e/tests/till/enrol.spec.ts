// A new card at the till: the shopper joins on their own phone, the sale in progress is theirs, and a printed card is
// attached by scanning it.

import { execFileSync } from 'node:child_process';

import { agree, askForCode, enterCode, everything, freshPhone, join } from '../../support/people';
import { DATA, PROGRAM, signedIn, SITE } from '../../support/place';
import { amount, customer, find, listening, openTill, postButton, result, scan } from '../../support/till';
import { expect, line, test, words } from '../../support/test';

test.use({ storageState: signedIn.cashier });

const newCard = /Новая карта/;

test('a shopper scans the screen, joins on the phone, and the open sale turns to them', line(37), async ({ page, visitor }) => {
  test.slow();
  await openTill(page, '/till?without-card');
  await amount(page).fill('1240');
  await page.getByRole('button', { name: newCard }).click();
  await expect(customer(page)).toHaveText('Новая карта');
  // What was typed of the receipt is still there.
  await expect(amount(page)).toHaveValue('1240');
  const link = await page.getByRole('img', { name: 'Код ссылки для вступления' }).getAttribute('data-link');
  expect(link).toMatch(new RegExp(`^${SITE}/join\\?from=till&store=\\w+&visit=[0-9a-f]{32}$`));

  const phone = freshPhone();
  const wallet = await visitor({ storageState: undefined });
  const shopper = await wallet.newPage();
  await shopper.goto(link!.replace(SITE, ''));
  await askForCode(shopper, phone);
  await enterCode(shopper, phone);
  await agree(shopper, 'Ника');
  await expect(shopper).toHaveURL('/card');

  // By itself, with the receipt as it was typed.
  await expect(customer(page)).toHaveText('Ника', { timeout: 10_000 });
  await expect(amount(page)).toHaveValue('1240');
  expect(await words(page)).not.toContain(phone.slice(-4));
  await postButton(page).click();
  await expect(result(page)).toContainText('Ника: +');
  expect((await everything(wallet.request)).purchases).toHaveLength(1);
});

test('a sale that was posted first is the newcomer’s when they are done', line(37), async ({ page, visitor, watch }) => {
  // A page that is loaded again with no key touched may not sound: the browser says so.
  watch.expect(/AudioContext was not allowed to start/);
  test.slow();
  await openTill(page, '/till?without-card');
  await page.getByRole('button', { name: newCard }).click();
  const link = await page.getByRole('img', { name: 'Код ссылки для вступления' }).getAttribute('data-link');
  await amount(page).fill('500');
  await postButton(page).click();
  await expect(result(page)).toContainText('проведён');

  const phone = freshPhone();
  const wallet = await visitor({ storageState: undefined });
  const shopper = await wallet.newPage();
  await shopper.goto(link!.replace(SITE, ''));
  await askForCode(shopper, phone);
  await enterCode(shopper, phone);
  await agree(shopper, 'Ника');
  await expect(shopper).toHaveURL('/card');
  expect((await everything(wallet.request)).purchases).toHaveLength(1);
  await page.reload();
  await expect(page.getByRole('main')).toContainText('Ника');
});

test('a link by message: a known and an unknown phone get the same page, and neither comes back', line(37), async ({ page, visitor }) => {
  const { phone: known } = await join((await visitor({ storageState: undefined })).request);
  const seen: string[] = [];
  for (const phone of [known, freshPhone()]) {
    await openTill(page, '/till');
    await page.getByRole('button', { name: newCard }).click();
    await page.getByLabel('Или отправьте ссылку на телефон').fill(phone);
    // Enter in this field sends it, and posts nothing.
    await page.getByLabel('Или отправьте ссылку на телефон').press('Enter');
    await expect(result(page)).toContainText('Ссылка отправлена');
    await expect(page.getByLabel('Или отправьте ссылку на телефон')).toHaveValue('');
    seen.push(await words(page));
    expect(await page.content()).not.toContain(phone.slice(2));
    await page.getByRole('button', { name: /Проверить/ }).click();
    await expect(result(page)).toContainText('Покупатель ещё не закончил');
  }
  expect(seen[0]).toBe(seen[1]);
  await page.getByLabel('Или отправьте ссылку на телефон').fill('12');
  await page.getByRole('button', { name: 'Отправить' }).click();
  await expect(page.getByText('Номер не похож на настоящий')).toBeVisible();
});

test('a printed card is attached by scanning it, once', line(37), async ({ page, visitor }) => {
  const csv = execFileSync(PROGRAM, ['--data', DATA, 'card', 'print', '2'], { encoding: 'utf8' });
  const [number, ean, qr] = csv.trim().split('\n')[1]!.split(',');
  const nika = await join((await visitor({ storageState: undefined })).request, { name: 'Ника' });
  await find(page, nika.printed, 'Ника');
  await page.getByRole('button', { name: /Привязать карту/ }).click();
  await expect(page.getByLabel('Сканируйте пластиковую карту')).toBeFocused();
  await listening(page);
  await scan(page, qr!);
  await expect(result(page)).toContainText('Карта привязана');
  await expect(customer(page)).toHaveText('Ника');
  await find(page, ean!, 'Ника');
  // Nobody else gets it, and a number that was never printed is nobody's.
  const wallet = await visitor({ storageState: undefined });
  await join(wallet.request, { name: 'Борис' });
  const shopper = await wallet.newPage();
  const attach = async (typed: string) => {
    await shopper.goto('/settings');
    await shopper.getByLabel('Номер карты').fill(typed);
    await shopper.getByRole('button', { name: 'Привязать карту' }).click();
  };
  await attach(number!);
  await expect(shopper.getByText('Эта карта уже привязана').first()).toBeVisible();
  await attach('4000 0012 3456 7899');
  await expect(shopper.getByText('Карты с таким номером нет').first()).toBeVisible();
  const second = csv.trim().split('\n')[2]!.split(',')[0]!;
  await attach(second);
  await expect(shopper.getByText('Карта привязана').first()).toBeVisible();
  await find(page, second, 'Борис');
});
