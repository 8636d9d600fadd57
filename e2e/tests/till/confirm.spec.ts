// Spending with a card that may not spend: the till asks, the owner answers on a phone of their own.

import type { Browser, Page } from '@playwright/test';

import { Device } from '../../support/code';
import { everything, join } from '../../support/people';
import { signedIn, SITE } from '../../support/place';
import { goods, type Pos } from '../../support/pos';
import { amount, find, postButton, quoteButton, result } from '../../support/till';
import { expect, line, test } from '../../support/test';

test.use({ storageState: signedIn.cashier });

type Visitor = (options?: object) => ReturnType<Browser['newContext']>;

/** A shopper with 230 points and a phone of her own. */
async function shopper(visitor: Visitor, pos: Pos, options: object = {}) {
  const context = await visitor({ viewport: { width: 390, height: 844 }, storageState: undefined, ...options });
  const member = await join(context.request, { name: 'Ника' });
  const device = await Device.of(context.request, member.card);
  await pos.sell({ code: device.code(), lines: [goods(100_000)] });
  const phone = await context.newPage();
  const points = async () => {
    const { points } = await everything(context.request);
    return points.reduce((sum: number, entry: { points: number }) => sum + entry.points, 0) as number;
  };
  return { member, phone, points };
}

const question = (phone: Page) => phone.getByRole('heading', { name: /^Списать \d+ балл/ });
const ask = (page: Page) => page.getByRole('button', { name: /Спросить покупателя/ });

test('a yes on the open card lets points pay, once', line([31, 35]), async ({ page, visitor, pos }) => {
  const { member, phone, points } = await shopper(visitor, pos);
  await phone.goto('/card');
  await expect(question(phone)).toHaveCount(0);
  await find(page, member.printed, 'Ника');
  await amount(page).fill('240');
  await page.getByLabel(/Списать баллы: сколько/).fill('100');
  await ask(page).click();
  await expect(page.locator('#asking')).toContainText('Ждём ответа с телефона: списать 100 баллов?');
  // It is there at once, without a touch of the phone.
  await expect(question(phone)).toHaveText('Списать 100 баллов?', { timeout: 2_000 });
  await expect(phone.locator('#question')).toContainText('Магазин Центр, Касса 2');
  await expect(phone.locator('[data-left]')).toHaveText(/^5\d$/, { timeout: 4_000 });
  await phone.getByRole('button', { name: 'Да, списать' }).click();
  await expect(phone.getByText('Вы согласились')).toBeVisible();
  await expect(question(phone)).toHaveCount(0);
  // The till turns by itself.
  await expect(page.locator('#asking')).toContainText('Покупатель согласен: до 100 баллов');
  await expect(amount(page)).toHaveValue('240');
  await expect(page.locator('dl.sum')).toContainText(/К оплате\s*140\s₽/);
  await postButton(page).click();
  await expect(result(page)).toContainText('Списано 100 баллов');
  await expect(result(page)).toContainText(/К оплате 140\s₽/);
  expect(await points()).toBe(230 - 100 + 4);
});

test('a no is told, and the sale goes on without points', line(35), async ({ page, visitor, pos }) => {
  const { member, phone, points } = await shopper(visitor, pos);
  await phone.goto('/card');
  await find(page, member.printed, 'Ника');
  await amount(page).fill('240');
  await ask(page).click();
  await expect(question(phone)).toHaveText('Списать 120 баллов?');
  await phone.getByRole('button', { name: 'Нет', exact: true }).click();
  await expect(result(page)).toContainText('Покупатель не хочет списывать');
  await postButton(page).click();
  await expect(result(page)).toContainText(/К оплате 240\s₽/);
  expect(await points()).toBe(230 + 7);
});

test('a sale that goes on takes its question from the phone', line(35), async ({ page, visitor, pos }) => {
  const { member, phone } = await shopper(visitor, pos);
  await phone.goto('/card');
  await find(page, member.printed, 'Ника');
  await amount(page).fill('240');
  await ask(page).click();
  await expect(question(phone)).toBeVisible();
  await postButton(page).click();
  await expect(result(page)).toContainText(/К оплате 240\s₽/);
  await expect(question(phone)).toHaveCount(0);
});

test('the question waits on any page of the wallet', line(30), async ({ page, visitor, pos }) => {
  const { member, phone } = await shopper(visitor, pos);
  await find(page, member.printed, 'Ника');
  await amount(page).fill('240');
  await ask(page).click();
  for (const address of ['/points', '/offers', '/profile']) {
    await phone.goto(address);
    await expect(question(phone), address).toBeVisible();
  }
  await phone.getByRole('button', { name: 'Да, списать' }).click();
  await expect(phone).toHaveURL('/card');
  await expect(page.locator('#asking')).toContainText('Покупатель согласен');
});

test('more points than may be spent are not asked for', line(35), async ({ page, visitor, pos }) => {
  const { member } = await shopper(visitor, pos);
  await find(page, member.printed, 'Ника');
  await amount(page).fill('240');
  await page.getByLabel(/Списать баллы: сколько/).fill('121');
  await ask(page).click();
  await expect(result(page)).toContainText('можно списать не больше 120 баллов');
  await expect(amount(page)).toHaveValue('240');
  await page.getByLabel(/Списать баллы: сколько/).fill('много');
  await ask(page).click();
  await expect(page.getByLabel(/Списать баллы: сколько/)).toHaveAccessibleDescription(/Целое число баллов/);
});

test('who has no open card cannot be asked', line(35), async ({ page, visitor, pos }) => {
  const { member, phone } = await shopper(visitor, pos);
  await phone.goto('/card');
  await phone.request.post('/api/sign-out', { headers: { origin: new URL(phone.url()).origin, 'content-type': 'application/x-www-form-urlencoded' }, data: '' });
  await find(page, member.printed, 'Ника');
  await amount(page).fill('240');
  await ask(page).click();
  await expect(result(page)).toContainText('Спросить негде');
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('the till checks, the phone answers by a form', line(35), async ({ page, visitor, pos }) => {
    const { member, phone, points } = await shopper(visitor, pos, { javaScriptEnabled: false });
    await page.goto('/till');
    await page.locator('#code').fill(member.printed);
    await page.locator('#code').press('Enter');
    await amount(page).fill('240');
    await ask(page).click();
    await expect(page.locator('#asking')).toContainText('Ждём ответа');
    await page.getByRole('button', { name: /Проверить/ }).click();
    await expect(page.locator('#asking')).toContainText('Ждём ответа');
    await phone.goto('/card');
    await phone.getByRole('button', { name: 'Да, списать' }).click();
    await page.getByRole('button', { name: /Проверить/ }).click();
    await expect(result(page)).toContainText('Покупатель согласен');
    await quoteButton(page).click();
    await expect(page.locator('dl.sum')).toContainText(/К оплате\s*120\s₽/);
    await postButton(page).click();
    await expect(result(page)).toContainText('Списано 120 баллов');
    expect(await points()).toBe(230 - 120 + 3);
  });
});

for (const language of ['ru', 'en'] as const) {
  test(`the number of points to ask for can be typed and read on every width (${language})`, line([21, 35]), async ({ page, context, visitor, pos }) => {
    await context.addCookies([{ name: 'language', value: language, url: SITE }]);
    const { member } = await shopper(visitor, pos);
    await find(page, member.printed, 'Ника');
    for (const width of [320, 360, 390, 1280]) {
      await page.setViewportSize({ width, height: width === 360 ? 640 : 844 });
      const [field, button, panel] = await Promise.all(
        ['#ask', '#asking .btn', '#asking'].map(async (part) => (await page.locator(part).boundingBox())!),
      );
      expect(field!.width, `${width} px`).toBeGreaterThanOrEqual(140);
      for (const part of [field!, button!]) {
        expect(part.x, `${width} px`).toBeGreaterThanOrEqual(panel!.x);
        expect(part.x + part.width, `${width} px`).toBeLessThanOrEqual(panel!.x + panel!.width);
      }
      // What stands in an empty field is read as a whole.
      const cut = await page.locator('#ask').evaluate((input: HTMLInputElement) => {
        const style = getComputedStyle(input);
        const pen = document.createElement('canvas').getContext('2d')!;
        pen.font = style.font;
        const inner = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        return pen.measureText(input.placeholder).width - inner;
      });
      expect(cut, `${width} px`).toBeLessThanOrEqual(1);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });
}
