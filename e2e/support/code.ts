// The code on the screen: how a scanner reads it, and how a device computes it. Nothing here is shared with the
// program: the decoder is zxing, the one-time code is RFC 6238 by Node's own cryptography.

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { type APIRequestContext, expect } from '@playwright/test';
import { prepareZXingModule, type ReaderOptions, readBarcodes } from 'zxing-wasm/reader';

import { post } from './http';
import { SITE } from './place';

let prepared: Promise<unknown> | undefined;

function prepare() {
  const wasm = readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer;
  prepared ??= Promise.resolve(prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true }));
  return prepared;
}

async function read(png: Buffer, options: ReaderOptions): Promise<string[]> {
  await prepare();
  // Strict: no inverted code counts, and no rotated one.
  const codes = await readBarcodes(new Uint8Array(png), { tryInvert: false, tryRotate: false, ...options });
  return codes.filter((code) => code.isValid).map((code) => code.text);
}

/** What a scanner reads in a picture with one QR code. */
export async function readQr(png: Buffer): Promise<string> {
  const texts = await read(png, { formats: ['QRCode'] });
  expect(texts, 'codes in the picture').toHaveLength(1);
  return texts[0]!;
}

/** What a laser scanner reads in a picture with one EAN-13. */
export async function readEan(png: Buffer): Promise<string> {
  const texts = await read(png, { formats: ['EAN-13'] });
  expect(texts, 'codes in the picture').toHaveLength(1);
  return texts[0]!;
}

/** Seconds of a one-time code's life. */
export const STEP = 30;

/** The present step of thirty seconds. */
export const stepNow = () => Math.floor(Date.now() / 1000 / STEP);

/** The one-time code of a step: TOTP with HMAC-SHA-256, eight digits. */
export function totp(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha256', secret).update(counter).digest();
  const value = hash.readUInt32BE(hash[hash.length - 1]! & 0x0f) & 0x7fff_ffff;
  return String(value % 100_000_000).padStart(8, '0');
}

/** A device of the test's own making: it has the secret of whoever is signed in and shows what a phone would. */
export class Device {
  private constructor(
    private readonly card: string,
    private readonly secret: Buffer,
  ) {}

  /** Takes the secret over from the signed-in session; codes of its earlier secret end after a minute. */
  static async of(request: APIRequestContext, card: string, site = SITE): Promise<Device> {
    const answer = await post(request, '/api/card/key', {}, { site });
    expect(answer.status()).toBe(200);
    const secret = (await answer.text()).replaceAll('"', '').trim().split(' ').at(-1)!;
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    return new Device(card, Buffer.from(secret, 'hex'));
  }

  /** What its screen shows now, or so many steps ago. */
  code(stepsAgo = 0): string {
    return `71${this.card}${totp(this.secret, stepNow() - stepsAgo)}`;
  }
}
