// An answer that is not the server's own, to any step of a sale: whoever was served is gone, the next sale is nobody's until a
// card is scanned; what may be stored all the same is looked up when the link is back, and never sent again by itself.

import type { BrowserContext, BrowserContextOptions, Page } from '@playwright/test';

import { Device } from '../../support/code';
import { expectLoss, kept, offlineForm, openReadyTill, waitingBar } from '../../support/link';
import { everything, join } from '../../support/people';
import { goods, type Pos } from '../../support/pos';
import { type OwnAnswer, Proxy } from '../../support/proxy';
import { amount, codeField, customer, listening, postButton, quoteButton, result, scan } from '../../support/till';
import { OwnTill, comeIn } from '../../support/tills';
import { expect as impatient, line, test, type Watch } from '../../support/test';

test.use({ storageState: { cookies: [], origins: [] } });
test.describe.configure({ timeout: 90_000 });

const expect = impatient.configure({ timeout: 20_000 });

type Visitor = (options?: BrowserContextOptions) => Promise<BrowserContext>;

const FAILING: OwnAnswer = { status: 500, headers: { 'content-type': 'text/html' }, body: '<h1>Oops</h1>' };
const PORTAL: OwnAnswer = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Wi-Fi</title><h1>Вход в сеть гостиницы</h1>',
};

let proxy: Proxy;

test.beforeEach(async ({ watch }: { watch: Watch }) => {
  expectLoss(watch);
  watch.expect(/status of|AbortError|TimeoutError|signal timed out|Content Security Policy/);
  proxy = await Proxy.start();
});

test.afterEach(() => proxy.stop());

async function shopper(visitor: Visitor, name = 'Ника') {
  const context = await visitor({ storageState: undefined });
  const member = await join(context.request, { name });
  const purchases = async () => (await everything(context.request)).purchases as string[];
  const spent = async () => {
    const { points } = (await everything(context.request)) as { points: { kind: string; points: number }[] };
    return points.filter((each) => each.kind === 'spend').length;
  };
  return { context, member, purchases, spent };
}

/** A paired browser with a cashier at work. */
async function atWork(page: Page) {
  const till = OwnTill.add();
  const cashier = till.staff('Кассир', '1357');
  await till.pair(page, proxy.site);
  await comeIn(page, cashier);
  await openReadyTill(page, `${proxy.site}/till`);
}

async function serve(page: Page, code: string, name: string, roubles: string) {
  await codeField(page).fill(code);
  await codeField(page).press('Enter');
  await expect(customer(page)).toHaveText(name);
  await listening(page);
  if (roubles) await amount(page).fill(roubles);
}

/** Nobody is on the till, whatever is loaded again; and a sale without a card is nobody's. */
async function isNobodys(page: Page) {
  await expect(customer(page)).toHaveText('Сканируйте карту');
  for (const address of ['/till', '/till?next']) {
    await page.goto(`${proxy.site}${address}`);
    await expect(customer(page)).toHaveText('Сканируйте карту');
    await expect(page.locator('body')).not.toContainText('Ника');
  }
  await listening(page);
  await page.keyboard.press('F4');
  await expect(customer(page)).toHaveText('Без карты');
  await amount(page).fill('777');
  await postButton(page).click();
  await expect(result(page)).toContainText('проведён');
  await expect(page.locator('body')).not.toContainText('Ника');
}

for (const [name, instead] of Object.entries<OwnAnswer | 'nothing'>({ 'a failing gateway': FAILING, 'another network': PORTAL, nobody: 'nothing' })) {
  test(`the quote is answered by ${name} and the receipt is dropped: the next sale is nobody's`, line(36), async ({ page, visitor }) => {
    const { member, purchases } = await shopper(visitor);
    await atWork(page);
    await serve(page, member.printed, 'Ника', '654');
    proxy.instead = instead;
    await quoteButton(page).click();
    await expect(offlineForm(page)).toBeVisible();
    await expect(page.locator('#offline-begun')).toContainText('вместе с картой покупателя');
    await expect(amount(page)).toHaveValue('654');
    await expect(page.locator('body')).not.toContainText('Ника');
    await listening(page);
    await page.keyboard.press('Escape');
    await expect(amount(page)).toHaveValue('');
    proxy.instead = undefined;
    await isNobodys(page);
    expect(await purchases()).toHaveLength(0);
  });
}

test('the receipt that was begun goes on with its customer when the link is back', line(36), async ({ page, visitor }) => {
  const { member, purchases } = await shopper(visitor);
  await atWork(page);
  await serve(page, member.printed, 'Ника', '654');
  proxy.instead = FAILING;
  await quoteButton(page).click();
  await expect(offlineForm(page)).toBeVisible();
  await page.reload();
  await expect(offlineForm(page)).toBeVisible();
  proxy.instead = undefined;
  await expect(customer(page)).toHaveText('Ника');
  await expect(amount(page)).toHaveValue('654');
  await listening(page);
  await postButton(page).click();
  await expect(result(page)).toContainText('Ника');
  expect(await purchases()).toHaveLength(1);
  // The result of the sale names its customer until the next one.
  await page.goto(`${proxy.site}/till`);
  await isNobodys(page);
});

test('the customer is left without an answer: nobody is on the till', line(36), async ({ page, visitor }) => {
  const { member, purchases } = await shopper(visitor);
  await atWork(page);
  await serve(page, member.printed, 'Ника', '654');
  proxy.instead = FAILING;
  await page.keyboard.press('Escape');
  await expect(offlineForm(page)).toBeVisible();
  await expect(amount(page)).toHaveValue('');
  await page.reload();
  await expect(offlineForm(page)).toBeVisible();
  proxy.instead = undefined;
  await isNobodys(page);
  expect(await purchases()).toHaveLength(0);
});

test('the next card is scanned without an answer: it is the next sale, and the customer before is gone', line(36), async ({ page, visitor }) => {
  const before = await shopper(visitor);
  const next = await shopper(visitor, 'Яна');
  await atWork(page);
  await serve(page, before.member.printed, 'Ника', '654');
  proxy.instead = FAILING;
  await scan(page, next.member.printed);
  await expect(offlineForm(page)).toBeVisible();
  await expect(codeField(page)).toHaveValue(next.member.printed);
  await expect(amount(page)).toHaveValue('');
  await listening(page);
  await amount(page).fill('321');
  await page.keyboard.press('F9');
  await expect(result(page)).toContainText('сохранён на кассе');
  proxy.instead = undefined;
  await expect.poll(async () => (await next.purchases()).length).toBe(1);
  await expect.poll(() => kept(page).catch(() => ['not yet'])).toEqual([]);
  await isNobodys(page);
  expect(await before.purchases()).toHaveLength(0);
  expect(await next.purchases()).toHaveLength(1);
});

test('another tab of the till shows nobody either', line(36), async ({ page, context, visitor }) => {
  const { member } = await shopper(visitor);
  await atWork(page);
  await serve(page, member.printed, 'Ника', '');
  const other = await context.newPage();
  await other.goto(`${proxy.site}/till`);
  await expect(customer(other)).toHaveText('Ника');
  await listening(other);
  proxy.instead = FAILING;
  proxy.only = /POST/;
  await page.keyboard.press('Escape');
  await expect(offlineForm(page)).toBeVisible();
  // By itself, without a reload.
  await expect(customer(other)).toHaveText('Сканируйте карту');
});

test('a sale without a card is nobody’s, whomever another tab serves', line(36), async ({ page, context, visitor }) => {
  const { member } = await shopper(visitor);
  await atWork(page);
  const other = await context.newPage();
  await other.goto(`${proxy.site}/till`);
  await expect(customer(other)).toHaveText('Сканируйте карту');
  await serve(page, member.printed, 'Ника', '');
  await listening(other);
  await other.keyboard.press('F4');
  await expect(customer(other)).toHaveText('Без карты');
});

for (const [typed, stays] of [['', ''], ['500', '500']] as const) {
  test(`a scan without an answer leaves the amount as it was typed: “${typed}”`, line([33, 36]), async ({ page, visitor }) => {
    const { member } = await shopper(visitor);
    await atWork(page);
    await page.goto(`${proxy.site}/till?without-card`);
    await listening(page);
    await amount(page).fill(typed);
    await amount(page).focus();
    proxy.instead = FAILING;
    await scan(page, member.printed);
    await expect(offlineForm(page)).toBeVisible();
    await expect(codeField(page)).toHaveValue(member.printed);
    await expect(amount(page)).toHaveValue(stays);
  });
}

/** Serves a member with points who pays with as many as may be; the form is about to be posted. */
async function spending(page: Page, visitor: Visitor, pos: Pos) {
  const who = await shopper(visitor);
  const device = await Device.of(who.context.request, who.member.card);
  await pos.sell({ code: who.member.printed, lines: [goods(500_000)] });
  await atWork(page);
  await serve(page, device.code(), 'Ника', '1000');
  await page.getByLabel(/Сколько можно/).check();
  proxy.only = /^POST .api.till.post/;
  proxy.instead = FAILING;
  return who;
}

/** The page without a link says that the answer is missing; from now on nothing is answered at all. */
async function isUnanswered(page: Page, words: RegExp) {
  await expect(page.locator('#offline-sent')).toContainText(words);
  proxy.only = /./;
  await expect(page.locator('#offline-begun')).toBeHidden();
  await expect(page.locator('body')).not.toContainText('Ника');
}

test('a sale that spends points is stored and its answer is lost: the till finds it and shows its result', line([35, 36]), async ({ page, visitor, pos }) => {
  const { purchases, spent } = await spending(page, visitor, pos);
  proxy.serves = true;
  await postButton(page).click();
  await isUnanswered(page, /Чек на 1\s000\s₽ отправлен, но ответ сервера не пришёл.*Не вводите его снова/s);
  proxy.serves = false;
  await expect(amount(page)).toHaveValue('');
  // Reloading changes nothing, and the next sale is another one.
  await page.reload();
  await expect(page.locator('#offline-sent')).toBeVisible();
  await listening(page);
  await amount(page).fill('55');
  await page.keyboard.press('F9');
  await expect(result(page)).toContainText('сохранён на кассе');
  proxy.instead = undefined;
  await expect(note(page)).toContainText(/Чек на 1\s000\s₽, ответ на который не пришёл, проведён/);
  await expect(customer(page)).not.toHaveText('Ника');
  await note(page).getByRole('button', { name: 'К итогу' }).click();
  await expect(result(page)).toContainText('Ника');
  await expect(result(page)).toContainText(/К оплате [\d\s,]+₽/);
  await expect(result(page)).toContainText('Списано');
  await expect.poll(() => kept(page)).toEqual([]);
  await expect(waitingBar(page)).toBeHidden();
  expect(await purchases()).toHaveLength(2);
  expect(await spent()).toBe(1);
});

test('a sale that spends points has not arrived: the till says so, and nothing is posted until the cashier does', line([35, 36]), async ({ page, visitor, pos }) => {
  const { purchases, spent } = await spending(page, visitor, pos);
  await postButton(page).click();
  await isUnanswered(page, /Чек на 1\s000\s₽ отправлен, но ответ сервера не пришёл/);
  proxy.instead = undefined;
  await expect(note(page)).toContainText(/Чек на 1\s000\s₽ не проведён, баллы не списаны/);
  // Nobody is brought back before the cashier asks for the receipt.
  await expect(customer(page)).toHaveText('Сканируйте карту');
  await listening(page);
  await note(page).getByRole('button', { name: 'К чеку' }).click();
  await expect(result(page)).toContainText(/Чек на 1\s000\s₽ не проведён, баллы не списаны/);
  await expect(customer(page)).toHaveText('Ника');
  await expect(amount(page)).toHaveValue('1000');
  await expect(page.getByLabel(/Сколько можно/)).toBeChecked();
  expect(await purchases()).toHaveLength(1);
  expect(await spent()).toBe(0);
  await listening(page);
  await postButton(page).click();
  await expect(result(page)).toContainText('Списано');
  expect(await purchases()).toHaveLength(2);
  expect(await spent()).toBe(1);
});

test('what became of a sale stays on every page of the till until somebody has dealt with it', line([35, 36]), async ({ page, context, visitor, pos }) => {
  await spending(page, visitor, pos);
  await postButton(page).click();
  await isUnanswered(page, /Чек на 1\s000\s₽ отправлен, но ответ сервера не пришёл/);
  proxy.instead = undefined;
  await expect(note(page)).toContainText(/Чек на 1\s000\s₽ не проведён/);
  // The next customer is served meanwhile: the note goes on to say what it is about, and leads away from nobody.
  const next = await shopper(visitor, 'Рита');
  await serve(page, next.member.printed, 'Рита', '300');
  await expect(note(page)).toContainText(/Чек на 1\s000\s₽ не проведён/);
  await expect(note(page).getByRole('button')).toHaveCount(0);
  await postButton(page).click();
  await expect(result(page)).toContainText('Рита');
  await expect(note(page).getByRole('button', { name: 'К чеку' })).toBeVisible();
  const other = await context.newPage();
  for (const address of ['/till/queue', '/till?next']) {
    await other.goto(`${proxy.site}${address}`);
    await expect(note(other)).toContainText(/Чек на 1\s000\s₽ не проведён/);
  }
  await note(other).getByRole('button', { name: 'Понятно' }).click();
  await expect(note(other)).toHaveCount(0);
  for (const tab of [other, page]) {
    await tab.goto(`${proxy.site}/till`);
    await listening(tab);
    await expect(note(tab)).toHaveCount(0);
  }
});

test('a gift whose hand-over was not answered is told of, not given again', line([36, 39]), async ({ page, visitor, pos }) => {
  const { member } = await shopper(visitor);
  await pos.sell({ code: member.printed, lines: [goods(1_600_000)] });
  for (let sale = 0; sale < 4; sale += 1) await pos.sell({ code: member.printed, lines: [goods(50_000)] });
  await atWork(page);
  await serve(page, member.printed, 'Ника', '');
  proxy.only = /^POST .api.till.gift/;
  proxy.instead = FAILING;
  proxy.serves = true;
  await page.getByRole('button', { name: /^Выдать/ }).click();
  await isUnanswered(page, /Выдача подарка отправлена, но ответ сервера не пришёл.*он отмечен выданным/s);
  proxy.instead = undefined;
  await expect(note(page)).toContainText('Выдача подарка отправлена');
  await serve(page, member.printed, 'Ника', '');
  await expect(page.getByRole('button', { name: /^Выдать/ })).toHaveCount(0);
  await page.goto(`${proxy.site}/till?next`);
  await note(page).getByRole('button', { name: 'Понятно' }).click();
  await expect(note(page)).toHaveCount(0);
});

/** A return of 40 of 99.90 roubles, worked out and about to be posted; the sale. */
async function returning(page: Page) {
  await atWork(page);
  await page.goto(`${proxy.site}/till?without-card`);
  await amount(page).fill('99,90');
  await postButton(page).click();
  await expect(result(page)).toContainText('проведён');
  const sale = new URL(page.url()).searchParams.get('done')!;
  await page.goto(`${proxy.site}/till/return?sale=${sale}`);
  await listening(page);
  await page.getByLabel('На сумму').fill('40');
  await page.getByRole('button', { name: /Посчитать/ }).click();
  await expect(page.locator('#returning dl.sum')).toBeVisible();
  await listening(page);
  proxy.only = /^POST .api.till.return-post/;
  proxy.instead = FAILING;
  return sale;
}

/** What the till tells of a receipt whose answer was missing. */
function note(page: Page) {
  return page.locator('#main > .note.sent');
}

const postReturn = (page: Page) => page.getByRole('button', { name: /Провести возврат/ });

test('a return is stored and its answer is lost: the till finds it and shows its result', line([35, 36]), async ({ page }) => {
  const sale = await returning(page);
  proxy.serves = true;
  await postReturn(page).click();
  await isUnanswered(page, /Возврат отправлен, но ответ сервера не пришёл.*Не проводите его снова/s);
  proxy.instead = undefined;
  await expect(note(page)).toContainText('Возврат, ответ на который не пришёл, проведён');
  await note(page).getByRole('button', { name: 'К итогу' }).click();
  await expect(result(page)).toContainText(/Возврат .+ проведён/);
  await expect(result(page)).toContainText(/Верните 40\s₽/);
  await page.goto(`${proxy.site}/till/return?sale=${sale}`);
  await expect(page.locator('form#returning')).toContainText(/Осталось 59,90\s₽/);
});

test('a return has not arrived: the till says so and leads to it', line([35, 36]), async ({ page }) => {
  await returning(page);
  const key = page.locator('form#returning [name=key]');
  const sent = await key.inputValue();
  await postReturn(page).click();
  await isUnanswered(page, /Возврат отправлен, но ответ сервера не пришёл/);
  proxy.instead = undefined;
  await expect(note(page)).toContainText('Возврат не проведён');
  await page.getByRole('button', { name: 'К возврату' }).click();
  await expect(page.locator('form#returning')).toContainText(/99,90\s₽/);
  await expect(page.locator('form#returning')).not.toContainText('Уже вернули');
  // Under the same key: should the first one arrive late, it counts once.
  await expect(key).toHaveValue(sent);
});

test('a return that is made after a step without an answer shows its own result', line([35, 36]), async ({ page }) => {
  const sale = await returning(page);
  // The earlier return is stored and its answer lost.
  proxy.serves = true;
  await postReturn(page).click();
  await isUnanswered(page, /Возврат отправлен/);
  proxy.serves = false;
  proxy.instead = undefined;
  await page.goto(`${proxy.site}/till/return?sale=${sale}`);
  await listening(page);
  await page.getByLabel('На сумму').fill('10');
  await page.getByRole('button', { name: /Посчитать/ }).click();
  await expect(page.locator('#returning dl.sum')).toBeVisible();
  await listening(page);
  await postReturn(page).click();
  await expect.poll(() => page.evaluate(() => sessionStorage.getItem('till-next')).catch(() => 'not yet')).toBeNull();
  await expect(result(page)).toContainText(/Верните 10\s₽/);
  await expect(note(page)).toContainText('Возврат, ответ на который не пришёл, проведён');
  await expect(result(page)).toContainText(/Верните 10\s₽/);
});
