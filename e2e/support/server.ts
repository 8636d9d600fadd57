// A server of a test's own, for what cannot be asked of the one that all share: to be stopped and looked into.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect } from '@playwright/test';

import { CODE_LIMITS, PORT, PROGRAM } from './place';

export class OwnServer {
  private constructor(
    private readonly process: ChildProcess,
    /** Its address. */
    readonly site: string,
    /** Its data folder, to be read once it has stopped. */
    readonly data: string,
  ) {}

  /** Starts a server on the port that lies so far above that of the run. */
  static async start(above: number): Promise<OwnServer> {
    const data = mkdtempSync(path.join(tmpdir(), 'kopilka-e2e-own-'));
    const listen = `127.0.0.1:${PORT + above}`;
    const child = spawn(PROGRAM, ['--data', data, 'serve', '--demo', '--listen', listen, ...CODE_LIMITS], { stdio: 'ignore' });
    const server = new OwnServer(child, `http://${listen}`, data);
    const ready = async () => (await fetch(`${server.site}/health/ready`).catch(() => undefined))?.status;
    await expect.poll(ready, { timeout: 60_000 }).toBe(200);
    return server;
  }

  /** Asks it to stop and waits until it has. */
  async stop() {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await ended;
  }

  /** Removes its data folder. */
  forget() {
    rmSync(this.data, { recursive: true, force: true });
  }
}
