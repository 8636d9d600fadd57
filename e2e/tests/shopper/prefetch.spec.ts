// From page to page of the wallet: the next one is fetched when a finger is on its link, never before, and never where a page does
// something by being asked for.

import type { Page } from '@playwright/test';

import { expect, line, test } from '../../support/test';

/** Puts a finger on a link of the navigation, holds it there, and lifts it; how the page that comes was delivered. */
async function touch(page: Page, address: string) {
  const box = (await page.locator(`nav.bar a[href="${address}"]`).boundingBox())!;
  // The middle of a link is its icon.
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 3 };
  const session = await page.context().newCDPSession(page);
  await session.send('Preload.enable');
  const fetched = new Promise<void>((done) => {
    session.on('Preload.prefetchStatusUpdated', ({ prefetchUrl, status }) => {
      if (prefetchUrl.endsWith(address) && status === 'Ready') done();
    });
  });
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
  await fetched;
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await session.detach();
  await page.waitForURL(`**${address}`);
  return page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation') as (PerformanceNavigationTiming & { deliveryType: string })[];
    return entry!.deliveryType;
  });
}

test('a page of the wallet is there before the finger is lifted', line(30), async ({ page, member }) => {
  expect(member.card).toBeTruthy();
  const shown = await page.goto('/card');
  const rules = shown!.headers()['speculation-rules']!;
  expect(rules).toMatch(/^"\/pkg\/speculation-rules\.[0-9a-f]+\.json"$/);
  const file = await page.request.get(JSON.parse(rules));
  expect(file.headers()['content-type']).toBe('application/speculationrules+json');
  // Prefetched when touched, not rendered, and nothing that is downloaded or printed.
  const text = JSON.stringify(await file.json());
  expect(text).toContain('conservative');
  for (const not of ['prerender', 'export', 'print', 'claim', '.csv', '/api', '/till']) expect(text).not.toContain(not);
  await page.waitForLoadState('networkidle');
  expect(await touch(page, '/offers')).toBe('navigational-prefetch');
  await page.waitForLoadState('networkidle');
  expect(await touch(page, '/points')).toBe('navigational-prefetch');
});

test('guests and the till fetch nothing beforehand', line(30), async ({ page }) => {
  for (const address of ['/', '/sign-in', '/till']) {
    const shown = await page.goto(address);
    expect(shown!.headers()['speculation-rules'], address).toBeUndefined();
  }
});
