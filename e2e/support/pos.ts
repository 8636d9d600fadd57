// A till as software, over the POS API.

import { randomUUID } from 'node:crypto';

import { type APIRequestContext, type APIResponse, expect } from '@playwright/test';

import { SITE } from './place';

const KEY = 'demo-till-key';

/** A line of a receipt; the amount in kopecks, the quantity in thousandths. */
export interface Line {
  sku: string;
  name: string;
  category: string;
  quantity: number;
  amount: number;
}

/** Goods that no offer is about. */
export const goods = (amount: number, category = 'grocery'): Line => ({
  sku: `${category}-test`,
  name: 'Товар, тест',
  category,
  quantity: 1000,
  amount,
});

/** A receipt as it is sent. */
export interface Draft {
  visit?: string;
  code?: string;
  shift?: string;
  number?: string;
  at?: string;
  lines: Line[];
  spend?: 'none' | 'all' | number;
}

export class Pos {
  constructor(
    private readonly request: APIRequestContext,
    private readonly site = SITE,
  ) {}

  /** Sends a call and answers whatever came. */
  call(path: string, body: unknown, headers: Record<string, string> = {}): Promise<APIResponse> {
    return this.request.post(`${this.site}/pos/v1${path}`, {
      data: JSON.stringify(body),
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
    });
  }

  /** Looks a scanned code up. */
  lookup(code: string): Promise<APIResponse> {
    return this.call('/members/lookup', { code });
  }

  /** What a receipt would earn and cost. */
  async quote(draft: Draft) {
    const answer = await this.call('/receipts/quote', { spend: 'none', ...draft });
    expect(answer.status(), await answer.text()).toBe(200);
    return answer.json();
  }

  /** Posts a receipt that must be accepted. */
  async sell(draft: Draft, key: string = randomUUID()) {
    const body = { spend: 'none', shift: 'tests', number: randomUUID(), ...draft };
    const answer = await this.call('/receipts', body, { 'idempotency-key': key });
    expect(answer.status(), await answer.text()).toBe(201);
    return answer.json();
  }
}
