// What changes while a sale is being made: the rules, the card, how often it was here. The cashier is told in one sentence,
// nobody pays another sum than they were told, and one receipt is stored.

import type { Page } from '@playwright/test';

import { submit } from '../../support/http';
import { expectLoss } from '../../support/link';
import { everything, join } from '../../support/people';
import { OwnServer } from '../../support/server';
import { amount, codeField, customer, listening, postButton, quoteButton, result } from '../../support/till';
import { expect, line, test } from '../../support/test';
import { applyProgramme, comeIn, kopilka, OwnTill } from '../../support/tills';

test.use({ storageState: { cookies: [], origins: [] } });
test.describe.configure({ mode: 'serial' });

const START = /id = "start"\n/;

let server: OwnServer;

test.beforeAll(async () => {
  server = await OwnServer.start(23);
});

test.afterAll(async () => {
  await server.stop();
  server.forget();
});

/** A cashier at a till, and a member who is being served there. */
async function serving(page: Page, request: Parameters<typeof join>[0]) {
  const till = OwnTill.add('station', server.data);
  const olga = till.staff('Ольга', '2580');
  const member = await join(request, { name: 'Ника', site: server.site });
  const purchases = async () => (await everything(request, server.site)).purchases as string[];
  await till.pair(page, server.site);
  await comeIn(page, olga);
  const scan = async () => {
    await page.goto(`${server.site}/till`);
    await codeField(page).fill(member.printed);
    await codeField(page).press('Enter');
    await expect(customer(page)).toHaveText('Ника');
  };
  await scan();
  return { till, olga, member, purchases, scan };
}

for (const script of [true, false]) {
  test.describe(script ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled: script });

    test('a sum that has changed is shown again before anything is posted', line(script ? [35, 36] : 35), async ({ page, visitor }) => {
      applyProgramme(server.data, START, '$&');
      const { purchases } = await serving(page, (await visitor()).request);
      await amount(page).fill('1000');
      await quoteButton(page).click();
      await expect(page.locator('#sum .pay')).toHaveText(/^1\s000\s₽$/);
      applyProgramme(server.data, START, '$&discount = 500\n');
      await postButton(page).click();
      await expect(result(page)).toContainText('Сумма к оплате изменилась');
      await expect(result(page)).toContainText('Назовите новую покупателю');
      await expect(page.locator('#sum .pay')).toHaveText(/^950\s₽$/);
      await expect(amount(page)).toHaveValue('1000');
      expect(await purchases()).toHaveLength(0);
      await postButton(page).click();
      await expect(result(page)).toContainText(/К оплате 950\s₽/);
      expect(await purchases()).toHaveLength(1);
    });
  });
}

test('a sum that nobody was told is posted by the rules of the moment', line([35, 36]), async ({ page, visitor }) => {
  applyProgramme(server.data, START, '$&');
  const { purchases } = await serving(page, (await visitor()).request);
  applyProgramme(server.data, START, '$&discount = 500\n');
  await listening(page);
  await amount(page).fill('1000');
  await page.keyboard.press('F9');
  await expect(result(page)).toContainText(/К оплате 950\s₽/);
  expect(await purchases()).toHaveLength(1);
});

test('a card that is blocked in the middle of a sale is not served any further', line([35, 36]), async ({ page, visitor }) => {
  const { member, purchases } = await serving(page, (await visitor()).request);
  await amount(page).fill('300');
  kopilka(['card', 'replace', member.card, '--author', 'admin'], 'admin-of-the-demo\n', server.data);
  await postButton(page).click();
  await expect(result(page)).toContainText('Отсканируйте карту снова');
  await expect(amount(page)).toHaveValue('300');
  expect(await purchases()).toHaveLength(0);
  await codeField(page).fill(member.printed);
  await codeField(page).press('Enter');
  await expect(result(page)).toContainText('заблокирована');
  await expect(amount(page)).toHaveValue('300');
});

test('an account that is closed in the middle of a sale: the receipt stays, and goes on without the card', line([35, 36]), async ({ page, visitor }) => {
  const { request } = await visitor();
  await serving(page, request);
  await amount(page).fill('300');
  await submit(request, '/api/settings/close', { confirmed: 'yes' }, server.site);
  await postButton(page).click();
  await expect(result(page)).toHaveAttribute('data-tone', 'warn');
  await expect(amount(page)).toHaveValue('300');
  await listening(page);
  await page.keyboard.press('F4');
  await expect(customer(page)).toHaveText('Без карты');
  await expect(amount(page)).toHaveValue('300');
  await postButton(page).click();
  await expect(result(page)).toContainText(/К оплате (300|285)\s₽/);
});

test('a till whose key is revoked in the middle of a sale: the receipt comes back at another', line([34, 35]), async ({ page, visitor, watch }) => {
  expectLoss(watch);
  const { till, olga, member, purchases } = await serving(page, (await visitor()).request);
  await listening(page);
  await amount(page).fill('456,70');
  kopilka(['till', 'revoke', till.name], '', server.data);
  await postButton(page).click();
  await expect(page.getByRole('alert')).toContainText('Эта касса отключена. Привяжите её снова');
  expect(await purchases()).toHaveLength(0);
  const field = page.getByLabel('Ключ кассы или код');
  await field.fill(OwnTill.add('station', server.data).key);
  await field.press('Enter');
  await comeIn(page, olga);
  // It comes back by itself, and again after another page.
  await expect(amount(page)).toHaveValue('456,70');
  await page.goto(`${server.site}/till`);
  await expect(amount(page)).toHaveValue('456,70');
  await listening(page);
  await codeField(page).fill(member.printed);
  await codeField(page).press('Enter');
  await expect(customer(page)).toHaveText('Ника');
  await expect(amount(page)).toHaveValue('456,70');
  await postButton(page).click();
  await expect(result(page)).toContainText(/К оплате/);
  expect(await purchases()).toHaveLength(1);
});

test('what the radar stops is stopped also where the sum was never asked for', line(34), async ({ page, visitor }) => {
  applyProgramme(server.data, /^card_receipts = .*$/m, 'card_receipts = { soft = 1, hard = 1 }');
  const { purchases, scan } = await serving(page, (await visitor()).request);
  for (const roubles of ['100', '200']) {
    await listening(page);
    await amount(page).fill(roubles);
    await page.keyboard.press('F9');
    await expect(result(page)).toContainText(roubles === '100' ? 'Ника' : 'слишком многих чеках');
    if (roubles === '100') await scan();
  }
  await expect(amount(page)).toHaveValue('200');
  expect(await purchases()).toHaveLength(1);
});
