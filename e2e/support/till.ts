// The cashier's screen, and the scanner that lies beside it.

import { type BrowserContext, expect, type Page } from '@playwright/test';

export const amount = (page: Page) => page.getByLabel('Сумма чека');
export const quoteButton = (page: Page) => page.getByRole('button', { name: /Посчитать/ });
export const postButton = (page: Page) => page.getByRole('button', { name: /Провести чек/ });
/** The bar at the foot that tells what came of the last step. */
export const result = (page: Page) => page.locator('.result[role=status]');
export const codeField = (page: Page) => page.locator('#code');

/** How a keyboard layout writes the keys of the digits, and whether Shift is held for them. */
export interface Layout {
  digits: string;
  shift?: boolean;
  /** Whether keys come without their place, as from scanners at a tablet. */
  placeless?: boolean;
}

/** What scanners are plugged into. */
export const LAYOUTS: Record<string, Layout> = {
  'a Russian layout': { digits: '0123456789' },
  'a Russian layout with Shift or Caps Lock turned over': { digits: ')!"№;%:?*(', shift: true },
  'a French layout, where plain keys give letters': { digits: 'à&é"\'(-è_ç' },
  'a tablet that tells no places of keys, its Russian layout shifted': { digits: ')!"№;%:?*(', placeless: true },
};

/** Milliseconds from key to key of a scanner. */
const PACE = 5;

/**
 * Types like a scanner: trusted key events, told apart by their place on the keyboard, each stamped a few milliseconds
 * after the one before, and Enter at the end. What is typed depends on the layout; where the keys are does not.
 */
export async function scan(page: Page, code: string, layout: Layout = { digits: '0123456789' }, end: 'Enter' | 'Tab' | '' = 'Enter') {
  const session = await page.context().newCDPSession(page);
  const modifiers = layout.shift ? 8 : 0;
  const sent: Promise<unknown>[] = [];
  let moment = Date.now();
  const press = (event: { key: string; code: string; text: string; windowsVirtualKeyCode: number }) => {
    moment += PACE;
    const common = { modifiers, timestamp: moment / 1000, ...event };
    sent.push(session.send('Input.dispatchKeyEvent', { ...common, type: 'keyDown' }));
    sent.push(session.send('Input.dispatchKeyEvent', { ...common, type: 'keyUp', text: undefined }));
  };
  for (const digit of code) {
    const text = layout.digits[Number(digit)]!;
    press({ key: text, code: layout.placeless ? '' : `Digit${digit}`, text, windowsVirtualKeyCode: 48 + Number(digit) });
  }
  if (end === 'Enter') press({ key: 'Enter', code: 'Enter', text: '\r', windowsVirtualKeyCode: 13 });
  if (end === 'Tab') press({ key: 'Tab', code: 'Tab', text: '\t', windowsVirtualKeyCode: 9 });
  // The page may be gone before the last keys are answered: that is what they are for.
  await Promise.allSettled(sent);
  await session.detach().catch(() => undefined);
}

/** Opens the till and waits until it listens to a scanner. */
export async function openTill(page: Page, path = '/till') {
  await page.goto(path);
  await listening(page);
}

/** Does what sends a form, and waits for the page that answers it: what stood on the page before must not be taken for it. */
export async function answered(page: Page, send: () => Promise<unknown>, timeout = 10_000) {
  const before = await page.locator('#main').elementHandle();
  await send();
  // The parts of the page are exchanged, or another document is loaded.
  await page.waitForFunction((main) => !main?.isConnected, before, { timeout }).catch((error: Error) => {
    if (error.name === 'TimeoutError') throw error;
  });
  await page.waitForLoadState('domcontentloaded');
}

/** Waits until the page's island listens: from then on a scan is taken wherever the cursor is. */
export async function listening(page: Page) {
  // It keeps the digits of a scanner from the field in which the cursor is. A letter ends the trial without a trace.
  await page.waitForFunction(() => {
    const press = (key: string, code: string) =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, cancelable: true, bubbles: true }));
    const kept = Array.from({ length: 10 }, () => !press('0', 'Digit0')).at(-1);
    press('a', 'KeyA');
    return kept;
  });
}

/** The name of whoever is being served. */
export const customer = (page: Page) => page.getByRole('heading', { level: 1 });

/** Finds a customer by a code that is typed. */
export async function find(page: Page, code: string, name: RegExp | string) {
  await openTill(page);
  await codeField(page).fill(code);
  await codeField(page).press('Enter');
  await expect(customer(page)).toHaveText(name);
}

/** Serves somebody up to the quote of an amount. */
export async function serve(page: Page, code: string, name: RegExp | string, roubles: string) {
  await find(page, code, name);
  await amount(page).fill(roubles);
  await quoteButton(page).click();
  await expect(page.getByText('К оплате')).toBeVisible();
}

/** Counts sounds that pages of this browser begin to play, kept from one page to the next. */
export async function countSounds(context: BrowserContext) {
  await context.addInitScript(() => {
    const start = AudioScheduledSourceNode.prototype.start;
    AudioScheduledSourceNode.prototype.start = function (...args) {
      sessionStorage.setItem('sounds', String(Number(sessionStorage.getItem('sounds') ?? 0) + 1));
      return start.apply(this, args);
    };
  });
}

/** How many there were. */
export const sounds = (page: Page) => page.evaluate(() => Number(sessionStorage.getItem('sounds') ?? 0));
