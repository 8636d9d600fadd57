// The program over plain HTTP, as forms and tills speak to it: for what a test needs but is not about.

import { type APIRequestContext, type APIResponse, expect } from '@playwright/test';

import { SITE } from './place';

/** Values of a form; a list stands for several fields of one name. */
export type Values = Record<string, string | string[]>;

function encoded(values: Values): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const each of [value].flat()) form.append(name, each);
  }
  return form.toString();
}

/** Posts a form as the site's own pages do, and follows no redirect. */
export function post(
  request: APIRequestContext,
  path: string,
  values: Values = {},
  { site = SITE, headers = {} }: { site?: string; headers?: Record<string, string> } = {},
): Promise<APIResponse> {
  return request.post(site + path, {
    data: encoded(values),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: site,
      'sec-fetch-site': 'same-origin',
      ...headers,
    },
    maxRedirects: 0,
  });
}

/** Posts a form as a script does that asks for the page itself: a refusal is its status. */
export function ask(request: APIRequestContext, path: string, values: Values = {}, site = SITE): Promise<APIResponse> {
  return post(request, path, values, { site, headers: { prefer: 'return=representation' } });
}

let addresses = 0;

/** Headers of somebody behind a proxy, at an address of the documentation's that nobody else has in this worker. */
export function fromElsewhere(worker: number): Record<string, string> {
  addresses += 1;
  return { 'x-forwarded-for': `198.51.${100 + (worker % 100)}.${addresses % 250}` };
}

/** Posts a form that must be accepted. A refused one answers 303 too: to the page that says so, or to the door. */
export async function submit(request: APIRequestContext, path: string, values: Values = {}, site = SITE) {
  const answer = await post(request, path, values, { site });
  expect(answer.status(), `${path}: ${(await answer.text()).slice(0, 500)}`).toBe(303);
  const location = answer.headers()['location'];
  expect(location, `${path} is refused`).not.toMatch(/[?&](form|unfinished)=/);
  expect(location, `${path} is a member's`).not.toBe('/sign-in');
  return answer;
}
