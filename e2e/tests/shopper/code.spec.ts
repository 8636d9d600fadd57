// The code on the screen as scanners see it: in every theme, width and density, with its quiet zone, on whole pixels.

import { card, code, tile } from '../../support/card';
import { readEan, readQr } from '../../support/code';
import { gridOf, expectWhole, Picture, pictureOf } from '../../support/picture';
import { expect, line, test } from '../../support/test';

/** Modules of the drawing: 25 of a version 2 code and four white ones on each side. */
const QR = 33;
/** Modules of the linear drawing: eleven white ones, 95, seven white ones. */
const EAN = 113;

const THEMES = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'forced colours': { forcedColors: 'active', colorScheme: 'dark' },
} as const;
const WINDOWS = [[320, 568], [360, 640], [390, 844], [768, 1024], [960, 720], [1280, 800], [1440, 900]] as const;

for (const [theme, look] of Object.entries(THEMES)) {
  for (const density of [1, 2, 3]) {
    test(`the code reads at ${density} device pixels a pixel, ${theme}, from 320 to 1440`, line([18, 19]), async ({ visitor, member, context }) => {
      test.slow();
      const other = await visitor({ ...look, deviceScaleFactor: density, isMobile: false, storageState: await context.storageState() });
      const page = await other.newPage();
      await page.goto('/card');
      for (const [width, height] of WINDOWS) {
        await test.step(`${width} × ${height}`, async () => {
          await page.setViewportSize({ width, height });
          await tile(page).scrollIntoViewIfNeeded();
          const grid = await gridOf(code(page), QR);
          expectWhole(grid.module, 'device pixels of a module');
          expectWhole(grid.left, 'left edge');
          expectWhole(grid.top, 'top edge');
          expect(grid.width).toBeCloseTo(grid.height, 1);
          expect(grid.module / density, 'CSS pixels of a module').toBeGreaterThanOrEqual(4);
          (await Picture.of(page)).expectQuiet(grid, { left: 4, right: 4, top: 4, bottom: 4 });
          const text = await readQr(await pictureOf(page, tile(page)));
          expect(text).toMatch(new RegExp(`^71${member.card}\\d{8}$`));
        });
      }
    });
  }
}

for (const size of ['Мелкий код', 'Средний код', 'Крупный код']) {
  test(`the size control keeps the code readable: ${size}`, line([18, 19], 'no-script'), async ({ page, member }) => {
    await page.goto('/card');
    const button = page.getByRole('button', { name: size, exact: true });
    await button.click();
    await expect(button).toHaveAttribute('aria-pressed', 'true');
    await page.reload();
    await expect(button).toHaveAttribute('aria-pressed', 'true');
    const grid = await gridOf(code(page), QR);
    expectWhole(grid.module, 'device pixels of a module');
    expect(await readQr(await pictureOf(page, tile(page)))).toMatch(new RegExp(`^71${member.card}\\d{8}$`));
  });
}

test('a module has ten pixels on a 360 px phone', line(17, 'small'), async ({ page, member }) => {
  expect(member.card).toBeTruthy();
  await page.setViewportSize({ width: 360, height: 640 });
  await page.goto('/card');
  const { module } = await gridOf(code(page), QR);
  expect(module / (await page.evaluate(() => devicePixelRatio))).toBeCloseTo(10, 2);
});

test('the whole code and the number are there with no tap and no scroll', line(17, 'small', 'no-script'), async ({ page, member }) => {
  const manifest = await (await page.request.get('/manifest.webmanifest')).json();
  await page.goto(manifest.start_url);
  const window = page.viewportSize()!;
  for (const part of [code(page), card(page).getByText(member.card.replace(/(\d{4})(?=\d)/g, '$1 '))]) {
    const box = (await part.boundingBox())!;
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.y + box.height).toBeLessThanOrEqual(window.height);
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(window.width);
  }
  expect(await readQr(await page.screenshot())).toContain(member.card);
  // Nothing of the page's frame lies over it.
  expect(
    await code(page).evaluate((svg) => {
      const { left, top, right, bottom } = svg.getBoundingClientRect();
      const corners = [[left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2]] as const;
      return corners.every(([x, y]) => svg.contains(document.elementFromPoint(x, y)));
    }),
  ).toBe(true);
});

test('what the screen shows is the member at the till, who may spend with it', line([18, 26], 'no-script'), async ({ page, pos, member }) => {
  await page.goto('/card');
  await expect(code(page)).toBeVisible();
  // A script takes a secret of its own first; its code is on the screen a moment later.
  await expect(async () => {
    const found = await pos.lookup(await readQr(await pictureOf(page, tile(page))));
    expect(found.status()).toBe(200);
    expect(await found.json()).toMatchObject({ name: 'Мария', may_spend: true });
  }).toPass({ timeout: 5_000 });
  expect(member.card).toBeTruthy();
});

for (const density of [1, 2, 3]) {
  test(`the barcode reads with its quiet zones at ${density} device pixels a pixel and earns only`, line(24), async ({ visitor, member, context, pos }) => {
    const other = await visitor({ deviceScaleFactor: density, storageState: await context.storageState() });
    const page = await other.newPage();
    await page.goto('/card');
    await page.getByRole('link', { name: 'Показать штрихкод' }).click();
    const barcode = page.getByRole('img', { name: /Штрихкод/ });
    const grid = await gridOf(barcode, EAN);
    expectWhole(grid.module, 'device pixels of a module');
    // A laser goes through the middle; the tile's round corners are above and below it.
    const middle = { ...grid, top: grid.top + grid.height / 4, height: grid.height / 2 };
    (await Picture.of(page)).expectQuiet(middle, { left: 11, right: 7, top: 0, bottom: 0 });
    const digits = await readEan(await pictureOf(page, tile(page)));
    expect(digits).toMatch(/^29\d{11}$/);
    await expect(card(page)).toContainText(digits.replace(/^(\d)(\d{6})(\d{6})$/, '$1 $2 $3'));
    expect(await (await pos.lookup(digits)).json()).toMatchObject({ name: 'Мария', may_spend: false });
    expect(member.card).toBeTruthy();
  });
}

test('the printed card carries the fixed code, which earns only, and prints black on white', line(18, 'desktop', 'no-script'), async ({ page, member, pos }) => {
  await page.goto('/card/print');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const printed = page.getByRole('img', { name: 'Постоянный QR-код карты' });
  expect(await readQr(await pictureOf(page, printed))).toBe(member.printed);
  await expect(page.getByRole('navigation')).toBeHidden();
  expect(await (await pos.lookup(member.printed)).json()).toMatchObject({ may_spend: false });
});

test('the fixed form says that it only earns', line(18, 'no-script'), async ({ page, member }) => {
  await page.goto('/card');
  await page.getByRole('link', { name: 'Показать постоянный код' }).click();
  await expect(page.getByText('Только копит баллы')).toBeVisible();
  expect(await readQr(await pictureOf(page, tile(page)))).toBe(member.printed);
});
