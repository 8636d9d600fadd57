// `test` of every spec: a browser that is watched, more visitors where a test needs them, and names of where it runs.

import { type APIRequestContext, type BrowserContext, type BrowserContextOptions, type Page, test as base } from '@playwright/test';

import { join, type Member } from './people';
import { Pos } from './pos';
import { Watch } from './watch';

export { expect } from '@playwright/test';
export type { Watch } from './watch';

/** Beside the phone, on which every shopper's test runs. */
type Place = 'desktop' | 'small' | 'no-script';

/** Tags of a test: its line of the acceptance list, and where else than on a phone it runs. */
export function line(number: number | number[], ...places: Place[]) {
  return { tag: [...[number].flat().map((each) => `@line-${each}`), ...places.map((place) => `@${place}`)] };
}

interface Fixtures {
  /** What the browser complains about; a test fails by it. */
  watch: Watch;
  /** Another browser, with nothing in common with the first one's cookies and storage. */
  visitor: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** Somebody who has joined and is signed in in the test's own browser. */
  member: Member;
  /** The till's software. */
  pos: Pos;
  /** Requests of nobody. */
  stranger: APIRequestContext;
}

export const test = base.extend<Fixtures>({
  watch: [
    async ({ context }, use) => {
      const watch = new Watch();
      watch.over(context);
      await use(watch);
      watch.verify();
    },
    { auto: true },
  ],
  visitor: async ({ browser, watch }, use) => {
    const open: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      watch.over(context);
      open.push(context);
      return context;
    });
    await Promise.all(open.map((context) => context.close()));
  },
  member: async ({ context }, use) => {
    await use(await join(context.request));
  },
  pos: async ({ playwright }, use) => {
    const request = await playwright.request.newContext();
    await use(new Pos(request));
    await request.dispose();
  },
  stranger: async ({ playwright }, use) => {
    const request = await playwright.request.newContext();
    await use(request);
    await request.dispose();
  },
});

/** Everything that a visitor sees as text, with plain spaces. */
export async function words(page: Page, selector = 'body'): Promise<string> {
  return (await page.locator(selector).innerText()).replace(/[\s\u00a0\u202f]+/g, ' ');
}
