// Settings: devices, looks, everything that is kept, and the end of the account without anybody's help.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { ask, submit } from '../../support/http';
import { everything, freshPhone, join } from '../../support/people';
import { Pos, goods } from '../../support/pos';
import { OwnServer } from '../../support/server';
import { expect, line, test } from '../../support/test';

test('everything is exported as JSON and the points as CSV, with no help', line(16, 'no-script'), async ({ page, member, pos }) => {
  await pos.sell({ code: member.printed, lines: [goods(100_000)] });
  await page.goto('/settings');
  const own = page.getByRole('region', { name: 'Ваши данные' });
  const address = async (name: string) => (await own.getByRole('link', { name }).getAttribute('href'))!;
  const json = await page.request.get(await address('Всё, JSON'));
  expect(json.headers()['content-disposition']).toContain('attachment');
  expect(await json.json()).toMatchObject({
    phone: member.phone,
    first_name: 'Мария',
    card: member.card,
    consents: [{ granted: true }, { granted: true }],
  });
  const csv = await page.request.get(await address('Баллы, CSV'));
  expect(csv.headers()['content-type']).toContain('text/csv');
  const rows = (await csv.text()).trim().split(/\r?\n/);
  expect(rows[0]).toBe('at,kind,points,store,reason');
  expect(rows.slice(1).reduce((sum, row) => sum + Number(row.split(',')[2]), 0)).toBe(230);
});

test('nobody else gets an export', line(16), async ({ stranger }) => {
  for (const file of ['/settings/export.json', '/settings/points.csv', '/consents/proofs.csv', '/consents/proofs.json']) {
    const answer = await stranger.get(file, { maxRedirects: 0 });
    expect(answer.status(), file).toBe(303);
    expect(answer.headers()['location']).toBe('/sign-in');
  }
});

test('closing waits for a tick, then the card is unknown at the till and the device is signed out', line(16, 'no-script'), async ({ page, member, pos }) => {
  await page.goto('/settings');
  await page.getByText('Закрыть карту', { exact: true }).click();
  await page.getByRole('button', { name: 'Закрыть карту навсегда' }).click();
  await expect(page.getByLabel('Понимаю последствия')).toHaveAccessibleDescription(/понимаете последствия/);
  expect((await pos.lookup(member.printed)).status()).toBe(200);

  await page.getByLabel('Понимаю последствия').check();
  await page.getByRole('button', { name: 'Закрыть карту навсегда' }).click();
  await expect(page.getByText('Карта закрыта, личные данные стёрты')).toBeAttached();
  const answer = await pos.lookup(member.printed);
  expect(answer.status()).toBeGreaterThanOrEqual(400);
  expect((await answer.json()).type).toContain('card-unknown');
  await page.goto('/card');
  await expect(page).toHaveURL('/sign-in');
});

test('after closing, nothing personal is left in the database’s files', line(16), async ({ playwright }) => {
  test.slow();
  const server = await OwnServer.start(1);
  const request = await playwright.request.newContext();
  const person = { name: 'Снежинна', lastName: 'Уникальнова', phone: freshPhone() };
  const email = 'snezhinna.unikalnova@example.com';
  try {
    const member = await join(request, { ...person, site: server.site });
    const send = (path: string, values: Record<string, string>) => submit(request, path, values, server.site);
    await send('/api/profile/name', { first_name: person.name, last_name: person.lastName, email });
    await send('/api/profile/birth', { birth_day: '17', birth_month: '6', birth_year: '1983' });
    await send('/api/profile/child-add', { child_year: String(new Date().getFullYear() - 4), child_agreed: 'yes' });
    const pos = new Pos(request, server.site);
    await pos.sell({ code: member.printed, lines: [goods(100_000)] });
    expect(await everything(request, server.site)).toMatchObject({ phone: person.phone, email });
    await send('/api/settings/close', { confirmed: 'yes' });
    expect((await pos.lookup(member.printed)).status()).toBeGreaterThanOrEqual(400);
  } finally {
    await request.dispose();
    await server.stop();
  }
  const files = readdirSync(server.data).map((name) => readFileSync(path.join(server.data, name)));
  expect(files.length).toBeGreaterThan(0);
  for (const bytes of files) {
    for (const personal of [person.phone, person.phone.slice(2), person.name, person.lastName, email]) {
      expect(bytes.includes(Buffer.from(personal, 'utf8')), personal).toBe(false);
    }
  }
  server.forget();
});

test('another device is seen and ended; it is signed out at once', line(25), async ({ page, member, visitor }) => {
  expect(member.card).toBeTruthy();
  await page.goto('/settings');
  const devices = page.getByRole('region', { name: 'Устройства' });
  await expect(devices.getByRole('listitem')).toHaveCount(1);
  await expect(devices.getByRole('listitem')).toContainText('Это устройство');
  // A device of somebody else cannot be ended from here.
  const other = await visitor();
  await join(other.request);
  const html = await (await other.request.get('/settings')).text();
  const foreign = /name="device" value="([0-9a-f-]+)"/.exec(html)?.[1] ?? '00000000-0000-7000-8000-000000000000';
  const answer = await ask(page.request, '/api/settings/device-end', { device: foreign });
  expect(answer.status()).toBe(404);
  expect((await other.request.get('/card', { maxRedirects: 0 })).status()).toBe(200);
});

test('theme and language stay, for a guest and for a member', line(40, 'no-script'), async ({ page, member }) => {
  expect(member.card).toBeTruthy();
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Тёмная' }).click();
  await expect(page.getByRole('button', { name: 'Тёмная' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.goto('/card');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  await page.getByRole('button', { name: /switch to English/ }).click();
  await expect(page).toHaveURL('/card');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.goto('/settings');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.getByRole('button', { name: 'Русский', exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
});
