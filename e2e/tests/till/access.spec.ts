// Who is at a till: a browser is paired once, people come in by PIN, and a till that nobody watches shows nothing.

import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

import { join } from '../../support/people';
import { OwnServer } from '../../support/server';
import { amount, codeField, customer, find, listening, openTill, result } from '../../support/till';
import { expect, line, test } from '../../support/test';
import { applyProgramme, comeIn, kopilka, OwnTill } from '../../support/tills';

test.use({ storageState: { cookies: [], origins: [] } });

const lockButton = (page: Page) => page.getByRole('button', { name: /Заблокировать/ });
const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** Everything serious that axe finds, and targets that are too small for a till. */
async function look(page: Page) {
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  expect(found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
  const small = await page.locator('a.btn, button:not(.vh), summary, .people label, select, input:not([type=radio], [type=hidden])').evaluateAll((all) =>
    all
      .filter((each) => (each as HTMLElement).checkVisibility())
      .map((each) => ({ text: each.textContent || each.getAttribute('name'), height: each.getBoundingClientRect().height }))
      .filter((each) => each.height < 44),
  );
  expect(small).toEqual([]);
}

test('a browser is paired by a key, and a name and a PIN are enough from then on', line(34), async ({ page }) => {
  const till = OwnTill.add();
  const [olga, ilya] = [till.staff('Ольга', '2580'), till.staff('Илья', '3690')];
  await till.pair(page);
  await expect(page.getByRole('radio', { name: ilya.name })).toBeVisible();
  await expect(page.getByLabel('PIN')).toHaveAttribute('inputmode', 'numeric');
  await look(page);
  await page.getByRole('radio', { name: olga.name }).check();
  await page.getByLabel('PIN').fill('0001');
  await page.getByLabel('PIN').press('Enter');
  await expect(page.getByRole('alert')).toContainText('PIN не подходит');
  await expect(page.getByLabel('PIN')).toHaveValue('');
  await expect(page.getByLabel('PIN')).toBeFocused();
  await expect(page.getByRole('radio', { name: olga.name })).toBeChecked();
  await page.keyboard.type(olga.pin);
  await page.keyboard.press('Enter');
  await expect(heading(page)).toHaveText('Сканируйте карту');
  await expect(page.locator('.till-top')).toContainText('Смена № 1');
  await look(page);
});

test('from the door to a posted sale by keys alone', line([34, 35, 40]), async ({ page, visitor }) => {
  const till = OwnTill.add();
  const olga = till.staff('Ольга', '2580');
  const member = await join((await visitor({ storageState: undefined })).request, { name: 'Ника' });
  await till.pair(page);
  await page.reload();
  const reach = async (place: Locator) => {
    for (let steps = 0; steps < 30; steps += 1) {
      if (await place.evaluate((each) => each === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error('no way there by Tab');
  };
  // Radio buttons are one stop of Tab; arrows go from one to the next.
  await reach(page.getByRole('radio').first());
  const own = page.getByRole('radio', { name: olga.name });
  await page.keyboard.press('Space');
  for (let steps = 0; steps < 30 && !(await own.isChecked()); steps += 1) await page.keyboard.press('ArrowDown');
  await expect(own).toBeChecked();
  await reach(page.getByLabel('PIN'));
  await page.keyboard.type(olga.pin);
  await page.keyboard.press('Enter');
  await expect(heading(page)).toHaveText('Сканируйте карту');
  await expect(codeField(page)).toBeFocused();
  await page.keyboard.type(member.printed, { delay: 60 });
  await page.keyboard.press('Enter');
  await expect(customer(page)).toHaveText('Ника');
  await expect(amount(page)).toBeFocused();
  await listening(page);
  await page.keyboard.type('300', { delay: 60 });
  await page.keyboard.press('F9');
  await expect(result(page)).toContainText(/К оплате 300\s₽/);
  await expect(codeField(page)).toBeFocused();
  await listening(page);
  await page.keyboard.press('Pause');
  await expect(page.getByLabel('PIN').first()).toBeVisible();
});

test('a wrong key says what to do, and is not shown again', line(34), async ({ page }) => {
  await page.goto('/till');
  await page.getByText('Сделать этот браузер кассой').click();
  const field = page.getByLabel('Ключ кассы или код');
  await field.fill('0123456789abcdef');
  await page.getByRole('button', { name: 'Привязать' }).click();
  await expect(page.getByRole('alert')).toContainText('Ключ или код не подходит');
  await expect(field).toHaveValue('');
});

test('an administrator shows a code that pairs another browser', line(34), async ({ page, visitor }) => {
  const till = OwnTill.add();
  const boss = till.staff('Павел', '1470', 'admin');
  await till.pair(page);
  await comeIn(page, boss);
  await page.getByRole('link', { name: 'Привязка' }).click();
  await page.getByLabel('Какой кассой он станет').selectOption({ label: till.name });
  await page.getByRole('button', { name: 'Показать код' }).click();
  const code = await page.locator('.pairing-code .digits').innerText();
  expect(code).toMatch(/^\d{4}\s\d{4}$/);
  await look(page);
  const other = await (await visitor()).newPage();
  await other.goto('/till');
  await other.getByText('Сделать этот браузер кассой').click();
  await other.getByLabel('Ключ кассы или код').fill(code);
  await other.getByRole('button', { name: 'Привязать' }).click();
  await expect(other.getByRole('radio', { name: boss.name })).toBeVisible();
});

test('a locked till shows nothing of the customer, and unlocking returns to them', line([34, 39]), async ({ page, visitor }) => {
  const till = OwnTill.add();
  const [olga, ilya] = [till.staff('Ольга', '2580'), till.staff('Илья', '3690')];
  const { printed } = await join((await visitor()).request, { name: 'Аделаида' });
  await till.pair(page);
  await comeIn(page, olga);
  await find(page, printed, 'Аделаида');
  const answers: Promise<string>[] = [];
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.status() < 300) answers.push(response.text());
  });
  await listening(page);
  await page.keyboard.press('Pause');
  await expect(heading(page)).toHaveText('Касса заблокирована');
  await expect(page.getByRole('radio', { name: olga.name })).toBeChecked();
  await expect(page.getByLabel('PIN')).toBeFocused();
  await look(page);
  await page.goBack();
  await expect(heading(page)).toHaveText('Касса заблокирована');
  await page.reload();
  await expect(heading(page)).toHaveText('Касса заблокирована');
  expect((await Promise.all(answers)).filter((html) => html.includes('Аделаида'))).toEqual([]);

  await page.keyboard.type(olga.pin);
  await page.keyboard.press('Enter');
  await expect(customer(page)).toHaveText('Аделаида');
  await lockButton(page).click();
  await comeIn(page, ilya);
  await expect(customer(page)).toHaveText('Аделаида');
});

test('the page goes to the lock by itself once the till is idle', line(39), async ({ page }) => {
  test.setTimeout(120_000);
  const server = await OwnServer.start(17);
  try {
    applyProgramme(server.data, /idle_minutes = \d+/, 'idle_minutes = 1');
    const till = OwnTill.add('station', server.data);
    const olga = till.staff('Ольга', '2580');
    const { printed } = await join(page.request, { name: 'Аделаида', site: server.site });
    await till.pair(page, server.site);
    await comeIn(page, olga);
    await page.locator('#code').fill(printed);
    await page.locator('#code').press('Enter');
    await expect(customer(page)).toHaveText('Аделаида');
    // Nobody touches anything.
    await expect(heading(page)).toHaveText('Касса заблокирована', { timeout: 80_000 });
    expect(await page.content()).not.toContain('Аделаида');
    await expect(page).toHaveURL(/\/till\?idle$/);
    await page.getByLabel('PIN').fill(olga.pin);
    await page.getByLabel('PIN').press('Enter');
    await expect(customer(page)).toHaveText('Аделаида');
  } finally {
    await page.goto('about:blank');
    await server.stop();
    server.forget();
  }
});

test('a till that is cut off in mid-shift says so and asks to be paired again', line(34), async ({ page }) => {
  const till = OwnTill.add();
  const olga = till.staff('Ольга', '2580');
  await till.pair(page);
  await comeIn(page, olga);
  kopilka(['till', 'unpair', till.name]);
  await page.getByRole('link', { name: 'Продать без карты' }).click();
  await expect(page.getByRole('alert')).toContainText('Эта касса отключена. Привяжите её снова');
  const field = page.getByLabel('Ключ кассы или код');
  await expect(field).toBeFocused();
  await field.fill(till.key);
  await field.press('Enter');
  await comeIn(page, olga);
});

test('a cashier gives herself another PIN, proving her password', line(34), async ({ page }) => {
  const till = OwnTill.add();
  const olga = till.staff('Ольга', '2580');
  await till.pair(page);
  await comeIn(page, olga);
  await page.getByRole('link', { name: olga.name }).click();
  await page.getByLabel('Пароль').fill(olga.password);
  await page.getByLabel('Новый PIN').fill('1111');
  await page.getByLabel('PIN ещё раз').fill('1111');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByLabel('Новый PIN')).toHaveAccessibleDescription(/легко угадать/);
  await look(page);
  await page.getByLabel('Пароль').fill(olga.password);
  await page.getByLabel('Новый PIN').fill('97531');
  await page.getByLabel('PIN ещё раз').fill('97531');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('status').first()).toContainText('PIN сохранён');
  await lockButton(page).click();
  await comeIn(page, { ...olga, pin: '97531' });
});

test('with no script a till is paired, signed in to, locked and unlocked', line([34, 39]), async ({ visitor }) => {
  const till = OwnTill.add();
  const olga = till.staff('Ольга', '2580');
  const page = await (await visitor({ javaScriptEnabled: false })).newPage();
  await till.pair(page);
  await comeIn(page, olga);
  const shown = await page.goto('/till');
  expect(shown?.headers()['refresh']).toBe('902;url=/till?idle');
  await lockButton(page).click();
  await expect(heading(page)).toHaveText('Касса заблокирована');
  await comeIn(page, olga);
  await expect(heading(page)).toHaveText('Сканируйте карту');
});

test('where the browser is not paired, whoever locked it unlocks with a PIN, others with a password', line(39), async ({ page }) => {
  const till = OwnTill.add();
  const [olga, ilya] = [till.staff('Ольга', '2580'), till.staff('Илья', '3690')];
  await page.goto('/till');
  await page.getByLabel('Логин').fill(olga.login);
  await page.getByLabel('Пароль').fill(olga.password);
  await page.getByRole('button', { name: 'Войти' }).click();
  await openTill(page);
  await lockButton(page).click();
  await expect(page.getByRole('radio')).toHaveCount(1);
  await comeIn(page, olga);
  await lockButton(page).click();
  await page.getByText('Войти с логином и паролем').click();
  await page.getByLabel('Логин').fill(ilya.login);
  await page.getByLabel('Пароль').fill(ilya.password);
  await page.getByLabel('Пароль').press('Enter');
  await expect(page.locator('.till-top')).toContainText(ilya.name);
});
