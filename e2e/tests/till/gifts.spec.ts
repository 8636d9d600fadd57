// Gifts that are counted: the substitute where one is out, nothing where both are, and a handing over taken back.

import { execFileSync } from 'node:child_process';

import { join } from '../../support/people';
import { DATA, PROGRAM, signedIn } from '../../support/place';
import { goods, type Pos } from '../../support/pos';
import { customer, find, result } from '../../support/till';
import { expect, line, test } from '../../support/test';

test.use({ storageState: signedIn.cashier });
// The store's shelf is one for all of these.
test.describe.configure({ mode: 'serial' });

const stock = (...words: string[]) => execFileSync(PROGRAM, ['--data', DATA, 'gift', 'stock', ...words], { encoding: 'utf8' });
const have = (gift: string, count: string) => stock('--store', 'center', gift, count);

test.afterAll(() => {
  have('cup', '--unlimited');
  have('bag', '--unlimited');
});

/** Somebody in silver with five purchases, who is promised a cup. */
async function promised(pos: Pos, printed: string) {
  await pos.sell({ code: printed, lines: [goods(1_600_000)] });
  for (let sale = 0; sale < 4; sale += 1) await pos.sell({ code: printed, lines: [goods(50_000)] });
}

test('a gift that is out is replaced by name, handed over once, and taken back', line(39), async ({ page, visitor, pos }) => {
  test.slow();
  const { printed } = await join((await visitor({ storageState: undefined })).request, { name: 'Ника' });
  await promised(pos, printed);
  have('cup', '0');
  have('bag', '1');
  await find(page, printed, 'Ника');
  await expect(page.getByText('Закончился. Взамен: Сумка «Копилка Демо»')).toBeVisible();
  await page.getByRole('button', { name: 'Выдать: Сумка «Копилка Демо»' }).click();
  await expect(result(page)).toContainText('Подарок выдан');
  await expect(customer(page)).toHaveText('Ника');
  expect(stock('--store', 'center')).toMatch(/bag\s+0/);
  await result(page).getByRole('button', { name: 'Отменить' }).click();
  await expect(result(page)).toContainText('Выдача отменена');
  expect(stock('--store', 'center')).toMatch(/bag\s+1/);
  have('bag', '0');
  await find(page, printed, 'Ника');
  await expect(page.getByText('Останется за покупателем до другого дня')).toBeVisible();
  await expect(page.getByRole('button', { name: /Выдать/ })).toHaveCount(0);
  have('cup', '5');
  await find(page, printed, 'Ника');
  await page.getByRole('button', { name: 'Выдать: Кружка «Копилка Демо»' }).dblclick();
  await expect(result(page)).toContainText('Подарок выдан');
  expect(stock('--store', 'center')).toMatch(/cup\s+4/);
});
