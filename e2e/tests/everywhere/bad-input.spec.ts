// Wrong, missing, too long, hostile: a clear answer, nothing stored, nothing of it run.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { APIRequestContext, APIResponse } from '@playwright/test';

import { fromElsewhere, post, submit, type Values } from '../../support/http';
import { agree, everything, freshPhone, join, prove, unknownCard } from '../../support/people';
import { signedIn, SITE } from '../../support/place';
import { goods } from '../../support/pos';
import { find } from '../../support/till';
import { expect, line, test } from '../../support/test';

/** A receipt of the till, which many of its forms carry. */
const RECEIPT: Values = { key: 'k', visit: '', mode: 'amount', amount: '1', code: '', answered: '', shown: '', desk: '', token: '', typed: '' };

/** Every form of the site, with values that would be accepted. */
const FORMS: Record<string, Values> = {
  '/api/join/phone': { phone: '+79120000000', from: 'poster', store: 'center', visit: 'v' },
  '/api/join/code': { code: '123456' },
  '/api/join/invitation': { invitation: 'a'.repeat(64) },
  '/api/join/resend': {},
  '/api/join/finish': { first_name: 'Мария', last_name: 'Иванова', personal_data: 'yes', rules: 'yes' },
  '/api/sign-in/phone': { phone: '+79120000000' },
  '/api/sign-out': {},
  '/api/offers/activate': { offer: 'bakery-three', next: '/card' },
  '/api/offers/activate-all': {},
  '/api/offers/undo': { offer: 'bakery-three', next: '/card' },
  '/api/profile/name': { first_name: 'Мария', last_name: 'Иванова', email: 'maria@example.com' },
  '/api/profile/birth': { birth_day: '1', birth_month: '1', birth_year: '1990' },
  '/api/profile/birth-remove': {},
  '/api/profile/child-add': { child_year: '2024', child_agreed: 'yes' },
  '/api/profile/child-remove': { child: '00000000-0000-7000-8000-000000000000' },
  '/api/profile/pets': { cat: '1', dog: '', bird: '', fish: '', rodent: '', other: '' },
  '/api/profile/car': { car: 'none' },
  '/api/consents/save': {},
  '/api/consents/off': {},
  '/api/consents/children-off': {},
  '/api/settings/card-attach': { number: '4000001234567' },
  '/api/settings/device-end': { device: '00000000-0000-7000-8000-000000000000' },
  '/api/settings/phone-remove': { account: '00000000-0000-7000-8000-000000000000' },
  '/api/settings/close': { confirmed: 'yes' },
  '/api/claim': { code: '4KM29TXP077' },
  '/api/language': { language: 'en', next: '/' },
  '/api/theme': { theme: 'dark', next: '/' },
  '/api/card/size': { size: 'small' },
  '/api/card/key': {},
  '/api/card/answer': { question: '00000000-0000-7000-8000-000000000000', answer: 'yes' },
  '/api/till/sign-in': { login: 'nobody-of-the-tests', password: 'wrong-password' },
  '/api/till/unlock': { who: '00000000-0000-7000-8000-000000000000', pin: '0000', next: '/till' },
  '/api/till/lock': { next: '/till' },
  '/api/till/pair': { pairing: '00000000' },
  '/api/till/pairing-code': { till: '00000000-0000-7000-8000-000000000000' },
  '/api/till/pin': { password: 'wrong-password', pin: '97531', again: '97531' },
  '/api/till/close-shift': {},
  '/api/till/sign-out': {},
  '/api/till/lift': { ...RECEIPT, who: '00000000-0000-7000-8000-000000000000', pin: '0000', by_card: 'a' },
  '/api/till/scan': { ...RECEIPT, code: '1' },
  '/api/till/quote': RECEIPT,
  '/api/till/judge': RECEIPT,
  '/api/till/post': RECEIPT,
  '/api/till/edit': { ...RECEIPT, to: 'lines' },
  '/api/till/goods': { ...RECEIPT, find: 'хлеб', found: '' },
  '/api/till/add': { ...RECEIPT, sku: 'demo-001' },
  '/api/till/ask-spend': { ...RECEIPT, ask: '1' },
  '/api/till/ask-state': RECEIPT,
  '/api/till/gift': { ...RECEIPT, grant: '1', done: '' },
  '/api/till/gift-undo': { ...RECEIPT, undo: '1', done: '' },
  '/api/till/enrol-open': RECEIPT,
  '/api/till/enrol': RECEIPT,
  '/api/till/enrol-check': RECEIPT,
  '/api/till/phone': RECEIPT,
  '/api/till/phone-resend': RECEIPT,
  '/api/till/phone-code': RECEIPT,
  '/api/till/attach': { ...RECEIPT, lost: '' },
  '/api/till/enter': { ...RECEIPT, lost: '' },
  '/api/till/leave': {},
  '/api/till/return-find': { number: '1', shift: '1', till: 'Касса 1' },
  '/api/till/return-card': { code: '1' },
  '/api/till/return-quote': { key: 'k', sale: '00000000-0000-7000-8000-000000000000', amount: '1', all: '', quoted: '' },
  '/api/till/return-post': { key: 'k', sale: '00000000-0000-7000-8000-000000000000', amount: '1', all: '', quoted: '' },
};

/** Forms that end what the tests need, or that others wait for. */
const SPARED = ['/api/sign-out', '/api/settings/close', '/api/card/key', '/api/till/sign-out', '/api/till/sign-in', '/api/till/unlock', '/api/till/lock', '/api/till/pair', '/api/till/close-shift', '/api/till/pin'];

/** Addresses of the forms that the sources name. */
function named(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return named(file);
    return [...readFileSync(file, 'utf8').matchAll(/^#\[server\(.*endpoint = "([^"]+)"/gm)].map((match) => `/api/${match[1]}`);
  });
}

test('the tests know every form of the site', line(42), () => {
  expect(Object.keys(FORMS).sort()).toEqual(named(path.join(__dirname, '../../../src/api')).sort());
});

test('a form from another site is refused, whatever it says', line(42), async ({ context, member }) => {
  for (const [path, values] of Object.entries(FORMS)) {
    for (const site of ['cross-site', 'same-site', 'none']) {
      const answer = await context.request.post(path, {
        form: values as Record<string, string>,
        headers: { 'sec-fetch-site': site, origin: 'https://evil.example' },
        maxRedirects: 0,
      });
      expect(answer.status(), `${path} ${site}`).toBe(403);
    }
    const hidden = await context.request.post(path, { form: values as Record<string, string>, maxRedirects: 0 });
    expect(hidden.status(), `${path} without an origin`).toBe(403);
  }
  expect(await everything(context.request)).toMatchObject({ card: member.card, birth_date: null });
});

test('a body that is no form is refused', line(42), async ({ context, member }, { workerIndex }) => {
  expect(member.card).toBeTruthy();
  const elsewhere = fromElsewhere(workerIndex);
  for (const path of Object.keys(FORMS)) {
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
      const answer = await context.request.post(path, {
        data: '{"first_name":"Мария"}',
        headers: { 'content-type': type, origin: SITE, 'sec-fetch-site': 'same-origin', ...elsewhere },
        maxRedirects: 0,
      });
      expect(answer.status(), `${path} ${type}`).toBe(415);
    }
  }
});

test('a form without its fields, or with nonsense in them, never ends in a fault', line(42), async ({ context, member, visitor }, { workerIndex }) => {
  test.slow();
  const cashier = await visitor({ storageState: signedIn.cashier });
  const strange = ['', '\u0000', '\u202e\u200b', '<script>alert(1)</script>', "'; DROP TABLE members; --", '𝕏'.repeat(300), '-1', '1e309', '9'.repeat(40), '%', '{{7*7}}'];
  const check = async (answer: APIResponse, what: string) => {
    expect(answer.status(), what).not.toBe(429);
    expect(answer.status(), what).toBeLessThan(500);
    const text = await answer.text();
    expect(text, what).not.toMatch(/panicked|SqliteError|sqlx|RUST_BACKTRACE|<script>alert/);
  };
  let refused = 0;
  // A refused form answers with the address of its page: that page is looked at, too.
  const send = async (request: APIRequestContext, path: string, values: Values) => {
    const what = `${path} ${JSON.stringify(values).slice(0, 120)}`;
    const answer = await post(request, path, values, { headers });
    await check(answer, what);
    const location = answer.headers()['location'] ?? '';
    if (!location.includes('form=')) return;
    expect(answer.status(), what).toBe(303);
    // Pages for guests lead members on to their card.
    const page = await request.get(location);
    await check(page, `${what} at ${location}`);
    expect(page.status(), `${what} at ${location}`).toBe(200);
    refused += 1;
  };
  const paths = Object.keys(FORMS).filter((path) => !SPARED.includes(path));
  let headers = {};
  for (const path of paths) {
    headers = fromElsewhere(workerIndex);
    const request = path.startsWith('/api/till/') ? cashier.request : context.request;
    await send(request, path, {});
    for (const text of strange) {
      const values = Object.fromEntries(Object.keys(FORMS[path]!).map((name) => [name, text]));
      if (Object.keys(values).length > 0) await send(request, path, values);
    }
  }
  expect(refused).toBeGreaterThan(100);
  expect((await everything(context.request)).card).toBe(member.card);
});

for (const [kind, name, shown] of [
  ['a script', '<script>alert(1)</script>', null],
  ['markup that closes an attribute', '"><img src=x onerror=alert(1)>', null],
  ['a picture', 'Мария 🎉', null],
  ['quotes and references', '"Анна" &lt;script&gt; {{7*7}} \'', '"Анна" &lt;script&gt; {{7*7}} \''],
  ['10 000 letters', 'я'.repeat(10_000), null],
  ['letters that turn the writing round', 'Анна\u202eанна', 'Аннаанна'],
  ['letters that nobody sees', '\u3164Ан\u200bна\u{e0041}', 'Анна'],
  ['nothing but letters that nobody sees', '\u3164\u115f\u200b', null],
  ['digits only', '12345', null],
  ['right-to-left letters', 'מרים', 'מרים'],
  ['letters with a joiner between them', 'مهدی\u200cزاده', 'مهدی\u200cزاده'],
  ['letters with many marks', 'М\u0301а\u0308р\u0327ия', 'М\u0301а\u0308р\u0327ия'.normalize('NFC')],
  ['letters with far too many marks', `М${'\u0301\u0310\u0320'.repeat(20)}ия`, 'М\u0320\u0301ия'],
] as const) {
  test(`a name of ${kind} is ${shown === null ? 'refused' : 'shown as it can be seen'}, and nothing of it is run`, line(42), async ({ page, context, visitor }) => {
    let alarms = 0;
    page.on('dialog', async (dialog) => {
      alarms += 1;
      await dialog.dismiss();
    });
    await prove(context.request, freshPhone());
    await page.goto('/join/consents');
    await page.getByLabel('Имя', { exact: true }).evaluate((field) => field.removeAttribute('maxlength'));
    await agree(page, name);
    if (shown !== null) {
      await expect(page).toHaveURL('/card');
      await expect(page.locator('.card-owner')).toHaveText(shown);
      const { card } = await everything(page.request);
      const till = await (await visitor({ storageState: signedIn.cashier })).newPage();
      till.on('dialog', () => (alarms += 1));
      await find(till, `70${card}`, shown);
      for (const path of ['/profile', '/settings', '/card/print', '/points']) await page.goto(path);
      await page.goto('/profile');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(shown);
    } else {
      await expect(page.getByLabel('Имя', { exact: true })).toHaveAccessibleDescription(/Не длиннее 60 знаков|должны быть буквы|Только буквы|Введите имя/);
      expect((await page.request.get('/card', { maxRedirects: 0 })).status()).toBe(303);
    }
    expect(alarms).toBe(0);
  });
}

test('an unknown address is a page with ways on, also for a form and for the till’s software', line(42), async ({ page, stranger, pos }) => {
  for (const path of ['/no-such-page', '/card/nothing', '/points/../../etc/passwd', '/api', '/%00', '/%ff', '/.git/config', '/pkg/none.css']) {
    const answer = await stranger.get(path, { maxRedirects: 0 });
    expect([303, 400, 404], path).toContain(answer.status());
  }
  const answer = await page.goto('/no-such-page');
  expect(answer!.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1, name: 'Такой страницы нет' })).toBeVisible();
  await page.getByRole('link', { name: 'На главную' }).click();
  await expect(page).toHaveURL('/');
  expect((await post(stranger, '/api/no-such-form', {})).status()).toBe(404);
  const missing = await pos.call('/no-such-call', {});
  expect(missing.status()).toBe(404);
  expect(missing.headers()['content-type']).toContain('application/problem+json');
});

test('a redirect leads to this site only', line(42), async ({ stranger }) => {
  for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/card\r\nSet-Cookie: a=b', '']) {
    const answer = await post(stranger, '/api/language', { language: 'en', next });
    expect(answer.status(), next).toBe(303);
    expect(answer.headers()['location'], next).toBe('/');
    expect(answer.headers()['set-cookie'] ?? '', next).not.toContain('a=b');
  }
});

test('who posts too fast is told to wait, and nobody else is', line(42), async ({ stranger }, { workerIndex }) => {
  const [headers, others] = [fromElsewhere(workerIndex), fromElsewhere(workerIndex)];
  const send = (headers: Record<string, string>) => post(stranger, '/api/language', { language: 'ru', next: '/' }, { headers });
  const slowed = [];
  for (let hundreds = 0; hundreds < 20 && slowed.length === 0; hundreds += 1) {
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(headers)));
    slowed.push(...answers.filter((answer) => answer.status() === 429));
  }
  expect(slowed.length).toBeGreaterThan(0);
  expect(slowed[0]!.headers()['retry-after']).toMatch(/^\d+$/);
  expect(await slowed[0]!.text()).toContain('Слишком много запросов подряд');
  expect((await send(others)).status()).toBe(303);
  expect((await stranger.get('/', { headers })).status()).toBe(200);
});

test('a form that is too large is refused as such', line(42), async ({ stranger }) => {
  const answer = await post(stranger, '/api/join/phone', { phone: '9'.repeat(100_000) });
  expect(answer.status()).toBe(413);
});

test('pages of members lead a guest to the door, and one member’s things are nobody else’s', line(42), async ({ stranger, visitor }) => {
  for (const path of ['/card', '/card/print', '/points', '/offers', '/profile', '/consents', '/settings']) {
    const answer = await stranger.get(path, { maxRedirects: 0 });
    expect(answer.status(), path).toBe(303);
    expect(answer.headers()['location'], path).toBe('/sign-in');
  }
  // The news of a card are nobody's; an answer without content tells a browser not to ask again.
  expect((await stranger.get('/card/live')).status()).toBe(204);

  const [one, other] = [await visitor(), await visitor()];
  await join(one.request);
  await join(other.request);
  await submit(one.request, '/api/profile/child-add', { child_year: '2024', child_agreed: 'yes' });
  const row = /name="child" value="([0-9a-f-]{36})"/.exec(await (await one.request.get('/profile')).text())?.[1]
    ?? /value="([0-9a-f-]{36})"[^>]*name="child"/.exec(await (await one.request.get('/profile')).text())![1]!;
  const theft = await post(other.request, '/api/profile/child-remove', { child: row });
  expect(theft.status()).toBeLessThan(500);
  expect((await everything(one.request)).children_birth_years).toEqual([2024]);
});

test('the till’s software gets a problem for each wrong body, and nothing is stored', line(42), async ({ pos, member, context, playwright }) => {
  const line = goods(100_000);
  for (const [body, status] of [
    [{ lines: [] }, 422],
    [{ lines: [{ ...line, amount: -1 }] }, 422],
    [{ lines: [{ ...line, amount: 1.5 }] }, 422],
    [{ lines: [{ ...line, quantity: -1_000 }] }, 422],
    [{ lines: [line], surprise: 1 }, 422],
    [{ lines: [line], spend: -5 }, 422],
    [{ lines: [line], at: 'yesterday' }, 422],
    [{ code: unknownCard(), lines: [line] }, 404],
    [{ code: 'abc', lines: [line] }, 422],
    [{ code: member.printed, lines: [line], spend: 'all' }, 422],
    [{ code: member.printed, lines: [line], at: '2000-01-01T00:00:00Z' }, 422],
    ['not an object', 422],
  ] as const) {
    const answer = await pos.call('/receipts', body, { 'idempotency-key': `bad-${Math.random()}` });
    const what = JSON.stringify(body).slice(0, 100);
    expect(answer.headers()['content-type'], what).toContain('application/problem+json');
    expect(Math.floor(answer.status() / 100), `${what}: ${await answer.text()}`).toBe(4);
    expect([status, 403, 409, 410]).toContain(answer.status());
    expect(await answer.json(), what).toMatchObject({ status: answer.status(), type: expect.any(String), title: expect.any(String) });
  }
  expect((await pos.call('/receipts', { lines: [line] })).status()).toBe(400);
  const anybody = await playwright.request.newContext();
  const unsigned = await anybody.post('/pos/v1/members/lookup', { data: { code: member.printed }, headers: { authorization: 'Bearer wrong' } });
  expect(unsigned.status()).toBe(401);
  await anybody.dispose();
  expect((await everything(context.request)).points).toEqual([]);
});

test('a receipt sent twice is one, another under its key or its number is refused', line(35), async ({ pos, member, context }) => {
  const key = `twice-${member.card}`;
  const body = { code: member.printed, shift: 'tests', number: key, lines: [goods(10_000)], spend: 'none' };
  const [one, other] = await Promise.all([1, 2].map(() => pos.call('/receipts', body, { 'idempotency-key': key })));
  expect([one!.status(), other!.status()].every((status) => status === 201 || status === 409)).toBe(true);
  const again = await pos.call('/receipts', body, { 'idempotency-key': key });
  expect(again.status()).toBe(201);
  const first = [one!, other!].find((answer) => answer.status() === 201)!;
  expect(await again.text()).toBe(await first.text());
  expect((await pos.call('/receipts', { ...body, lines: [goods(20_000)] }, { 'idempotency-key': key })).status()).toBe(422);
  const number = await pos.call('/receipts', body, { 'idempotency-key': `${key}-other` });
  expect(number.status()).toBe(409);
  expect(await number.json()).toMatchObject({ receipt: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect((await everything(context.request)).purchases).toHaveLength(1);
});
