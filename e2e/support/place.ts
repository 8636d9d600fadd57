// Where the program under test is and where it keeps its data. The same in every process of a run.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The program: `KOPILKA_BIN`, or the release build of this checkout. */
export const PROGRAM = path.resolve(
  process.env.KOPILKA_BIN ?? path.join(__dirname, '../../target/release/kopilka'),
);

/** Port of the run's server; further ones start at the next. */
export const PORT = Number(process.env.KOPILKA_E2E_PORT ?? 3210);

/** Options of every server here: one run is many shoppers behind one address. */
export const CODE_LIMITS = ['--otp-per-address', '1000000', '--otp-per-day', '1000000'];

/** The run's server. */
export const SITE = `http://127.0.0.1:${PORT}`;

/** What tests leave behind: screenshots, traces, signed-in states. */
export const RESULTS = path.join(__dirname, '../.results');

/** Folder of the run's database: new for each run, known to its workers through the environment. */
export const DATA = (process.env.KOPILKA_E2E_DATA ??= mkdtempSync(path.join(tmpdir(), 'kopilka-e2e-')));

/** Cookies and storage of somebody who is signed in, made once by `tests/setup.ts`. */
export const signedIn = {
  anna: path.join(RESULTS, 'signed-in/anna.json'),
  boris: path.join(RESULTS, 'signed-in/boris.json'),
  vera: path.join(RESULTS, 'signed-in/vera.json'),
  gleb: path.join(RESULTS, 'signed-in/gleb.json'),
  dina: path.join(RESULTS, 'signed-in/dina.json'),
  cashier: path.join(RESULTS, 'signed-in/cashier.json'),
};

/** The demo's members. */
export const DEMO_PHONES = {
  anna: '+79000000001',
  boris: '+79000000002',
  vera: '+79000000003',
  gleb: '+79000000004',
  dina: '+79000000005',
} as const;
