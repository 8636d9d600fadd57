// Signs the demo's people in once, for tests that only look: a code to one phone can be had once a minute.

import { expect, test as setup } from '@playwright/test';

import { submit } from '../support/http';
import { oneTimePassword } from '../support/people';
import { DEMO_PHONES, signedIn } from '../support/place';

for (const [name, phone] of Object.entries(DEMO_PHONES)) {
  setup(`${name} signs in`, async ({ request }) => {
    await submit(request, '/api/sign-in/phone', { phone });
    const answer = await submit(request, '/api/join/code', { code: await oneTimePassword(request, phone) });
    expect(answer.headers()['location']).toBe('/card');
    await request.storageState({ path: signedIn[name as keyof typeof DEMO_PHONES] });
  });
}

setup('a cashier signs in', async ({ request }) => {
  await submit(request, '/api/till/sign-in', { login: 'kassir', password: 'demo-kassir' });
  await request.storageState({ path: signedIn.cashier });
});
