// Joining and signing in: from a phone to the card, with nothing in the way and nothing given away.

import { ask, post, submit } from '../../support/http';
import { agree, askForCode, enterCode, everything, freshPhone, join, oneTimePassword, prove } from '../../support/people';
import { DEMO_PHONES } from '../../support/place';
import { expect, line, test, words } from '../../support/test';

test('a newcomer has the card after a phone, a code, a name and two agreements', line([5, 8, 11], 'desktop', 'no-script'), async ({ page }) => {
  const phone = freshPhone();
  await page.goto('/');
  await page.getByRole('link', { name: 'Получить карту' }).click();
  await askForCode(page, phone);
  await enterCode(page, phone);
  await expect(page).toHaveURL('/join/consents');
  await agree(page, 'Мария');
  await expect(page).toHaveURL('/card');
  await expect(page.getByRole('img', { name: /QR-код/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Карта' })).toContainText('Мария');

  await page.goto('/consents');
  const grid = page.getByRole('table', { name: /Сообщения/ });
  await expect(grid.getByRole('checkbox')).toHaveCount(20);
  await expect(grid.getByRole('checkbox', { checked: true })).toHaveCount(0);
});

for (const [spelling, write] of [
  ['8 (912) 345-67-89', (d: string) => `8 (${d.slice(0, 3)}) ${d.slice(3, 6)}-${d.slice(6, 8)}-${d.slice(8)}`],
  ['+79123456789', (d: string) => `+7${d}`],
  ['9123456789', (d: string) => d],
  ['pasted with no-break spaces', (d: string) => `\u00a0+7\u00a0${d.slice(0, 3)}\u00a0${d.slice(3)}\u200e`],
] as const) {
  test(`a phone written as ${spelling} is the one number of its member`, line(1), async ({ page, visitor }) => {
    const member = await join((await visitor()).request);
    await page.goto('/join');
    await askForCode(page, write(member.phone.slice(2)));
    await enterCode(page, member.phone);
    await expect(page).toHaveURL('/card');
    expect(await everything(page.request)).toMatchObject({ phone: member.phone, card: member.card });
  });
}

test('a code is one field that takes a pasted one, spaces and all', line(2), async ({ page, context }) => {
  const phone = freshPhone();
  await page.goto('/join');
  await askForCode(page, phone);
  const field = page.getByLabel('Шесть цифр');
  await expect(field).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(field).toHaveAttribute('inputmode', 'numeric');
  await expect(field).toBeFocused();
  const code = await oneTimePassword(page.request, phone);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((text) => navigator.clipboard.writeText(text), ` ${code.slice(0, 3)} ${code.slice(3)}\n`);
  await field.press('Control+v');
  await page.getByRole('button', { name: 'Продолжить' }).click();
  await expect(page).toHaveURL('/join/consents');
});

test('a wrong code says what to do and how many tries are left, and zeros in front count', line(2, 'no-script'), async ({ page }) => {
  await page.goto('/join');
  const phone = freshPhone();
  await askForCode(page, phone);
  const field = page.getByLabel('Шесть цифр');
  const confirm = page.getByRole('button', { name: 'Продолжить' });

  await confirm.click();
  await expect(field).toHaveAccessibleDescription('Введите код из сообщения');
  await field.fill('12345');
  await confirm.click();
  await expect(field).toHaveAccessibleDescription('В коде шесть цифр. Проверьте и введите снова');

  const right = await oneTimePassword(page.request, phone);
  await field.fill(right === '000001' ? '000002' : '000001');
  await confirm.click();
  await expect(field).toHaveAccessibleDescription('Код не подходит. Осталось 4 попытки');
  await expect(field).toHaveAttribute('aria-invalid', 'true');

  await field.fill(right);
  await confirm.click();
  await expect(page).toHaveURL('/join/consents');
});

test('a code dies after five errors, and nothing revives it', line(3, 'no-script'), async ({ page }) => {
  await page.goto('/join');
  const phone = freshPhone();
  await askForCode(page, phone);
  const right = await oneTimePassword(page.request, phone);
  const wrong = right === '111111' ? '222222' : '111111';
  for (let tries = 0; tries < 5; tries += 1) {
    await page.getByLabel('Шесть цифр').fill(wrong);
    await page.getByRole('button', { name: 'Продолжить' }).click();
  }
  await expect(page.getByRole('heading', { name: 'Код больше не действует' })).toBeVisible();
  await expect(page.getByLabel('Шесть цифр')).toHaveCount(0);
  for (const [path, values] of [
    ['/api/join/code', { code: right }],
    ['/api/join/resend', {}],
  ] as const) {
    const answer = await ask(page.request, path, values);
    expect(answer.status(), path).toBeGreaterThanOrEqual(400);
    expect(answer.status(), path).toBeLessThan(500);
  }
  await page.goto('/card');
  await expect(page).toHaveURL('/sign-in');
});

test('a code works once', line(3), async ({ page, visitor }) => {
  const phone = freshPhone();
  await submit(page.request, '/api/join/phone', { phone });
  const thief = await visitor();
  await thief.addCookies(await page.context().cookies());
  const code = await oneTimePassword(page.request, phone);
  await submit(page.request, '/api/join/code', { code });
  const second = await ask(thief.request, '/api/join/code', { code });
  expect(second.status()).toBeGreaterThanOrEqual(400);
  expect(await second.text()).toContain('Код больше не действует');
});

test('the time until another code counts down in sight and is announced at its end', line(3), async ({ page }) => {
  await page.clock.install();
  await page.goto('/join');
  await askForCode(page, freshPhone());
  await expect(page.getByText('Код действует 10 минут')).toBeVisible();
  const timer = page.getByText(/Новый код можно получить через \d:\d\d/);
  await expect(timer).toBeVisible();
  const again = page.getByRole('button', { name: 'Прислать ещё раз' });
  await expect(again).toHaveAccessibleDescription(/Новый код можно получить через/);
  const seconds = async () => {
    const [, minutes, rest] = /(\d):(\d\d)/.exec(await timer.innerText()) ?? [];
    return Number(minutes) * 60 + Number(rest);
  };
  const before = await seconds();
  await page.clock.runFor(10_000);
  await expect.poll(seconds).toBeLessThan(before - 5);
  // Said at the end of the wait, and cleared again some seconds later.
  await page.clock.runFor((before - 10 + 1) * 1_000);
  await expect(page.getByRole('status').filter({ hasText: 'Код не пришёл? Пришлём новый' })).toBeVisible();
});

test('a button pressed twice sends one code and leads to where it is typed', line(3, 'no-script'), async ({ page, context, visitor }) => {
  const phone = freshPhone();
  await page.goto('/join');
  await page.getByLabel('Номер телефона').fill(phone);
  await page.getByRole('button', { name: 'Получить код' }).dblclick();
  await expect(page).toHaveURL('/join/code');
  await expect(page.getByLabel('Шесть цифр')).toBeVisible();
  // As above for certain: the first answer, with its cookie, never arrives.
  const other = freshPhone();
  await submit((await visitor()).request, '/api/join/phone', { phone: other });
  await context.clearCookies({ name: 'challenge' });
  await page.goto('/join');
  await askForCode(page, other);
  await expect(page).toHaveURL('/join/code');
  const outbox = await (await page.request.get('/outbox')).text();
  expect(outbox.split(`"${other}"`)).toHaveLength(2);
  await enterCode(page, other);
  await expect(page).toHaveURL('/join/consents');
});

test('a whole message pasted as a code is read for it', line(2, 'no-script'), async ({ page }) => {
  const phone = freshPhone();
  await page.goto('/join');
  await askForCode(page, phone);
  const code = await oneTimePassword(page.request, phone);
  const field = page.getByLabel('Шесть цифр');
  await field.fill(`${code} ${code === '000000' ? '000001' : '000000'}`);
  await page.getByRole('button', { name: 'Продолжить' }).click();
  await expect(field).toHaveAccessibleDescription('В коде шесть цифр. Проверьте и введите снова');
  await field.fill(`\u200e«Ваш код ${code.slice(0, 3)}\u00a0${code.slice(3)}». Никому его не сообщайте @127.0.0.1:3000 #${code}`);
  await page.getByRole('button', { name: 'Продолжить' }).click();
  await expect(page).toHaveURL('/join/consents');
});

test('asking for a code again too soon says when, and loses nothing', line(3, 'no-script'), async ({ page }) => {
  const phone = freshPhone();
  await page.goto('/join');
  await askForCode(page, phone);
  await page.getByRole('button', { name: 'Прислать ещё раз' }).click();
  await expect(page.getByRole('alert')).toContainText(/Новый код можно получить через \d+ секунд/);
  await enterCode(page, phone);
  await expect(page).toHaveURL('/join/consents');
});

test('a known phone and an unknown one get the same page', line(4), async ({ visitor }) => {
  const unknown = freshPhone();
  const pages: string[] = [];
  for (const phone of [DEMO_PHONES.dina, unknown]) {
    const context = await visitor();
    const page = await context.newPage();
    await page.goto('/sign-in');
    await askForCode(page, phone);
    expect(page.url()).toContain('/join/code');
    const last = `${phone.slice(-4, -2)}-${phone.slice(-2)}`;
    pages.push((await words(page)).replace(last, 'NN-NN').replace(/через \d:\d\d/, 'через N'));
    expect((await context.cookies()).map((cookie) => cookie.name).sort()).toEqual(['challenge', 'origin']);
  }
  expect(pages[0]).toBe(pages[1]);
});

test('a member comes back with the phone alone', line(5, 'no-script'), async ({ page, context }) => {
  const member = await join(context.request);
  await submit(context.request, '/api/sign-out');
  await page.goto('/card');
  await expect(page).toHaveURL('/sign-in');
  await askForCode(page, member.phone);
  await enterCode(page, member.phone);
  await expect(page).toHaveURL('/card');
  expect(await everything(page.request)).toMatchObject({ card: member.card });
});

test('who asks again for a code within a minute is led to the one that was sent', line(3, 'no-script'), async ({ page }) => {
  const phone = freshPhone();
  await page.goto('/join');
  await askForCode(page, phone);
  await page.goto('/join');
  await page.getByLabel('Номер телефона').fill(phone);
  await page.getByRole('button', { name: 'Получить код' }).click();
  await expect(page).toHaveURL('/join/code');
  await expect(page.locator('#main')).toContainText('Новый код можно получить через');
  await enterCode(page, phone);
  await expect(page).toHaveURL('/join/consents');
});

test('a poster’s link stores where the member came from, an error on the way notwithstanding', line(6, 'no-script'), async ({ page }) => {
  const phone = freshPhone();
  await page.goto('/join?from=poster-7&store=park');
  await page.getByLabel('Номер телефона').fill('12');
  await page.getByRole('button', { name: 'Получить код' }).click();
  await expect(page.getByLabel('Номер телефона')).toHaveAccessibleDescription(/Номер не похож на настоящий/);
  await askForCode(page, phone);
  await enterCode(page, phone);
  await agree(page);
  await expect(page).toHaveURL('/card');
  expect(await everything(page.request)).toMatchObject({ phone, joined_from: 'poster-7', joined_store: 'park' });
});

test('each message is off at first, and the consent to data is a document and a control of its own', line(10, 'no-script'), async ({ page, context }) => {
  await prove(context.request, freshPhone());
  await page.goto('/join/consents');
  await page.getByText('Сообщения: все выключены').click();
  const grid = page.getByRole('table', { name: /Сообщения/ });
  await expect(grid.getByRole('checkbox')).toHaveCount(20);
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0);

  const data = page.getByLabel(/согласие на обработку персональных данных/);
  const rules = page.getByLabel(/правила программы/);
  await expect(data).not.toHaveAttribute('name', (await rules.getAttribute('name'))!);
  const link = page.getByRole('link', { name: 'согласие на обработку персональных данных' });
  await expect(link).toHaveAttribute('href', /^\/privacy#/);
  await link.click();
  await expect(page).toHaveURL(/\/privacy#/);
  const document = page.locator(new URL(page.url()).hash);
  await expect(document).toBeVisible();
});

test('without the agreements nothing is stored, and what was typed comes back', line(10, 'no-script'), async ({ page, context }) => {
  await prove(context.request, freshPhone());
  await page.goto('/join/consents');
  await page.getByLabel('Имя', { exact: true }).fill('Мария');
  await page.getByText('Сообщения: все выключены').click();
  await page.getByLabel('SMS: Новости').check();
  await page.getByRole('button', { name: 'Открыть карту' }).click();
  await expect(page.getByLabel(/согласие на обработку персональных данных/)).toHaveAccessibleDescription(
    'Без этого согласия карту не завести',
  );
  await expect(page.getByLabel(/правила программы/)).toHaveAccessibleDescription(/согласитесь с правилами/);
  await expect(page.getByLabel('Имя', { exact: true })).toHaveValue('Мария');
  await expect(page.getByLabel('SMS: Новости')).toBeChecked();
  await page.goto('/card');
  await expect(page).toHaveURL('/sign-in');
});

test('two submissions of the last step make one member', line(5), async ({ context, pos }) => {
  const phone = freshPhone();
  await prove(context.request, phone);
  const form = { first_name: 'Мария', personal_data: 'yes', rules: 'yes' };
  const answers = await Promise.all([1, 2].map(() => post(context.request, '/api/join/finish', form)));
  // The second finds the card open already, or the step over; it never makes another card.
  expect(answers.some((answer) => answer.status() === 303 && answer.headers()['location'] === '/card')).toBe(true);
  const { card } = await everything(context.request);
  expect((await pos.lookup(`70${card}`)).status()).toBe(200);
  expect((await (await context.request.get('/settings')).text()).match(/settings\/device-end|Это устройство/g)?.length).toBeLessThanOrEqual(2);
});
