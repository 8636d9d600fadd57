// The profile: every question says why, can be skipped, changed and taken back; the wrong part is named.

import { everything } from '../../support/people';
import { expect, line, test } from '../../support/test';

test.beforeEach(async ({ page, member }) => {
  expect(member.card).toBeTruthy();
  await page.goto('/profile');
});

test('a birth date is three fields with names that browsers know', line(14), async ({ page }) => {
  const birth = page.getByRole('region', { name: 'Дата рождения' });
  for (const [name, part] of [['День', 'bday-day'], ['Месяц', 'bday-month'], ['Год', 'bday-year']] as const) {
    await expect(birth.getByLabel(name, { exact: true })).toHaveAttribute('autocomplete', part);
  }
});

for (const [day, month, year, wrong, says] of [
  ['45', 'марта', '1990', 'День', 'Проверьте день'],
  ['4', 'мартобря', '1990', 'Месяц', 'Проверьте месяц: число или название'],
  ['4', 'марта', '90', 'Год', 'Проверьте год: четыре цифры'],
  ['31', '4', '1990', 'День', 'Такого дня нет в этом месяце'],
  ['1', '1', '2199', 'Год', 'Эта дата ещё не наступила'],
  ['1', '1', String(new Date().getFullYear() - 5), 'Год', 'Участвовать можно с 14 лет'],
] as const) {
  test(`of ${day} ${month} ${year} the wrong part is named, and nothing typed is lost`, line(14, 'no-script'), async ({ page }) => {
    const birth = page.getByRole('region', { name: 'Дата рождения' });
    const fields = { День: day, Месяц: month, Год: year };
    for (const [name, value] of Object.entries(fields)) await birth.getByLabel(name, { exact: true }).fill(value);
    await birth.getByRole('button', { name: 'Сохранить' }).click();
    for (const [name, value] of Object.entries(fields)) {
      const field = birth.getByLabel(name, { exact: true });
      await expect(field).toHaveValue(value);
      if (name === wrong) {
        await expect(field).toHaveAttribute('aria-invalid', 'true');
        await expect(field).toHaveAccessibleDescription(new RegExp(says));
      } else {
        await expect(field).not.toHaveAttribute('aria-invalid', 'true');
      }
    }
    expect((await everything(page.request)).birth_date).toBeNull();
  });
}

test('a month may be written as its name, and the date locks after it was changed often enough', line(14, 'no-script'), async ({ page }) => {
  const birth = page.getByRole('region', { name: 'Дата рождения' });
  const set = async (day: string, month: string, year: string) => {
    await birth.getByLabel('День', { exact: true }).fill(day);
    await birth.getByLabel('Месяц', { exact: true }).fill(month);
    await birth.getByLabel('Год', { exact: true }).fill(year);
    await birth.getByRole('button', { name: 'Сохранить' }).click();
  };
  await set('8', 'Март', '1991');
  await expect(page.getByText('Сохранено')).toBeAttached();
  expect((await everything(page.request)).birth_date).toBe('1991-03-08');
  await set('9', '03', '1991');
  await expect(birth).toContainText('Изменить больше нельзя');
  await expect(birth.getByRole('textbox')).toHaveCount(0);
  await birth.getByRole('button', { name: 'Убрать дату' }).click();
  await expect(page.getByText('Дата рождения убрана')).toBeAttached();
  expect((await everything(page.request)).birth_date).toBeNull();
});

test('children are birth years, under a consent that is asked for once', line(15, 'no-script'), async ({ page }) => {
  const children = page.getByRole('region', { name: 'Дети' });
  const year = String(new Date().getFullYear() - 3);
  await expect(children).toContainText('Только год рождения, без имён');
  await children.getByLabel('Год рождения', { exact: true }).fill(year);
  await children.getByRole('button', { name: 'Добавить' }).click();
  const agreement = children.getByRole('checkbox');
  await expect(agreement).toHaveAccessibleDescription(/Отметьте согласие/);
  await expect(children.getByLabel('Год рождения', { exact: true })).toHaveValue(year);

  await agreement.check();
  await children.getByRole('button', { name: 'Добавить' }).click();
  await expect(children.getByRole('listitem')).toHaveText([new RegExp(`${year} год`)]);
  await expect(agreement).toHaveCount(0);

  await children.getByLabel('Год рождения', { exact: true }).fill('1899');
  await children.getByRole('button', { name: 'Добавить' }).click();
  await expect(children.getByLabel('Год рождения', { exact: true })).toHaveAccessibleDescription(/не старше 18 лет/);

  await children.getByRole('button', { name: `Убрать: ${year} год` }).click();
  await expect(children.getByRole('listitem')).toHaveCount(0);
  expect((await everything(page.request)).children_birth_years).toEqual([]);
});

test('ending the consent about children erases their years', line(15), async ({ page }) => {
  const children = page.getByRole('region', { name: 'Дети' });
  await children.getByLabel('Год рождения', { exact: true }).fill(String(new Date().getFullYear() - 2));
  await children.getByRole('checkbox').check();
  await children.getByRole('button', { name: 'Добавить' }).click();
  await expect(children.getByRole('listitem')).toHaveCount(1);
  await page.goto('/consents');
  await page.getByRole('button', { name: /Отозвать/ }).click();
  await expect(page.getByText('Согласие отозвано, годы рождения стёрты')).toBeAttached();
  expect((await everything(page.request)).children_birth_years).toEqual([]);
});

test('pets and a car are answered, changed and taken back, and the till knows at once', line(15, 'no-script'), async ({ page, member, pos }) => {
  const pets = page.getByRole('region', { name: 'Питомцы' });
  await expect(pets).toContainText('Чтобы предлагать');
  await pets.getByLabel('Кошки').fill('1');
  await pets.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Сохранено')).toBeAttached();
  await expect(pets.getByLabel('Кошки')).toHaveValue('1');
  const offers = async () => (await (await pos.lookup(member.printed)).json()).offers.map((each: { id: string }) => each.id);
  expect(await offers()).toContain('pet-friends');

  await pets.getByLabel('Кошки').fill('много');
  await pets.getByRole('button', { name: 'Сохранить' }).click();
  await expect(pets.getByLabel('Кошки')).toHaveAccessibleDescription('Число от 1 до 20');
  await pets.getByLabel('Кошки').fill('');
  await pets.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Сохранено')).toBeAttached();
  expect(await offers()).not.toContain('pet-friends');

  const car = page.getByRole('region', { name: 'Машина' });
  await car.getByText('Дизель').click();
  await car.getByRole('button', { name: 'Сохранить' }).click();
  await expect(car.getByRole('radio', { name: 'Дизель' })).toBeChecked();
  expect((await everything(page.request)).car).toBe('diesel');
  await car.getByText('Не отвечать').click();
  await car.getByRole('button', { name: 'Сохранить' }).click();
  expect((await everything(page.request)).car).toBeNull();
});

test('a full profile earns its points once, pending at first', line([15, 28]), async ({ page }) => {
  const birth = page.getByRole('region', { name: 'Дата рождения' });
  const car = page.getByRole('region', { name: 'Машина' });
  await expect(page.getByRole('heading', { name: '100 баллов за заполненный профиль' })).toBeVisible();
  await birth.getByLabel('День', { exact: true }).fill('5');
  await birth.getByLabel('Месяц', { exact: true }).fill('5');
  await birth.getByLabel('Год', { exact: true }).fill('1985');
  await birth.getByRole('button', { name: 'Сохранить' }).click();
  await car.getByText('Нет машины').click();
  await car.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Баллы за профиль начислены')).toBeAttached();
  await expect(page.getByRole('heading', { name: '100 баллов за заполненный профиль' })).toHaveCount(0);
  await car.getByText('Бензин').click();
  await car.getByRole('button', { name: 'Сохранить' }).click();

  await page.goto('/card');
  const points = page.getByRole('region', { name: 'Баллы' });
  await expect(points.getByRole('term').filter({ hasText: 'Ожидают' }).locator('xpath=..')).toContainText('100');
  await expect(points.getByRole('term').filter({ hasText: 'Можно потратить' }).locator('xpath=..')).toContainText(/^Можно потратить\s*0/);
  expect((await everything(page.request)).points.filter((each: { kind: string }) => each.kind === 'earn')).toHaveLength(1);
});

test('name and e-mail are changed, and nonsense is named beside its field', line(15, 'no-script'), async ({ page }) => {
  const about = page.getByRole('region', { name: 'О вас' });
  await about.getByLabel('Имя', { exact: true }).fill('Марина');
  await about.getByLabel('Фамилия').fill('Пробная');
  await about.getByLabel('Эл. почта').fill('это не адрес');
  await about.getByRole('button', { name: 'Сохранить' }).click();
  await expect(about.getByLabel('Эл. почта')).toHaveAccessibleDescription(/name@example.com/);
  await expect(about.getByLabel('Имя', { exact: true })).toHaveValue('Марина');
  await about.getByLabel('Эл. почта').fill('marina@example.com');
  await about.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Марина П.' })).toBeVisible();
});

for (const width of [320, 390, 1280]) {
  test(`at ${width} px the answers about a car are apart and large enough, and a child's year has its button beside it`, line(15), async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    const answers = page.getByRole('region', { name: 'Машина' }).locator('label');
    await expect(answers).toHaveCount(7);
    const boxes = await answers.evaluateAll((labels) =>
      labels.map((label) => {
        const { left, right, top, bottom, height } = label.getBoundingClientRect();
        const radio = label.querySelector('input')!.getBoundingClientRect();
        const words = label.querySelector('span')!.getBoundingClientRect();
        return { left, right, top, bottom, height, gap: words.left - radio.right };
      }),
    );
    for (const [at, box] of boxes.entries()) {
      expect(box.height, 'large enough for a thumb').toBeGreaterThanOrEqual(44);
      expect(box.gap, 'the words stand off their button').toBeGreaterThanOrEqual(6);
      expect(box.right).toBeLessThanOrEqual(width);
      for (const other of boxes.slice(at + 1)) {
        const apart = Math.max(other.left - box.right, box.left - other.right, other.top - box.bottom, box.top - other.bottom);
        expect(apart, 'no two answers touch').toBeGreaterThanOrEqual(6);
      }
    }
    const children = page.getByRole('region', { name: 'Дети' });
    const year = (await children.getByLabel('Год рождения', { exact: true }).boundingBox())!;
    const add = (await children.getByRole('button', { name: 'Добавить' }).boundingBox())!;
    const beside = add.x - (year.x + year.width);
    const under = add.y - (year.y + year.height);
    expect(Math.max(beside, under), 'the button stands off the field').toBeGreaterThanOrEqual(6);
    expect(year.width, 'a year fits').toBeGreaterThanOrEqual(80);
    expect(add.height).toBeGreaterThanOrEqual(44);
    expect(add.x + add.width).toBeLessThanOrEqual(width);
  });
}
