// A browser with a camera of its own: a film of somebody's code, a test picture, none, or one that may not be used.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type BrowserContext, type LaunchOptions, type Page, type PlaywrightWorkerArgs } from '@playwright/test';

import { PROGRAM, SITE, signedIn } from './place';
import type { Watch } from './watch';

/** Makes films: `KOPILKA_FRAMES`, or what was built beside the program. */
const FRAMES = process.env.KOPILKA_FRAMES ?? path.join(path.dirname(PROGRAM), 'kopilka-frames');

/** What is before the camera. */
export interface Before {
  /** Digits of a code that somebody brings before it; without them the browser's own test picture. */
  digits?: string;
  /** How many cameras there are. */
  cameras?: number;
  /** Whether it may be used. */
  allowed?: boolean;
}

/** Opens a till in a browser with such a camera, for as long as `use` runs. */
export async function withCamera(
  { playwright, launchOptions, watch }: { playwright: PlaywrightWorkerArgs['playwright']; launchOptions: LaunchOptions; watch: Watch },
  { digits, cameras = 1, allowed = true }: Before,
  use: (page: Page, context: BrowserContext) => Promise<void>,
) {
  const folder = mkdtempSync(path.join(tmpdir(), 'kopilka-film-'));
  const args = [...(launchOptions.args ?? [])];
  if (cameras > 0) args.push(`--use-fake-device-for-media-stream=device-count=${cameras}`);
  if (digits) {
    const film = path.join(folder, 'code.y4m');
    execFileSync(FRAMES, ['film', digits, film]);
    args.push(`--use-file-for-fake-video-capture=${film}`);
  }
  const browser = await playwright.chromium.launch({ ...launchOptions, args });
  try {
    const context = await browser.newContext({
      baseURL: SITE,
      locale: 'ru-RU',
      timezoneId: 'Europe/Moscow',
      viewport: { width: 1024, height: 768 },
      storageState: signedIn.cashier,
      permissions: allowed ? ['camera'] : [],
    });
    watch.over(context);
    await use(await context.newPage(), context);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}
