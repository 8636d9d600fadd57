// A line that breaks: a proxy between browser and server that drops requests and answers by chance, from a seed, so that a
// run can be repeated.

import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Numbers between 0 and 1 that a seed decides (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class FaultyLine {
  /** The share of requests that never arrive, and of answers that never do. */
  lost = 0;
  /** What was dropped so far. */
  readonly dropped = { requests: 0, answers: 0 };
  private readonly server: http.Server;
  private readonly next: () => number;

  private constructor(target: string, seed: number, touches: RegExp) {
    this.next = chance(seed);
    const { hostname, port } = new URL(target);
    this.server = http.createServer((request, response) => {
      const risky = touches.test(request.url ?? '');
      if (risky && this.next() < this.lost) {
        this.dropped.requests += 1;
        request.socket.destroy();
        return;
      }
      const loses = risky && this.next() < this.lost;
      const { method, headers, url } = request;
      const forward = http.request({ hostname, port, path: url, method, headers }, (answer) => {
        if (loses) {
          // The server has done its work, and nobody hears of it.
          answer.resume();
          answer.on('end', () => {
            this.dropped.answers += 1;
            request.socket.destroy();
          });
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      });
      forward.on('error', () => request.socket.destroy());
      request.on('error', () => forward.destroy());
      request.pipe(forward);
    });
  }

  /** A line to this server that breaks for paths like these, once `lost` says so. */
  static async to(target: string, seed: number, touches: RegExp): Promise<FaultyLine> {
    const line = new FaultyLine(target, seed, touches);
    await new Promise<void>((ready) => {
      line.server.listen(0, '127.0.0.1', ready);
    });
    return line;
  }

  /** Its address. */
  get site(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends it. */
  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
