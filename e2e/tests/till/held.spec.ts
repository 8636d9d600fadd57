// Sales without a link of a card that is on too many receipts: the server holds them, and the cashier is told.

import { cut, kept, mend, openReadyTill, waitingBar } from '../../support/link';
import { join } from '../../support/people';
import { OwnServer } from '../../support/server';
import { amount, codeField, listening, result } from '../../support/till';
import { expect as impatient, line, test } from '../../support/test';
import { applyProgramme, comeIn, kopilka, OwnTill } from '../../support/tills';

test.use({ storageState: { cookies: [], origins: [] } });
// One server for all of them, so one after another.
test.describe.configure({ mode: 'default', timeout: 90_000 });

// A sale that waits is sent again after some seconds.
const expect = impatient.configure({ timeout: 20_000 });

let server: OwnServer;

test.beforeAll(async () => {
  server = await OwnServer.start(19);
  applyProgramme(server.data, /^\[radar\][^]*?(?=^\[codes\])/m, '[radar]\ncard_receipts = { soft = 1, hard = 1 }\n\n');
});

test.afterAll(async () => {
  await server.stop();
  server.forget();
});

test('sales beyond the limit leave the device, and are listed as being checked until somebody releases them', line([34, 36]), async ({ page, visitor, watch }) => {
  const till = OwnTill.add('station', server.data);
  const olga = till.staff('Ольга', '2580');
  const boss = till.staff('Павел', '1470', 'admin');
  const { printed } = await join((await visitor()).request, { name: 'Ника', site: server.site });
  await till.pair(page, server.site);
  await comeIn(page, olga);
  await openReadyTill(page, `${server.site}/till`);
  await cut(page, watch);
  await page.goto(`${server.site}/till`).catch(() => undefined);
  for (const roubles of ['101', '102']) {
    await listening(page);
    await codeField(page).fill(printed);
    await amount(page).fill(roubles);
    await amount(page).press('Enter');
    await expect(amount(page)).toHaveValue('');
  }
  expect(await kept(page)).toHaveLength(2);
  await mend(page);
  await expect(result(page)).toContainText(/Чек №\s\d+ на 102\s₽ ждёт проверки/);
  await expect.poll(() => kept(page).catch(() => ['not yet'])).toEqual([]);
  await expect(waitingBar(page)).toBeHidden();
  await page.goto(`${server.site}/till/queue`);
  const checked = page.getByRole('region', { name: 'Чеки на проверке' });
  await expect(checked.getByRole('listitem')).toHaveCount(1);
  await expect(checked).toContainText(/102\s₽/);

  const [held] = kopilka(['receipts', 'held'], '', server.data).split('\n');
  expect(held).toContain(`\t${olga.login}\t${olga.login}\t`);
  kopilka(['receipts', 'release', held!.split('\t')[0]!, '--author', boss.login], `${boss.password}\n`, server.data);
  await page.reload();
  await expect(checked).toHaveCount(0);
});

test('a held sale that is refused stays on the list of its till, with the reason', line([34, 36]), async ({ page, visitor, watch }) => {
  const till = OwnTill.add('station', server.data);
  const olga = till.staff('Ольга', '2580');
  const boss = till.staff('Павел', '1470', 'admin');
  const { printed } = await join((await visitor()).request, { name: 'Ника', site: server.site });
  await till.pair(page, server.site);
  await comeIn(page, olga);
  await openReadyTill(page, `${server.site}/till`);
  await cut(page, watch);
  await page.goto(`${server.site}/till`).catch(() => undefined);
  for (const roubles of ['201', '202']) {
    await listening(page);
    await codeField(page).fill(printed);
    await amount(page).fill(roubles);
    await amount(page).press('Enter');
    await expect(amount(page)).toHaveValue('');
  }
  await mend(page);
  await expect.poll(() => kept(page).catch(() => ['not yet'])).toEqual([]);
  await page.goto(`${server.site}/till/queue`);
  const refused = page.getByRole('region', { name: 'Чеки, которые не прошли проверку' });
  await expect(page.getByRole('region', { name: 'Чеки на проверке' })).toContainText(/202\s₽/);
  await expect(refused).toHaveCount(0);
  const held = kopilka(['receipts', 'held'], '', server.data).split('\n');
  const id = held.find((row) => row.includes(`\t${olga.login}\t`))!.split('\t')[0]!;
  kopilka(['receipts', 'refuse', id, '--author', boss.login, '--reason', 'Карта друга'], `${boss.password}\n`, server.data);
  await page.reload();
  await expect(page.getByRole('region', { name: 'Чеки на проверке' })).toHaveCount(0);
  await expect(refused.getByRole('listitem')).toHaveCount(1);
  await expect(refused).toContainText(/202\s₽/);
  await expect(refused).toContainText('Причина: Карта друга');
  await expect(refused).toContainText('скажите администратору или поддержке');
  await expect(refused).not.toContainText('Ника');
});

test('a browser that is not paired keeps no sale, and says so', line(36), async ({ page, watch }) => {
  const till = OwnTill.add('station', server.data);
  const olga = till.staff('Ольга', '2580');
  await page.goto(`${server.site}/till`);
  await page.getByLabel('Логин').fill(olga.login);
  await page.getByLabel('Пароль').fill(olga.password);
  await page.getByRole('button', { name: 'Войти' }).click();
  await expect(page.locator('.till-top')).toContainText(olga.name);
  await openReadyTill(page, `${server.site}/till?without-card`);
  await amount(page).fill('300');
  await cut(page, watch);
  await page.getByRole('button', { name: /Провести чек/ }).click();
  await expect(result(page)).toContainText('эта касса не может хранить чеки');
  await expect(amount(page)).toHaveValue('300');
  expect(await kept(page)).toEqual([]);
  await page.goto(`${server.site}/till`).catch(() => undefined);
  await expect(page.locator('#offline-unpaired')).toContainText('не привязан к кассе');
  await expect(page.locator('#offline')).toBeHidden();
  await mend(page);
  await expect(page.locator('.till-top')).toContainText(olga.name);
});
