// Every page there is, for tests that look at all of them.

import { type BrowserContext, expect, type Page } from '@playwright/test';

import { freshPhone, join, prove, unknownCard } from './people';
import { signedIn } from './place';
import { goods, type Pos } from './pos';

/** Who looks at a page. */
export type Who = 'guest' | 'newcomer' | 'member' | 'regular' | 'cashier';

export interface Place {
  name: string;
  who: Who;
  /** Opens it. */
  open: (page: Page) => Promise<unknown>;
}

/** A receipt that was begun in this tab would come back. */
const forget = async (page: Page) => {
  if (page.url().startsWith('http')) await page.evaluate(() => sessionStorage.clear());
};

/** A panel beside a new receipt without a card: its button is pressed, and what it shows is waited for. */
const beside = (button: string, shows: string) => async (page: Page) => {
  await forget(page);
  await page.goto('/till?without-card');
  await page.locator(button).click();
  await expect(page.locator(shows)).toBeVisible();
};

const go = (path: string) => (page: Page) => page.goto(path);

/** A page that shows an error: its form is sent as it is. */
const sent = (path: string, action: string) => async (page: Page) => {
  await page.goto(path);
  await page.locator(`form[action="${action}"] button.btn`).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
};

export const PLACES: Place[] = [
  { name: 'landing', who: 'guest', open: go('/') },
  { name: 'join', who: 'guest', open: go('/join') },
  { name: 'join-error', who: 'guest', open: sent('/join', '/api/join/phone') },
  { name: 'sign-in', who: 'guest', open: go('/sign-in') },
  { name: 'rules', who: 'guest', open: go('/rules') },
  { name: 'help', who: 'guest', open: go('/help') },
  { name: 'privacy', who: 'guest', open: go('/privacy') },
  { name: 'outbox', who: 'guest', open: go('/outbox') },
  { name: 'offline-empty', who: 'guest', open: go('/offline') },
  { name: 'not-found', who: 'guest', open: go('/no-such-page') },
  { name: 'till-door', who: 'guest', open: go('/till') },
  { name: 'join-consents', who: 'newcomer', open: go('/join/consents') },
  { name: 'join-consents-error', who: 'newcomer', open: sent('/join/consents', '/api/join/finish') },
  { name: 'card', who: 'member', open: go('/card') },
  { name: 'card-barcode', who: 'member', open: go('/card?view=ean') },
  { name: 'card-fixed', who: 'member', open: go('/card?view=static') },
  { name: 'card-print', who: 'member', open: go('/card/print') },
  { name: 'points-empty', who: 'member', open: go('/points') },
  { name: 'offers', who: 'member', open: go('/offers') },
  { name: 'profile', who: 'member', open: go('/profile') },
  { name: 'consents', who: 'member', open: go('/consents') },
  { name: 'settings', who: 'member', open: go('/settings') },
  { name: 'claim', who: 'member', open: go('/claim') },
  { name: 'claim-error', who: 'member', open: sent('/claim', '/api/claim') },
  { name: 'card-regular', who: 'regular', open: go('/card') },
  { name: 'points', who: 'regular', open: go('/points') },
  {
    name: 'entry',
    who: 'regular',
    open: async (page) => {
      await page.goto('/points');
      await page.locator('a[href^="/points/"]').first().click();
      await page.waitForURL(/\/points\/[0-9a-f-]+$/);
    },
  },
  { name: 'offers-regular', who: 'regular', open: go('/offers') },
  { name: 'profile-regular', who: 'regular', open: go('/profile') },
  { name: 'consents-regular', who: 'regular', open: go('/consents') },
  { name: 'rules-regular', who: 'regular', open: go('/rules') },
  { name: 'till', who: 'cashier', open: go('/till') },
  { name: 'till-without-card', who: 'cashier', open: go('/till?without-card') },
  {
    name: 'till-goods',
    who: 'cashier',
    open: async (page) => {
      await page.goto('/till?without-card');
      await page.locator('button[formaction="/api/till/edit"][value="lines"]').click();
      for (const part of ['9520000000257', 'кофе']) {
        await page.locator('#find-goods').fill(part);
        await page.locator('button[formaction="/api/till/goods"]').click();
      }
      await expect(page.locator('.goods li').first()).toBeVisible();
      await page.locator('button[name="to"][value="row"]').click();
      await expect(page.locator('ul.lines > li')).toHaveCount(2);
    },
  },
  {
    name: 'till-enrol',
    who: 'cashier',
    open: beside('button[formaction="/api/till/enrol-open"]', 'button[formaction="/api/till/enrol-check"]'),
  },
  {
    name: 'till-phone',
    who: 'cashier',
    open: beside('button[name="to"][value="phone"]', 'button[formaction="/api/till/phone"]'),
  },
  { name: 'till-offline', who: 'cashier', open: go('/till/offline') },
  { name: 'till-queue', who: 'cashier', open: go('/till/queue') },
  { name: 'till-report', who: 'cashier', open: go('/till/report') },
  { name: 'till-pin', who: 'cashier', open: go('/till/pin') },
  { name: 'till-pair', who: 'cashier', open: go('/till/pair') },
  { name: 'till-return', who: 'cashier', open: go('/till/return') },
  {
    name: 'till-return-effect',
    who: 'cashier',
    open: async (page) => {
      await forget(page);
      await page.goto('/till?without-card');
      await page.locator('#amount').fill('1590');
      await page.locator('button.post').click();
      await page.waitForURL(/done=/);
      const id = new URL(page.url()).searchParams.get('done');
      await page.goto(`/till/return?sale=${id}`);
      await page.locator('button[name="all"]').click();
      await expect(page.locator('#returning dl.sum')).toBeVisible();
    },
  },
  {
    name: 'till-refused',
    who: 'cashier',
    open: async (page) => {
      await page.goto('/till');
      await page.locator('#code').fill(unknownCard());
      await page.locator('#find').click();
      await expect(page.locator('#told')).toBeVisible();
    },
  },
];

/** Makes somebody of this kind out of a browser context that nobody has used yet. */
export async function become(context: BrowserContext, who: Who, phone = freshPhone()) {
  switch (who) {
    case 'guest':
    case 'regular':
    case 'cashier':
      break;
    case 'newcomer':
      await prove(context.request, phone);
      break;
    case 'member':
      await join(context.request, { phone });
      break;
  }
}

/** The stored state with which a context of this kind begins. */
export function stateOf(who: Who): string | undefined {
  return who === 'regular' ? signedIn.anna : who === 'cashier' ? signedIn.cashier : undefined;
}

/** Pages of a sale at the till, from the customer to the result. */
export async function sellSomething(page: Page, code: string, look: (name: string) => Promise<void>) {
  await page.goto('/till');
  await page.locator('#code').fill(code);
  await page.locator('#find').click();
  await expect(page.locator('#who')).toBeVisible();
  await look('till-customer');
  await page.locator('#amount').fill('1590');
  await page.locator('[data-key=F8]').click();
  await expect(page.locator('dl.sum')).toBeVisible();
  await look('till-quote');
  await page.locator('button[formaction="/api/till/edit"][value="lines"]').click();
  await expect(page.locator('ul.lines')).toBeVisible();
  await look('till-lines');
  await page.locator('button[formaction="/api/till/edit"][value="amount"]').click();
  await page.locator('button.post').click();
  await expect(page.locator('#told')).toBeVisible();
  await look('till-sold');
}

/** A member with so many points. */
export async function withPoints(context: BrowserContext, pos: Pos, points: number) {
  const member = await join(context.request);
  // 3 % of so many roubles, below the sum that brings the points for a first purchase.
  if (points > 0) {
    const { earned } = await pos.sell({ code: member.printed, lines: [goods(Math.ceil((points * 10_000) / 3))] });
    expect(earned).toBe(points);
  }
  return member;
}
