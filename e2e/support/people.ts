// Shoppers of the tests: each has a phone of their own, so that no test waits for or disturbs another.

import { type APIRequestContext, expect, type Page, test } from '@playwright/test';

import { submit } from './http';
import { SITE } from './place';

let phones = 0;

/** A Russian mobile number that nobody has had in this run. */
export function freshPhone(): string {
  const worker = test.info().workerIndex % 100;
  phones += 1;
  const noise = Math.floor(Math.random() * 100);
  const digits = [[worker, 2], [phones, 4], [noise, 2]] as const;
  return `+791${digits.map(([value, width]) => String(value).padStart(width, '0')).join('')}`;
}

/** The newest one-time password that was sent to a phone, read where the demo shows its messages. */
export async function oneTimePassword(request: APIRequestContext, phone: string, site = SITE): Promise<string> {
  const page = await request.get(`${site}/outbox`);
  expect(page.status()).toBe(200);
  const html = await page.text();
  const message = html.slice(html.indexOf(`"${phone}"`));
  const code = /otp-code[^>]*>(?:<!--.*?-->)?\s*(\d{6})/.exec(message)?.[1];
  expect(html, 'a message to the phone').toContain(`"${phone}"`);
  expect(code, 'a one-time password in it').toBeDefined();
  return code!;
}

/** Somebody who has joined. */
export interface Member {
  phone: string;
  /** Sixteen digits. */
  card: string;
  /** What a till reads from the printed card: it earns, it does not spend. */
  printed: string;
}

/** A card number with a right check digit (Luhn) that nobody has, but for one chance in a million million. */
export function unknownCard(): string {
  const body = `4999${String(Math.floor(Math.random() * 1e11)).padStart(11, '0')}`;
  const sum = [...body].reduce((total, digit, place) => {
    const twice = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
}

/** Signs a phone in with its one-time password; a new one is at the consents then. */
export async function prove(request: APIRequestContext, phone: string, site = SITE) {
  await submit(request, '/api/join/phone', { phone }, site);
  return submit(request, '/api/join/code', { code: await oneTimePassword(request, phone, site) }, site);
}

/** Joins without a page, for tests about something else. The request's cookies are the member's from then on. */
export async function join(
  request: APIRequestContext,
  { name = 'Мария', lastName = '', phone = freshPhone(), site = SITE } = {},
): Promise<Member> {
  await prove(request, phone, site);
  await submit(
    request,
    '/api/join/finish',
    { first_name: name, last_name: lastName, personal_data: 'yes', rules: 'yes' },
    site,
  );
  const card = await cardNumber(request, site);
  return { phone, card, printed: `70${card}` };
}

/** Everything that the programme keeps about whoever is signed in. */
export async function everything(request: APIRequestContext, site = SITE) {
  const answer = await request.get(`${site}/settings/export.json`);
  expect(answer.headers()['content-type']).toContain('application/json');
  return answer.json();
}

/** The card of whoever is signed in. */
export async function cardNumber(request: APIRequestContext, site = SITE): Promise<string> {
  const { card } = await everything(request, site);
  expect(card).toMatch(/^\d{16}$/);
  return card;
}

/** Types a phone and asks for a code, on the page. */
export async function askForCode(page: Page, phone: string) {
  await page.getByLabel('Номер телефона').fill(phone);
  await page.getByRole('button', { name: 'Получить код' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Код из SMS' })).toBeVisible();
}

/** Types the code that was sent, on the page. */
export async function enterCode(page: Page, phone: string) {
  await page.getByLabel('Шесть цифр').fill(await oneTimePassword(page.request, phone));
  await page.getByRole('button', { name: 'Продолжить' }).click();
}

/** Ticks the two agreements and opens the card, on the page. */
export async function agree(page: Page, name = 'Мария') {
  await page.getByLabel('Имя', { exact: true }).fill(name);
  await page.getByLabel(/согласие на обработку персональных данных/).check();
  await page.getByLabel(/правила программы/).check();
  await page.getByRole('button', { name: 'Открыть карту' }).click();
}
