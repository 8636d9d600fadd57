// Points: every movement with its date, store and reason; what waits and what expires; and the way to the next tier.

import { randomUUID } from 'node:crypto';

import type { Page } from '@playwright/test';

import { Device } from '../../support/code';
import { everything } from '../../support/people';
import { signedIn } from '../../support/place';
import { goods } from '../../support/pos';
import { expect, line, test, words } from '../../support/test';

/** A number as pages write it. */
const number = (text: string) => Number(text.replace('−', '-').replace(/[^\d-]/g, ''));

/** The sum of all movements on this page and the older ones. */
async function sumOfMovements(page: Page): Promise<{ sum: number; rows: number }> {
  let [sum, rows] = [0, 0];
  for (;;) {
    const history = page.getByRole('region', { name: 'История' });
    for (const row of await history.getByRole('row').filter({ has: page.getByRole('rowheader') }).all()) {
      const cells = row.getByRole('cell');
      await expect(row.locator('time')).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);
      expect((await row.getByRole('rowheader').innerText()).trim()).not.toBe('');
      sum += number(await cells.last().innerText());
      rows += 1;
    }
    const older = page.getByRole('link', { name: 'Раньше' });
    if ((await older.count()) === 0) return { sum, rows };
    await older.click();
    await expect(page).toHaveURL(/before=/);
  }
}

/** What the page says can be spent, and what waits. */
async function balance(page: Page): Promise<number> {
  const head = await words(page, '.head');
  const active = number(/Баллы ([−\d ]+) балл/.exec(head)?.[1] ?? 'NaN');
  const pending = number(/[Оо]жида\S* ([\d ]+)|ещё ([\d ]+)|([\d ]+) балл\S* ожида/.exec(head)?.slice(1).find(Boolean) ?? '0');
  return active + pending;
}

for (const who of ['anna', 'vera', 'gleb'] as const) {
  test.describe(() => {
    test.use({ storageState: signedIn[who] });
    test(`the movements of ${who} add up to the balance, and each tells its date, store and reason`, line(27, 'desktop'), async ({ page }) => {
      await page.goto('/points');
      const shown = await balance(page);
      const { sum, rows } = await sumOfMovements(page);
      expect(rows).toBeGreaterThan(5);
      expect(sum).toBe(shown);
      const { points } = await everything(page.request);
      expect(points).toHaveLength(rows);
      for (const entry of points) {
        expect(Object.keys(entry.reason).length, JSON.stringify(entry)).toBeGreaterThan(0);
        if (JSON.stringify(entry.reason).includes('purchase')) expect(entry.store).toBeTruthy();
      }
    });
  });
}

test('a movement tells its arithmetic', line(27, 'no-script'), async ({ page, member, pos }) => {
  await pos.sell({ code: member.printed, lines: [goods(124_000)] });
  await page.goto('/points');
  const history = page.getByRole('region', { name: 'История' });
  const purchase = history.getByRole('row').filter({ hasText: /3\s% от 1\s240\s₽/ });
  await expect(purchase).toContainText('Центр');
  await expect(purchase).toContainText('Сегодня');
  await expect(purchase).toContainText('+37');
  await expect(history.getByRole('row').filter({ hasText: '200 баллов за первую покупку' })).toContainText('+200');
  await purchase.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Начислено');
  const why = page.getByRole('region', { name: /Почему/ });
  await expect(why).toContainText(/1\s240\s₽/);
  await expect(why).toContainText(/×\s*3\s%/);
  await expect(why).toContainText(/\+37\s*баллов/);
});

test('a movement of somebody else is nobody’s', line(27), async ({ page, member, visitor }) => {
  expect(member.card).toBeTruthy();
  const other = await visitor({ storageState: signedIn.anna });
  const html = await (await other.request.get('/points')).text();
  const entry = /\/points\/[0-9a-f-]{36}/.exec(html)![0];
  const answer = await page.goto(entry);
  expect(answer!.status()).toBe(404);
  expect((await page.goto('/points/not-an-id'))!.status()).toBe(404);
});

test('what waits stands apart from what can be spent, and what expires first has its amount and date', line(28, 'no-script'), async ({ page, member, pos }) => {
  await pos.sell({ code: member.printed, lines: [goods(124_000)] });
  await page.goto('/card');
  const points = page.getByRole('region', { name: 'Баллы' });
  const fact = (name: string) => points.getByRole('term').filter({ hasText: name }).locator('xpath=..');
  await expect(fact('Можно потратить')).toContainText('237');
  await expect(fact('Ожидают')).toContainText(/Ожидают\s*0/);
  await expect(fact('Сгорят первыми')).toContainText('237');

  // Twelve months from now, on the last day of the month by the clock of Moscow: both pages name the same day.
  const moscow = new Date(Date.now() + 3 * 3600_000);
  const last = new Date(Date.UTC(moscow.getUTCFullYear() + 1, moscow.getUTCMonth() + 1, 0));
  const written = `${String(last.getUTCDate()).padStart(2, '0')}.${String(last.getUTCMonth() + 1).padStart(2, '0')}.${last.getUTCFullYear()}`;
  await expect(fact('Сгорят первыми')).toContainText(written);

  await page.goto('/points');
  const calendar = page.getByRole('region', { name: /сгора/i });
  await expect(calendar.getByRole('listitem')).toHaveCount(1);
  await expect(calendar.getByRole('listitem')).toContainText('237');
  await expect(calendar.getByRole('listitem')).toContainText(written);
});

test('spending takes from the balance and says from what receipt', line(27), async ({ page, member, pos, context }) => {
  await pos.sell({ code: member.printed, lines: [goods(100_000)] });
  const device = await Device.of(context.request, member.card);
  const sold = await pos.sell({ code: device.code(), lines: [goods(10_000)], spend: 'all' });
  expect(sold.spent).toBe(50);
  await page.goto('/points');
  const spent = page.getByRole('region', { name: 'История' }).getByRole('row').filter({ hasText: 'оплата баллами' });
  await expect(spent).toContainText('−50');
  await expect(spent).toContainText(/50\s₽ из 100\s₽/);
  const { sum } = await sumOfMovements(page);
  // 30 of 1 000 roubles, 200 for the first purchase, 50 spent, 1 of the 50 roubles that were paid in money.
  expect(sum).toBe(30 + 200 - 50 + 1);
  await page.goto('/points');
  expect(await balance(page)).toBe(sum);
});

test('a return takes back what its purchase gave, and owes what is gone', line(27, 'no-script'), async ({ page, member, pos, context }) => {
  const sale = await pos.sell({ code: member.printed, lines: [goods(100_000)] });
  const device = await Device.of(context.request, member.card);
  await pos.sell({ code: device.code(), lines: [goods(10_000)], spend: 'all' });
  const number = randomUUID();
  const back = { shift: 'tests', number, lines: [{ position: 0, quantity: 1000 }] };
  const answer = await pos.call(`/receipts/${sale.id}/returns`, back, { 'idempotency-key': number });
  expect(answer.status(), await answer.text()).toBe(201);
  for (const path of ['/card', '/points']) {
    await page.goto(path);
    await expect(page.getByRole('main')).toContainText(/Долг: 49\sбаллов/);
  }
  const history = page.getByRole('region', { name: 'История' });
  await expect(history.getByRole('row').filter({ hasText: 'Долг · возврат покупки' })).toContainText('−49');
  const taken = history.getByRole('row').filter({ hasText: /Возврат · за покупку теперь 0\sбаллов вместо 230/ });
  await expect(taken).toContainText('−181');
  await taken.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Возврат');
  await expect(page.getByRole('main')).toContainText(`возврат ${number}`);
  const lines = page.getByRole('region', { name: 'Что вернули' });
  await expect(lines.getByRole('row').filter({ hasText: 'Товар, тест' })).toContainText(/1\s000\s₽/);
  await expect(lines).not.toContainText('без баллов');
});

test('a first visit explains where points come from', line(27), async ({ page, member }) => {
  expect(member.card).toBeTruthy();
  await page.goto('/points');
  await expect(page.getByText('Покажите карту на кассе')).toBeVisible();
  await expect(page.getByRole('table')).toHaveCount(0);
});

for (const who of ['boris', 'anna', 'vera', 'gleb'] as const) {
  test.describe(() => {
    test.use({ storageState: signedIn[who] });
    test(`the way of ${who} to the next tier is told in words and as a bar, and is that of the rules`, line(29), async ({ page }) => {
      await page.goto('/rules');
      const tiers = new Map<string, number>();
      for (const [name, threshold] of [['Старт', 0], ['Серебро', 15_000], ['Золото', 50_000], ['Платина', 150_000]] as const) {
        tiers.set(name, threshold);
        if (threshold > 0) await expect(page.getByRole('main')).toContainText(new RegExp(`${threshold / 1000}\\s000\\s₽`));
        await expect(page.getByRole('main')).toContainText(name);
      }
      await page.goto('/card');
      const progress = page.getByRole('progressbar', { name: /До уровня/ });
      if ((await progress.count()) === 0) {
        await expect(page.getByText('Это высший уровень')).toBeVisible();
        return;
      }
      const next = /«(.+)»/.exec((await progress.getAttribute('aria-label'))!)![1]!;
      const [gone, whole] = await progress.evaluate((bar: HTMLProgressElement) => [bar.value, bar.max] as const);
      expect(whole).toBe(tiers.get(next)! * 100);
      const missing = (whole - gone) / 100;
      const text = await words(page, 'main');
      const said = /До уровня «.+?» — ещё ([\d ]+)(?:,(\d\d))? ₽/.exec(text)!;
      expect(number(said[1]!) + Number(said[2] ?? 0) / 100).toBeCloseTo(missing, 2);
    });
  });
}

test('a tier is reached by the purchase that passes its threshold, at once', line(29), async ({ page, member, pos }) => {
  await page.goto('/card');
  await expect(page.getByRole('region', { name: 'Карта' })).toContainText('Старт');
  await pos.sell({ code: member.printed, lines: [goods(1_500_000)] });
  await page.reload();
  await expect(page.getByRole('region', { name: 'Карта' })).toContainText('Серебро');
  await expect(page.getByRole('progressbar', { name: 'До уровня «Золото»' })).toBeVisible();
  expect(await (await pos.lookup(member.printed)).json()).toMatchObject({ tier: { ru: 'Серебро' } });
});
