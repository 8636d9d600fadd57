// Tills and people of a test's own, made from the command line as an operator makes them: what happens at one till
// disturbs no other test.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { DATA, PROGRAM } from './place';

/** Runs a command of the program over the data of the run's server, or of another; what it prints. */
export function kopilka(args: string[], input = '', data = DATA): string {
  return execFileSync(PROGRAM, ['--data', data, ...args], { input, encoding: 'utf8', env: { ...process.env, DATABASE_URL: '' } }).trim();
}

/** Puts the demo's programme in force over these data, with one piece of the document replaced. */
export function applyProgramme(data: string, piece: RegExp, instead: string) {
  const document = readFileSync(path.join(__dirname, '../../server/core/demo/programme.toml'), 'utf8');
  expect(document).toMatch(piece);
  const file = path.join(data, 'programme.toml');
  writeFileSync(file, document.replace(piece, instead));
  kopilka(['programme', 'apply', file], '', data);
}

let made = 0;

/** A name that nobody has had in this run. */
const fresh = (word: string) => `${word}-${test.info().workerIndex}-${++made}-${Math.floor(Math.random() * 1e6)}`;

export interface Person {
  login: string;
  name: string;
  pin: string;
  password: string;
}

export class OwnTill {
  private constructor(
    readonly name: string,
    /** Its key, printed once. */
    readonly key: string,
    private readonly data: string,
  ) {}

  /** A new browser till; in the store that has no others, so that its door shows only the test's own people. */
  static add(store = 'station', data = DATA): OwnTill {
    const name = fresh('Касса');
    return new OwnTill(name, kopilka(['till', 'add', name, '--store', store, '--kind', 'browser'], '', data), data);
  }

  /** Somebody who works at it. */
  staff(word: string, pin: string, role = 'cashier'): Person {
    const login = fresh('staff');
    // Names are sorted by: the test's own word is enough to find its button.
    const person = { login, name: `${word} ${login}`, pin, password: 'test-password' };
    kopilka(['staff', 'add', login, '--name', person.name, '--role', role, '--till', this.name], `${person.password}\n`, this.data);
    kopilka(['staff', 'pin', login], `${pin}\n`, this.data);
    return person;
  }

  /** Makes the page's browser this till, by its key. */
  async pair(page: Page, site = '') {
    await page.goto(`${site}/till`);
    await page.getByText('Сделать этот браузер кассой').click();
    await page.getByLabel('Ключ кассы или код').fill(this.key);
    await page.getByRole('button', { name: 'Привязать' }).click();
    await expect(page.locator('.brand')).toContainText(this.name);
  }
}

/** Comes in by PIN: at a door, or through a lock. */
export async function comeIn(page: Page, person: Person) {
  await page.getByRole('radio', { name: person.name }).check();
  await page.getByLabel('PIN').fill(person.pin);
  await page.getByRole('button', { name: 'Войти', exact: true }).first().click();
  // Who works here may stand above the form too: only a door that is gone says that the answer came.
  await expect(page.getByRole('radio', { name: person.name })).toBeHidden();
  await expect(page.locator('.till-top')).toContainText(person.name);
}
