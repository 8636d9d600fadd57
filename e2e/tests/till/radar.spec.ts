// The radar: beyond the soft limit the cashier is told, beyond the hard one a senior lets one visit pass by their own PIN.

import type { Page } from '@playwright/test';

import { join } from '../../support/people';
import { OwnServer } from '../../support/server';
import { amount, answered, codeField, customer, postButton, quoteButton, result } from '../../support/till';
import { expect, line, test } from '../../support/test';
import { applyProgramme, comeIn, kopilka, OwnTill, type Person } from '../../support/tills';

test.use({ storageState: { cookies: [], origins: [] } });
test.describe.configure({ mode: 'serial' });

let server: OwnServer;

test.beforeAll(async () => {
  server = await OwnServer.start(18);
  const radar = ['[radar]', 'card_receipts = { soft = 1, hard = 2 }', 'card_scans = { soft = 3, hard = 6, minutes = 60 }'];
  applyProgramme(server.data, /^\[radar\][^]*?(?=^\[codes\])/m, `${radar.join('\n')}\n\n`);
});

test.afterAll(async () => {
  await server.stop();
  server.forget();
});

/** A till with a cashier at it and a senior near by, and a member. */
async function shop(page: Page, request: Parameters<typeof join>[0]) {
  const till = OwnTill.add('station', server.data);
  const [olga, boss] = [till.staff('Ольга', '2580'), till.staff('Павел', '1470', 'admin')];
  const { printed } = await join(request, { name: 'Ника', site: server.site });
  await till.pair(page, server.site);
  await comeIn(page, olga);
  const scan = async () => {
    await page.goto(`${server.site}/till`);
    await codeField(page).fill(printed);
    await codeField(page).press('Enter');
  };
  const leave = () => page.getByRole('button', { name: /Следующий/ }).click();
  return { till, olga, boss, scan, leave };
}

async function letPass(page: Page, senior: Person, pin: string) {
  const form = page.locator('.lift');
  await form.getByRole('radio', { name: senior.name }).check();
  await form.getByLabel('PIN старшего').fill(pin);
  await answered(page, () => form.getByRole('button', { name: 'Пропустить' }).click());
}

test('a card that is looked up again and again warns, is refused, and passes by a senior’s PIN', line(34), async ({ page, visitor }) => {
  const { till, boss, scan, leave } = await shop(page, (await visitor()).request);
  const warning = page.getByText('Вы искали эту карту уже много раз');
  for (let time = 1; time <= 6; time++) {
    await scan();
    await expect(customer(page)).toHaveText('Ника');
    await expect(warning).toHaveCount(time > 3 ? 1 : 0);
    await leave();
    await expect(customer(page)).toHaveText('Сканируйте карту');
  }
  await scan();
  await expect(result(page)).toContainText('Позовите старшего или продайте без карты');
  await expect(page.getByText('Ника')).toHaveCount(0);
  await letPass(page, boss, '0001');
  await expect(result(page)).toContainText('PIN не подходит');
  await letPass(page, boss, boss.pin);
  await expect(customer(page)).toHaveText('Ника');
  await expect(warning).toHaveCount(0);
  const log = kopilka(['audit', '--till', till.name], '', server.data);
  expect(log.match(/radar\tsoft/g)).toHaveLength(3);
  // Once refused, once let pass.
  expect(log.match(/radar\thard/g)).toHaveLength(2);
  expect(log.match(/radar-lifted\tdone/g)).toHaveLength(1);
  expect(log).toContain(`\t${boss.login}\tradar-lifted`);
  // The next one is refused again.
  await leave();
  await scan();
  await expect(result(page)).toContainText('Позовите старшего');
});

test('a card on too many receipts is refused there, and the typed receipt goes on once a senior lets it pass', line(34), async ({ page, visitor }) => {
  const { boss, scan } = await shop(page, (await visitor()).request);
  for (let receipt = 1; receipt <= 2; receipt++) {
    await scan();
    await expect(page.getByText('Эта карта сегодня уже была во многих чеках этой кассы')).toHaveCount(receipt > 1 ? 1 : 0);
    await amount(page).fill('100');
    await postButton(page).click();
    await expect(result(page)).toContainText('Ника');
  }
  await scan();
  await amount(page).fill('345,60');
  await quoteButton(page).click();
  await expect(result(page)).toContainText('слишком многих чеках');
  await expect(amount(page)).toHaveValue('345,60');
  await letPass(page, boss, boss.pin);
  await expect(customer(page)).toHaveText('Ника');
  await expect(amount(page)).toHaveValue('345,60');
  await postButton(page).click();
  await expect(result(page)).toContainText(/К оплате 345,60\s₽/);
});

test('a sale without a card is never stopped', line(34), async ({ page, visitor }) => {
  await shop(page, (await visitor()).request);
  for (let receipt = 0; receipt < 4; receipt++) {
    await page.goto(`${server.site}/till?without-card`);
    await amount(page).fill('100');
    await postButton(page).click();
    await expect(result(page)).toContainText(/Чек \d+ проведён/);
  }
});
