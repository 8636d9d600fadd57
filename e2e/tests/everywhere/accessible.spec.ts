// Every page for everybody: axe, reflow, targets, focus, in both themes.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { join } from '../../support/people';
import { become, PLACES, sellSomething, stateOf, type Who } from '../../support/pages';
import { signedIn } from '../../support/place';
import { expect, line, test } from '../../support/test';

/** What axe finds that keeps somebody from using the page. */
async function expectNothingSerious(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`));
  expect.soft(serious, `axe on ${page.url()}`).toEqual([]);
}

/** Nothing is wider than the window, so that nobody scrolls in two directions. */
async function expectReflow(page: Page) {
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll('main *, header *, footer *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 100))
      .slice(0, 5);
  });
  expect.soft(wide, `wider than the window at ${page.url()}`).toEqual([]);
}

/** Everything that can be hit is at least so large, links inside a sentence excepted. */
async function expectTargets(page: Page, least: number) {
  const small = await page.evaluate((least) => {
    const inSentence = (element: Element) =>
      element.matches('a') &&
      getComputedStyle(element).display === 'inline' &&
      [...(element.parentElement?.childNodes ?? [])].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '');
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .filter((element) => !element.closest('.skip, .vh, [aria-hidden=true]') && !inSentence(element))
      .map((element) => {
        const boxes = [element, element.closest('label'), ...((element as HTMLInputElement).labels ?? [])]
          .filter((each) => each !== null)
          .map((each) => each.getBoundingClientRect());
        // A row whose link covers it all is hit anywhere.
        const over = element.matches('a') ? getComputedStyle(element, '::after') : undefined;
        const row = over?.position === 'absolute' ? element.closest('li, tr')?.getBoundingClientRect() : undefined;
        const best = [...boxes, ...(row ? [row] : [])];
        return {
          width: Math.max(...best.map((box) => box.width)),
          height: Math.max(...best.map((box) => box.height)),
          html: element.outerHTML.slice(0, 120),
        };
      })
      .filter(({ width, height }) => width < least - 0.5 || height < least - 0.5)
      .map(({ width, height, html }) => `${width.toFixed(1)} × ${height.toFixed(1)}: ${html}`);
  }, least);
  expect.soft(small, `smaller than ${least} px at ${page.url()}`).toEqual([]);
}

const KINDS = [...new Set(PLACES.map(({ who }) => who))];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const who of KINDS) {
    test(`axe finds nothing serious on pages of a ${who}, ${colorScheme}`, line(40, 'desktop'), async ({ visitor }) => {
      test.slow();
      const context = await visitor({ colorScheme, storageState: stateOf(who) });
      await become(context, who);
      const page = await context.newPage();
      for (const place of PLACES.filter((each) => each.who === who)) {
        await test.step(place.name, async () => {
          await place.open(page);
          await expectNothingSerious(page);
        });
      }
    });
  }

  test(`axe finds nothing serious on a sale at the till, ${colorScheme}`, line(40, 'desktop'), async ({ visitor }) => {
    test.slow();
    const { printed } = await join((await visitor()).request, { name: 'Ника' });
    const page = await (await visitor({ colorScheme, storageState: signedIn.cashier })).newPage();
    await sellSomething(page, printed, () => expectNothingSerious(page));
  });
}

for (const who of KINDS) {
  test(`pages of a ${who} reflow at 320 px, and everything that can be hit is large enough`, line(40), async ({ visitor }) => {
    test.slow();
    const context = await visitor({ storageState: stateOf(who), viewport: { width: 320, height: 640 } });
    await become(context, who);
    const page = await context.newPage();
    for (const place of PLACES.filter((each) => each.who === who)) {
      await test.step(place.name, async () => {
        await place.open(page);
        await expectReflow(page);
        await expectTargets(page, who === 'cashier' ? 44 : 24);
        for (const fold of await page.locator('summary:visible').all()) await fold.click();
        await expectReflow(page);
      });
    }
  });
}

test('a very long name breaks no page', line(40, 'desktop'), async ({ visitor, page }) => {
  test.slow();
  const name = 'Александрина-Константинопольская Екатерина'.padEnd(60, 'н');
  const shopper = await visitor({ viewport: { width: 320, height: 640 } });
  const member = await join(shopper.request, { name, lastName: 'Ы'.repeat(60) });
  const wallet = await shopper.newPage();
  for (const path of ['/card', '/points', '/offers', '/profile', '/settings', '/card/print']) {
    await wallet.goto(path);
    await expectReflow(wallet);
  }
  const till = await visitor({ storageState: signedIn.cashier, viewport: { width: 1024, height: 768 } });
  const screen = await till.newPage();
  await sellSomething(screen, member.printed, () => expectReflow(screen));
  expect(page).toBeTruthy();
});

for (const [who, path] of [['guest', '/join'], ['member', '/card'], ['member', '/consents'], ['cashier', '/till']] as [Who, string][]) {
  test(`the keyboard goes through ${path} in sight, and past the navigation by one link`, line(40, 'desktop'), async ({ visitor }) => {
    const context = await visitor({ storageState: stateOf(who) });
    await become(context, who);
    const page = await context.newPage();
    await page.goto(path);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'К содержанию' });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    const seen = new Set<string>();
    for (let stop = 0; stop < 40; stop += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const element = document.activeElement!;
        if (element === document.body) return null;
        const style = getComputedStyle(element);
        const target = element.matches('input.switch, .choice input, .check input') ? element.closest('label')! : element;
        const box = target.getBoundingClientRect();
        const middle = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
        return {
          html: element.outerHTML.slice(0, 120),
          marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none' || getComputedStyle(target).outlineStyle !== 'none',
          hidden: !(middle && (target.contains(middle) || middle.contains(target))),
        };
      });
      if (at === null) break;
      if (seen.has(at.html) && seen.size > 3) break;
      seen.add(at.html);
      expect.soft(at.marked, `focus is not seen: ${at.html}`).toBe(true);
      expect.soft(at.hidden, `focus is covered: ${at.html}`).toBe(false);
    }
    expect(seen.size).toBeGreaterThan(3);
  });
}
