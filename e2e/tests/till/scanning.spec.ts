// A scan at the till: taken wherever the cursor is, told apart from typing, and answered with who it is or why not.

import type { Page } from '@playwright/test';

import { Device } from '../../support/code';
import { join, unknownCard } from '../../support/people';
import { signedIn } from '../../support/place';
import { amount, answered, codeField, customer, find, LAYOUTS, listening, openTill, quoteButton, result, scan, serve } from '../../support/till';
import { expect, line, test, words } from '../../support/test';

test.use({ storageState: signedIn.cashier });

for (const [name, layout] of Object.entries(LAYOUTS)) {
  test(`a scan through ${name} resolves, the cursor on nothing`, line(32), async ({ page, visitor }) => {
    const member = await join((await visitor({ storageState: undefined })).request, { name: 'Ника', lastName: 'Сканова' });
    await openTill(page);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await scan(page, member.printed, layout);
    await expect(customer(page)).toHaveText('Ника С.');
  });

  test(`a scan through ${name} resolves, the cursor in the amount, which stays as it was`, line(32), async ({ page, visitor }) => {
    const shopper = await visitor({ storageState: undefined });
    const [first, second] = [await join(shopper.request, { name: 'Ника' }), await join((await visitor({ storageState: undefined })).request, { name: 'Яна' })];
    await serve(page, first.printed, 'Ника', '1590');
    await listening(page);
    await amount(page).focus();
    // The card of the same customer, shown anew: the receipt that was begun stays.
    const device = await Device.of(shopper.request, first.card);
    await answered(page, () => scan(page, device.code(), layout));
    await expect(page.getByText('По этому коду баллы только копятся')).toHaveCount(0);
    await expect(customer(page)).toHaveText('Ника');
    await expect(amount(page)).toHaveValue('1590');
    // Another customer's card begins another receipt.
    await listening(page);
    await amount(page).focus();
    await scan(page, second.printed, layout);
    await expect(customer(page)).toHaveText('Яна');
    await expect(amount(page)).toHaveValue('');
  });
}

for (const [name, end] of [['no Enter', ''], ['Tab instead of Enter', 'Tab']] as const) {
  test(`a scanner that sends ${name} is understood too`, line(32), async ({ page, visitor }) => {
    const member = await join((await visitor({ storageState: undefined })).request, { name: 'Ника' });
    await openTill(page);
    await scan(page, member.printed, undefined, end);
    await expect(customer(page)).toHaveText('Ника');
  });
}

/** Pastes a text where the cursor is, as the browser tells it; whether the page left it alone. */
const paste = (page: Page, text: string) =>
  page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', text);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    return (document.activeElement ?? document.body).dispatchEvent(event);
  }, text);

test('a pasted code resolves, and what is pasted into another field is left alone', line(32), async ({ page, visitor }) => {
  const member = await join((await visitor({ storageState: undefined })).request, { name: 'Ника' });
  await openTill(page);
  await codeField(page).focus();
  await paste(page, `\n${member.card.replace(/(\d{4})(?=\d)/g, '$1 ')} `);
  await expect(customer(page)).toHaveText('Ника');

  const other = await join((await visitor({ storageState: undefined })).request, { name: 'Яна' });
  await listening(page);
  await amount(page).focus();
  expect(await paste(page, other.card)).toBe(true);
  await expect(customer(page)).toHaveText('Ника');
  await amount(page).blur();
  expect(await paste(page, 'Яна, карта')).toBe(true);
  await paste(page, other.card);
  await expect(customer(page)).toHaveText('Яна');
});

test('ordinary typing is untouched', line(32), async ({ page, visitor }) => {
  const member = await join((await visitor({ storageState: undefined })).request, { name: 'Ника' });
  await openTill(page);
  await codeField(page).focus();
  await page.keyboard.type(member.card, { delay: 70 });
  await expect(codeField(page)).toHaveValue(member.card);
  await page.keyboard.press('Enter');
  await expect(customer(page)).toHaveText('Ника');

  await listening(page);
  await amount(page).focus();
  await page.keyboard.type('1590,50', { delay: 10 });
  await expect(amount(page)).toHaveValue('1590,50');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.type('1');
  await expect(amount(page)).toHaveValue('1590,15');
});

test('the same card scanned twice by a trembling hand is one customer', line(32), async ({ page, visitor }) => {
  const member = await join((await visitor({ storageState: undefined })).request, { name: 'Ника' });
  await openTill(page);
  let scans = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/api/till/scan')) scans += 1;
  });
  await scan(page, member.printed);
  await expect(customer(page)).toHaveText('Ника');
  await listening(page);
  await scan(page, member.printed);
  await expect(customer(page)).toHaveText('Ника');
  expect(scans).toBe(1);
});

test('what is wrong with a code is told, and the code is not shown again', line(20), async ({ page, visitor }) => {
  const shopper = await visitor({ storageState: undefined });
  const member = await join(shopper.request, { name: 'Ника' });
  const device = await Device.of(shopper.request, member.card);
  const other = (Number(member.card.at(-1)) + 1) % 10;
  for (const [typed, says] of [
    [device.code(2), 'Код устарел'],
    [`71${member.card}00000000`, 'Код не подошёл'],
    [`99${member.card}`, 'Это код не нашей карты'],
    [member.card.slice(0, 9), 'Код прочитан не целиком'],
    [`${member.card.slice(0, -1)}${other}`, 'Цифра в номере прочитана неверно'],
    [unknownCard(), 'Такой карты нет'],
    ['карта', 'В коде должны быть только цифры'],
    ['', 'Отсканируйте или введите код карты'],
  ] as const) {
    await test.step(`«${typed}»: ${says}`, async () => {
      await page.goto('/till');
      await codeField(page).fill(typed);
      await page.getByRole('button', { name: /Найти/ }).click();
      await expect(result(page)).toContainText(says);
      await expect(result(page)).toHaveAttribute('data-tone', /bad|warn/);
      await expect(codeField(page)).toHaveValue('');
    });
  }
});

test('the cashier sees name and initial, tier, points, offers; never phone, birth date or children, on the page or the line', line(34), async ({ page, visitor }) => {
  const anna = await (await visitor({ storageState: signedIn.anna })).request.get('/settings/export.json').then((answer) => answer.json());
  expect(anna).toMatchObject({ phone: '+79000000001', children_birth_years: [2025] });
  const birth = new Date(`${anna.birth_date}T00:00:00Z`);
  const traffic: { url: string; body: string }[] = [];
  const bodies: Promise<unknown>[] = [];
  page.on('response', (response) => {
    if (/\/pkg\/|\.(svg|png)$/.test(response.url())) return;
    const sent = `${response.request().url()} ${response.request().postData() ?? ''} ${JSON.stringify(response.headers())}`;
    bodies.push(
      response.text().then(
        (body) => traffic.push({ url: response.url(), body: `${sent} ${body}` }),
        () => traffic.push({ url: response.url(), body: sent }),
      ),
    );
  });
  await serve(page, `70${anna.card}`, 'Анна Д.', '1590');
  const shown = await words(page, 'main');
  for (const part of ['Анна Д.', 'Баллы', 'Скоро день рождения', 'Тройные баллы']) expect(shown).toContain(part);
  expect(shown).toMatch(/Серебро|Золото|Старт/);
  await Promise.all(bodies);
  expect(traffic.filter(({ url }) => url.includes('/till')).length).toBeGreaterThanOrEqual(3);
  const day = String(birth.getUTCDate()).padStart(2, '0');
  const month = String(birth.getUTCMonth() + 1).padStart(2, '0');
  for (const { url, body } of traffic) {
    for (const personal of ['9000000001', '900 000-00-01', '00-01', 'Демова', anna.birth_date, `${day}.${month}.1990`]) {
      expect(body.includes(personal), `${personal} in ${url}`).toBe(false);
    }
    expect(body, `a year in ${url}`).not.toMatch(/\b(1990|2025)\b/);
  }
});

test('an offer that the shopper switches on is at the till at once', line(30), async ({ page, visitor }) => {
  const shopper = await visitor({ storageState: undefined });
  const member = await join(shopper.request, { name: 'Ника' });
  await find(page, member.printed, 'Ника');
  const list = (name: string) => page.getByRole('heading', { name, exact: true }).locator('xpath=following::ul[1]');
  await expect(list('Не хватает одного шага').getByText('Выпечка по 45 ₽')).toBeVisible();

  const wallet = await shopper.newPage();
  await wallet.goto('/offers');
  await wallet.getByRole('button', { name: /Включить\s?: Выпечка по 45 ₽/ }).click();
  await expect(wallet.getByText('Предложение включено')).toBeAttached();

  await page.reload();
  await expect(list('Предложения').getByText('Выпечка по 45 ₽')).toBeVisible();
  await expect(list('Не хватает одного шага').getByText('Выпечка по 45 ₽')).toHaveCount(0);
});

test('keys do what their buttons show', line(32), async ({ page, visitor }) => {
  const member = await join((await visitor({ storageState: undefined })).request, { name: 'Ника' });
  await find(page, member.printed, 'Ника');
  await listening(page);
  await amount(page).fill('200');
  await page.keyboard.press('F8');
  await expect(page.getByText('К оплате')).toBeVisible();
  await listening(page);
  await page.keyboard.press('Escape');
  await expect(customer(page)).toHaveText('Сканируйте карту');
  await listening(page);
  await page.keyboard.press('F4');
  await expect(customer(page)).toHaveText('Без карты');
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });
  test('a card is found by its number, quoted and sold', line(32), async ({ page, visitor }) => {
    const member = await join((await visitor({ storageState: undefined })).request, { name: 'Ника' });
    await page.goto('/till');
    await page.getByLabel('Или введите код').fill(member.card.replace(/(\d{4})(?=\d)/g, '$1 '));
    await page.getByRole('button', { name: /Найти/ }).click();
    await expect(customer(page)).toHaveText('Ника');
    await amount(page).fill('1 590');
    await quoteButton(page).click();
    await expect(page.getByText('К оплате')).toBeVisible();
    await page.getByRole('button', { name: /Провести чек/ }).click();
    await expect(result(page)).toContainText('Ника: +247 баллов');
  });
});
