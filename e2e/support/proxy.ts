// A server on the way to ours, as a gateway or another network has one: it passes everything on until it is told to answer
// by itself. What a service worker asks for goes through it, too.

import http from 'node:http';
import type { AddressInfo } from 'node:net';

import { SITE } from './place';

/** What it answers by itself; nothing: it lets the caller wait. */
export interface OwnAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export class Proxy {
  /** What is answered instead of the server; `undefined`: the server answers. `'nothing'`: nobody does. */
  instead: OwnAnswer | 'nothing' | undefined;
  /** Method and path of what it answers by itself. */
  only = /./;
  /** Whether the server does its work all the same, and its answer alone is lost. */
  serves = false;

  private constructor(
    private readonly server: http.Server,
    /** Address under which the site is found through it. */
    readonly site: string,
  ) {}

  static async start(): Promise<Proxy> {
    const server = http.createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const proxy = new Proxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => proxy.pass(request, response));
    return proxy;
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse) {
    const { instead, serves } = this;
    const fails = instead !== undefined && this.only.test(`${request.method} ${request.url}`);
    const failing = () => {
      if (instead === 'nothing' || !instead) return;
      response.writeHead(instead.status, instead.headers);
      response.end(instead.body);
    };
    if (fails && !serves) {
      request.resume();
      return failing();
    }
    const target = new URL(SITE);
    const options = { host: target.hostname, port: target.port, path: request.url, method: request.method, headers: request.headers };
    const onward = http.request(options, (answer) => {
      if (fails) {
        answer.resume();
        answer.on('end', failing);
        return;
      }
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
