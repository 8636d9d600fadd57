// Where the tests run: phones of two sizes, a desktop, a browser without JavaScript, a till. The program is started
// anew with an empty data folder for each run.

import { existsSync } from 'node:fs';
import path from 'node:path';

import { defineConfig, devices, type PlaywrightTestConfig } from '@playwright/test';

import { CODE_LIMITS, DATA, PORT, PROGRAM, RESULTS, SITE } from './support/place';

/** The system's browser where there is one, else the one that Playwright has brought. */
const chromium = (process.env.PATH ?? '')
  .split(path.delimiter)
  .map((folder) => path.join(folder, 'chromium'))
  .find((file) => existsSync(file));

// Pictures of every page and figures of speed are no tests: they are taken where their project is asked for by name.
// Workers learn of it here.
if (process.argv.some((word) => word.includes('screens'))) process.env.KOPILKA_E2E_SCREENS = 'yes';
if (process.argv.includes('bench')) process.env.KOPILKA_E2E_BENCH = 'yes';

const phone = {
  ...devices['Pixel 7'],
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 3,
};
const desktop = { ...devices['Desktop Chrome'], viewport: { width: 1280, height: 800 } };

const config: PlaywrightTestConfig = {
  testDir: 'tests',
  outputDir: path.join(RESULTS, 'tests'),
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  // A machine that is busy with others may stall a browser; what passes only then is listed as flaky, to be mended.
  retries: process.env.CI ? 1 : 0,
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: process.env.CI ? [['dot']] : [['list']],
  globalTeardown: './support/clean-up.ts',
  use: {
    baseURL: SITE,
    locale: 'ru-RU',
    timezoneId: 'Europe/Moscow',
    colorScheme: 'light',
    screenshot: 'only-on-failure',
    actionTimeout: 10_000,
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'signing in', testMatch: 'setup.ts', use: desktop },
    {
      name: 'phone',
      testMatch: ['shopper/*.spec.ts', 'everywhere/*.spec.ts'],
      dependencies: ['signing in'],
      use: phone,
    },
    {
      name: 'small phone',
      testMatch: ['shopper/*.spec.ts', 'everywhere/*.spec.ts'],
      grep: /@small/,
      dependencies: ['signing in'],
      use: { ...phone, viewport: { width: 360, height: 640 }, deviceScaleFactor: 2 },
    },
    {
      name: 'desktop',
      testMatch: ['shopper/*.spec.ts', 'everywhere/*.spec.ts'],
      grep: /@desktop/,
      dependencies: ['signing in'],
      use: desktop,
    },
    {
      name: 'no script',
      testMatch: ['shopper/*.spec.ts', 'no-script/*.spec.ts'],
      grep: /@no-script|no-script\//,
      dependencies: ['signing in'],
      use: { ...phone, javaScriptEnabled: false },
    },
    { name: 'till', testMatch: 'till/*.spec.ts', dependencies: ['signing in'], use: desktop },
    ...(process.env.KOPILKA_E2E_SCREENS
      ? [{ name: 'screens', testMatch: 'screens.spec.ts', dependencies: ['signing in'], use: phone }]
      : []),
    ...(process.env.KOPILKA_E2E_BENCH
      ? [{ name: 'bench', testMatch: 'bench/*.spec.ts', dependencies: ['signing in'], use: desktop }]
      : []),
  ],
  webServer: {
    command: `"${PROGRAM}" --data "${DATA}" serve --demo --listen 127.0.0.1:${PORT} ${CODE_LIMITS.join(' ')}`,
    url: `${SITE}/health/ready`,
    // Tests that post a lot say that they come from elsewhere, so that nobody else is slowed down by them.
    env: { KOPILKA_TRUSTED_PROXIES: '127.0.0.1' },
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
    stdout: 'ignore',
    stderr: 'pipe',
  },
};

export default defineConfig(config);
