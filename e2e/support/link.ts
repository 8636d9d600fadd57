// The till without a link: what it keeps, how it says so, and the ways to take the link away.

import type { Page } from '@playwright/test';

import { expect, type Watch } from './test';
import { openTill } from './till';

/** The bar that says how many sales wait on this device. */
export const waitingBar = (page: Page) => page.locator('#queue');

/** The receipt of the page that stands in for the till's. */
export const offlineForm = (page: Page) => page.locator('#offline');

/** Says beforehand that the browser will complain of a lost link. */
export function expectLoss(watch: Watch) {
  watch.expect(/net::ERR_|Failed to fetch|status of 40[19]|AudioContext was not allowed/);
}

/** Opens the till and waits until everything for a time without a link is on the device. */
export async function openReadyTill(page: Page, path = '/till') {
  await openTill(page, path);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => caches.match('/till/offline').then(Boolean))).toBe(true);
  await expect.poll(() => page.evaluate(() => !!navigator.serviceWorker.controller)).toBe(true);
}

/** The link goes. */
export async function cut(page: Page, watch: Watch) {
  expectLoss(watch);
  await page.context().setOffline(true);
}

/** The link is back. */
export const mend = (page: Page) => page.context().setOffline(false);

/** A sale as the device keeps it. */
export interface KeptSale {
  name: string;
  form: [string, string][];
  at: number;
  till: string;
  staff: string;
  number: string;
  state: string;
}

/** Every sale that the device keeps. */
export function kept(page: Page): Promise<KeptSale[]> {
  return page.evaluate(
    () =>
      new Promise<KeptSale[]>((done, failed) => {
        const opening = indexedDB.open('kopilka-till', 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore('sales');
        opening.onerror = () => failed(opening.error!);
        opening.onsuccess = () => {
          const all = opening.result.transaction('sales').objectStore('sales').getAll();
          all.onsuccess = () => {
            opening.result.close();
            done(all.result as KeptSale[]);
          };
        };
      }),
  );
}

/** Has the device keep these sales, as if they had been made on it. */
export function keep(page: Page, sales: KeptSale[]): Promise<void> {
  return page.evaluate(
    (sales) =>
      new Promise<void>((done, failed) => {
        const opening = indexedDB.open('kopilka-till', 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore('sales');
        opening.onerror = () => failed(opening.error!);
        opening.onsuccess = () => {
          const database = opening.result;
          const writing = database.transaction('sales', 'readwrite');
          for (const sale of sales) writing.objectStore('sales').put(sale, sale.name);
          writing.oncomplete = () => {
            database.close();
            done();
          };
          writing.onabort = () => failed(writing.error!);
        };
      }),
    sales,
  );
}

/** Has the device send what it keeps, as when the browser says that it has a network. */
export const sendNow = (page: Page) => page.evaluate(() => void dispatchEvent(new Event('online')));
