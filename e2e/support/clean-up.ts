// After a run: its database goes. The folder is a new one below the system's temporary files, never one of anybody's.

import { rmSync } from 'node:fs';

import { DATA } from './place';

export default function cleanUp() {
  if (!process.env.KOPILKA_E2E_KEEP) rmSync(DATA, { recursive: true, force: true });
}
