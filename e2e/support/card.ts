// The open card, as tests look at it.

import { expect, type Page, type Response } from '@playwright/test';

import { STEP, totp } from './code';

/** The QR code. */
export const code = (page: Page) => page.getByRole('img', { name: /QR-код/ });

/** The white tile in which the code stands. */
export const tile = (page: Page) => page.locator('.tile');

/** The card itself. */
export const card = (page: Page) => page.getByRole('region', { name: 'Карта' });

/** The path that draws the code. */
export async function drawn(page: Page): Promise<string> {
  return (await code(page).locator('path').getAttribute('d'))!;
}

/** The answer in which the server gives this device its secret: read it to know what the device will show. */
export function secretOf(page: Page): Promise<Buffer> {
  return page
    .waitForResponse((response: Response) => response.url().endsWith('/api/card/key') && response.ok())
    .then(async (response) => Buffer.from((await response.text()).replaceAll('"', '').split(' ').at(-1)!, 'hex'));
}

/** What a card shows at a moment, in milliseconds since 1970. */
export function shownAt(card: string, secret: Buffer, moment: number): string {
  return `71${card}${totp(secret, Math.floor(moment / 1000 / STEP))}`;
}

/** Opens the card and waits until its island runs with a key of its own. Answers the device's secret. */
export async function openLive(page: Page): Promise<Buffer> {
  const secret = secretOf(page);
  await page.goto('/card');
  const value = await secret;
  await expect.poll(() => kept(page)).toEqual(['card', 'key']);
  return value;
}

/** Names of the records that this device keeps of the card. */
export function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases();
    if (!databases.some(({ name }) => name === 'kopilka')) return [];
    return new Promise<string[]>((resolve, reject) => {
      const opening = indexedDB.open('kopilka');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const database = opening.result;
        if (!database.objectStoreNames.contains('card')) {
          database.close();
          resolve([]);
          return;
        }
        const keys = database.transaction('card').objectStore('card').getAllKeys();
        keys.onerror = () => reject(keys.error);
        keys.onsuccess = () => {
          database.close();
          resolve(keys.result.map(String).sort());
        };
      };
    });
  });
}

/** Begins to add up how far things on the page jump, from the first paint on. Before the page is opened. */
export async function measureShifts(page: Page) {
  await page.addInitScript(() => {
    const shifts: { value: number; what: string }[] = [];
    Object.assign(window, { shifts });
    // The till exchanges its page for the answer that was asked for: that is another page, as if it were loaded.
    let exchanged = -Infinity;
    for (const name of ['pushState', 'replaceState'] as const) {
      const original = history[name].bind(history);
      history[name] = (...of) => {
        exchanged = performance.now();
        original(...of);
      };
    }
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node?: Node }[];
      })[]) {
        if (entry.hadRecentInput || Math.abs(entry.startTime - exchanged) < 200) continue;
        const what = entry.sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 80) : node?.nodeName));
        shifts.push({ value: entry.value, what: what.join(' | ') });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

/** Everything that has jumped. */
export function shifts(page: Page): Promise<{ value: number; what: string }[]> {
  return page.evaluate(() => (window as unknown as { shifts: { value: number; what: string }[] }).shifts);
}
