// Consents: every yes and no is the shopper's, proven, and as easily taken back as given.

import type { Download, Page } from '@playwright/test';

import { submit } from '../../support/http';
import { freshPhone, join, prove } from '../../support/people';
import { expect, line, test } from '../../support/test';

const save = (page: Page) => page.getByRole('button', { name: 'Сохранить' });
const on = (page: Page) => page.getByRole('checkbox', { checked: true });

/** Counts taps from here on. */
function taps() {
  let count = 0;
  return {
    get count() {
      return count;
    },
    async on(target: ReturnType<Page['locator']>) {
      count += 1;
      await target.click();
    },
  };
}

test('taking a consent back takes no more taps than giving it, everything off takes one', line(13, 'no-script'), async ({ page, member }) => {
  expect(member.card).toBeTruthy();
  await page.goto('/consents');
  const box = page.getByLabel('SMS: Новости');

  const giving = taps();
  await giving.on(box);
  await giving.on(save(page));
  await expect(page.getByText('Согласия сохранены')).toBeAttached();
  await expect(box).toBeChecked();

  const taking = taps();
  await taking.on(box);
  await taking.on(save(page));
  await expect(on(page)).toHaveCount(0);
  expect(taking.count).toBeLessThanOrEqual(giving.count);

  await box.check();
  await page.getByLabel('Звонок: Опросы').check();
  await save(page).click();
  await expect(on(page)).toHaveCount(2);
  const all = taps();
  await all.on(page.getByRole('button', { name: 'Выключить всё' }));
  await expect(on(page)).toHaveCount(0);
  await expect(page.getByText('Все сообщения выключены')).toBeAttached();
  expect(all.count).toBe(1);
});

test('each yes and no has a proof to take away, with text version, time, address and channel', line(12), async ({ page, context }) => {
  await prove(context.request, freshPhone());
  const form = { first_name: 'Мария', personal_data: 'yes', rules: 'yes', 'messages[]': ['sms:news'] };
  await submit(context.request, '/api/join/finish', form);
  await page.goto('/consents');
  await expect(page.getByLabel('SMS: Новости')).toBeChecked();
  await page.getByLabel('SMS: Новости').uncheck();
  await save(page).click();
  await expect(on(page)).toHaveCount(0);

  const journal = page.getByRole('table', { name: 'Журнал согласий' });
  for (const what of ['Обработка персональных данных', 'Правила программы', /SMS: новости/]) {
    await expect(journal.getByRole('row').filter({ has: page.getByRole('rowheader', { name: what }) }).first()).toContainText('127.0.0.1');
  }

  const started = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Скачать CSV' }).click();
  const table = await read(await started);
  const lines = table.trim().split(/\r?\n/);
  const columns = lines[0]!.split(',');
  for (const column of ['channel', 'purpose', 'granted', 'text_version', 'at', 'ip']) expect(columns).toContain(column);
  const news = lines.filter((each) => each.includes('sms') && each.includes('news'));
  expect(news).toHaveLength(2);
  for (const each of news) expect(each).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ.*127\.0\.0\.1/);

  const proofs = await (await context.request.get('/consents/proofs.json')).json();
  expect(JSON.stringify(proofs)).toContain('"2026-01"');
});

test('taking back what was never given changes nothing and proves nothing', line(12), async ({ context, member }) => {
  expect(member.card).toBeTruthy();
  const proofs = async () => (await (await context.request.get('/consents/proofs.csv')).text()).trim().split(/\r?\n/).length;
  const before = await proofs();
  await submit(context.request, '/api/consents/off');
  await submit(context.request, '/api/consents/save');
  expect(await proofs()).toBe(before);
});

test('messages that are no advertising are listed as such', line(10), async ({ page, context }) => {
  await join(context.request);
  await page.goto('/consents');
  const service = page.getByRole('region', { name: 'Это не реклама' });
  await expect(service.getByRole('listitem')).toHaveCount(3);
  await expect(service.getByRole('checkbox')).toHaveCount(0);
});

async function read(download: Download) {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
