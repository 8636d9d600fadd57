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
    const beyond = (element: Element) => element.getBoundingClientRect().right > clientWidth + 1 || element.scrollWidth > clientWidth + 1;
    const found = [...document.querySelectorAll('body :not(input, use)')].filter((element) => element.checkVisibility() && beyond(element));
    return found.filter((element) => ![...element.children].some(beyond)).map((element) => element.outerHTML.slice(0, 160));
  });
  expect.soft(wide, `wider than the window at ${page.url()}`).toEqual([]);
}

/**
 * Everything that can be hit is at least so large. Excepted are links inside a sentence, and, where `spaced`, what has
 * so much room around it that nothing else is hit instead (WCAG 2.5.8).
 */
async function expectTargets(page: Page, least: number, spaced: boolean) {
  const small = await page.evaluate(({ least, spaced }) => {
    const inSentence = (element: Element) =>
      element.matches('a') &&
      getComputedStyle(element).display === 'inline' &&
      [...(element.parentElement?.childNodes ?? [])].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '');
    const targets = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .filter((element) => !element.closest('.skip, .vh, [aria-hidden=true]') && !inSentence(element))
      .map((element) => {
        const boxes = [element, element.closest('label'), ...((element as HTMLInputElement).labels ?? [])]
          .filter((each) => each !== null)
          .map((each) => each.getBoundingClientRect());
        // A row whose link covers it all is hit anywhere.
        const over = element.matches('a') ? getComputedStyle(element, '::after') : undefined;
        const row = over?.position === 'absolute' ? element.closest('li, tr')?.getBoundingClientRect() : undefined;
        // A field and its label are hit alike: the roomier of them counts.
        const narrow = (box: DOMRect) => Math.min(box.width, box.height);
        const box = [...boxes, ...(row ? [row] : [])].reduce((best, each) => (narrow(each) > narrow(best) ? each : best));
        return { box, html: element.outerHTML.slice(0, 120) };
      });
    const isSmall = ({ width, height }: DOMRect) => width < least - 0.5 || height < least - 0.5;
    const hasRoom = (box: DOMRect) => {
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      return targets.every(({ box: other }) => {
        if (other === box) return true;
        const [dx, dy] = [Math.max(other.left - x, 0, x - other.right), Math.max(other.top - y, 0, y - other.bottom)];
        return Math.hypot(dx, dy) >= least / 2;
      });
    };
    return targets
      .filter(({ box }) => isSmall(box) && !(spaced && hasRoom(box)))
      .map(({ box, html }) => `${box.width.toFixed(1)} × ${box.height.toFixed(1)}: ${html}`);
  }, { least, spaced });
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
        await (who === 'cashier' ? expectTargets(page, 44, false) : expectTargets(page, 24, true));
        for (const fold of await page.locator('summary:visible').all()) await fold.click();
        await expectReflow(page);
      });
    }
  });
}

test('everything that can be hit on a sale at the till is large enough, on a small till too', line(40), async ({ visitor }) => {
  const { printed } = await join((await visitor()).request, { name: 'Ника' });
  const page = await (await visitor({ storageState: signedIn.cashier, viewport: { width: 1024, height: 768 } })).newPage();
  await sellSomething(page, printed, () => expectTargets(page, 44, false));
});

test('a very long name breaks no page', line(40), async ({ visitor }) => {
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
});

for (const [who, path] of [['guest', '/join'], ['member', '/card'], ['member', '/consents'], ['cashier', '/till']] as [Who, string][]) {
  test(`the keyboard goes through ${path} in sight, and past the navigation by one link`, line(40, 'desktop'), async ({ visitor }) => {
    const context = await visitor({ storageState: stateOf(who) });
    await become(context, who);
    const page = await context.newPage();
    await page.goto(path);
    // From the page's beginning, wherever it has put the cursor.
    await page.evaluate(() => {
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute('tabindex');
    });
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
          // The ring may be that of the label or the row which is the target.
          marked: [style, getComputedStyle(target), getComputedStyle(element, '::after')].some(
            ({ outlineStyle, boxShadow }) => outlineStyle !== 'none' || boxShadow !== 'none',
          ),
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
