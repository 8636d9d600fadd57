// Words: Russian plurals on real pages, and an English that leaves nothing untranslated.

import { become, PLACES, sellSomething, stateOf, withPoints } from '../../support/pages';
import { join } from '../../support/people';
import { signedIn, SITE } from '../../support/place';
import { goods } from '../../support/pos';
import { result } from '../../support/till';
import { expect, line, test, words } from '../../support/test';

for (const [points, said] of [
  [0, '0 баллов'],
  [1, '1 балл'],
  [2, '2 балла'],
  [5, '5 баллов'],
  [11, '11 баллов'],
] as const) {
  test(`${said} on the card, in the history, at the till`, line(41, 'no-script'), async ({ context, page, visitor, pos }) => {
    const member = await withPoints(context, pos, points);
    await page.goto('/card');
    expect(await words(page, '.card-balance')).toBe(said);
    await page.goto('/points');
    expect(await words(page, '.hero-number')).toMatch(new RegExp(`^${said}( |$)`));
    await page.goto('/settings');
    await page.getByText('Закрыть карту', { exact: true }).click();
    const lost = { 0: null, 1: '1 балл пропадёт', 2: '2 балла пропадут', 5: '5 баллов пропадут', 11: '11 баллов пропадут' }[points];
    if (lost) expect(await words(page, 'main')).toContain(lost);

    if (points > 0) {
      const till = await (await visitor({ storageState: signedIn.cashier })).newPage();
      await till.goto('/till');
      await till.locator('#code').fill(member.card);
      await till.locator('#find').click();
      await till.getByLabel('Сумма чека').fill(String(Math.ceil((points * 100) / 3)));
      await till.getByRole('button', { name: /Провести чек/ }).click();
      await expect(result(till)).toContainText(`+${said}`);
    }
  });
}

test('twenty-one is one, a thousand stands apart', line(41), async ({ page, member, pos }) => {
  for (const amount of [34_000, 36_100]) await pos.sell({ code: member.printed, lines: [goods(amount)] });
  await page.goto('/card');
  // 10 of 340 roubles and 10 of 361: no first purchase is large enough for more.
  expect(await words(page, '.card-balance')).toBe('20 баллов');
  await pos.sell({ code: member.printed, lines: [goods(3_400)] });
  await page.reload();
  expect(await words(page, '.card-balance')).toBe('21 балл');
  await pos.sell({ code: member.printed, lines: [goods(4_066_700)] });
  await page.reload();
  expect(await words(page, '.card-balance')).toBe('1 241 балл');
});

test('tries that are left are counted in words', line(41), async ({ context, page }) => {
  await page.goto('/join');
  await page.getByLabel('Номер телефона').fill((await import('../../support/people')).freshPhone());
  await page.getByRole('button', { name: 'Получить код' }).click();
  for (const said of ['Осталось 4 попытки', 'Осталось 3 попытки', 'Осталось 2 попытки', 'Осталась 1 попытка']) {
    await page.getByLabel('Шесть цифр').fill('000000');
    await page.getByRole('button', { name: 'Продолжить' }).click();
    await expect(page.getByLabel('Шесть цифр')).toHaveAccessibleDescription(new RegExp(said));
  }
  expect(context).toBeTruthy();
});

/** Text of a page that its reader meets, without what is written in its own language on purpose. */
async function readable(page: import('@playwright/test').Page): Promise<string> {
  return page.evaluate(() => {
    const copy = document.body.cloneNode(true) as HTMLElement;
    for (const element of copy.querySelectorAll('[lang=ru], script, style, .message')) element.remove();
    const attributes = [...copy.querySelectorAll('*')].flatMap((element) =>
      ['aria-label', 'alt', 'title', 'placeholder', 'aria-valuetext', 'data-copied'].map((name) => element.getAttribute(name) ?? ''),
    );
    return [document.title, copy.textContent, ...attributes].join('\n');
  });
}

/** Names of the demo that have no English spelling: people, streets, stores, goods. */
const NAMES =
  /Ольга, демо-кассир|Анна( Д\.)?|Демова|Мария|Ника|Касса \d|Демо-город|Примерная улица|Парковая аллея|Вокзальная площадь|Центр|Парк|Станция|[А-Я][а-яё ]+, (демо|тест)|[А-Я][^«»]{1,40}«Демо»/g;

for (const who of [...new Set(PLACES.map((place) => place.who))]) {
  test(`English is complete on pages of a ${who}`, line(41), async ({ visitor }) => {
    test.slow();
    const context = await visitor({ storageState: stateOf(who), locale: 'en-GB' });
    await become(context, who);
    await context.addCookies([{ name: 'language', value: 'en', url: SITE }]);
    const page = await context.newPage();
    for (const place of PLACES.filter((each) => each.who === who)) {
      await test.step(place.name, async () => {
        await place.open(page);
        await expect(page.locator('html')).toHaveAttribute('lang', 'en');
        const text = await readable(page);
        expect.soft(text.replace(NAMES, '').match(/[А-Яа-яЁё][^\n]{0,60}/g) ?? [], `Russian on ${page.url()}`).toEqual([]);
        expect.soft(text.match(/^\s*[a-z]+(-[a-z]+){2,}\s*$/gm) ?? [], `names of texts on ${page.url()}`).toEqual([]);
        expect.soft(text.match(/\{\s*\$[^\n]{0,60}/g) ?? [], `texts without their values on ${page.url()}`).toEqual([]);
      });
    }
  });
}

test('English is complete at the till', line(41), async ({ visitor }) => {
  const { printed } = await join((await visitor()).request, { name: 'Ника' });
  const context = await visitor({ storageState: signedIn.cashier, locale: 'en-GB' });
  await context.addCookies([{ name: 'language', value: 'en', url: SITE }]);
  const page = await context.newPage();
  await sellSomething(page, printed, async (name) => {
    const text = await readable(page);
    expect.soft(text.replace(NAMES, '').match(/[А-Яа-яЁё][^\n]{0,60}/g) ?? [], `Russian on ${name}`).toEqual([]);
  });
});

test('a browser in English gets English, one in anything else Russian', line(41), async ({ visitor }) => {
  for (const [locale, lang] of [['en-US', 'en'], ['ru-RU', 'ru'], ['de-DE', 'ru']] as const) {
    const page = await (await visitor({ locale })).newPage();
    await page.goto('/');
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
  }
});
