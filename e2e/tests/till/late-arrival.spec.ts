// A sale that the network holds for longer than the till waits: it arrives after the till has said that it is not stored.

import { Device } from '../../support/code';
import { expectLoss, openReadyTill } from '../../support/link';
import { everything, join } from '../../support/people';
import { goods } from '../../support/pos';
import { Proxy } from '../../support/proxy';
import { amount, codeField, customer, listening, postButton, result } from '../../support/till';
import { OwnTill, comeIn } from '../../support/tills';
import { expect as impatient, line, test } from '../../support/test';

test.use({ storageState: { cookies: [], origins: [] } });
test.describe.configure({ timeout: 90_000 });

const expect = impatient.configure({ timeout: 20_000 });

for (const [name, reloads] of [['its button', false], ['a reload', true]] as const) {
  test(`a spending sale that arrives late is found by ${name}, and counts once`, line([35, 36]), async ({ page, visitor, pos, watch }) => {
    expectLoss(watch);
    watch.expect(/status of|AbortError|TimeoutError|signal timed out|Content Security Policy/);
    const proxy = await Proxy.start();
    const shopper = await visitor({ storageState: undefined });
    const member = await join(shopper.request, { name: 'Ника' });
    const device = await Device.of(shopper.request, member.card);
    await pos.sell({ code: member.printed, lines: [goods(500_000)] });
    const till = OwnTill.add();
    const cashier = till.staff('Кассир', '1357');
    await till.pair(page, proxy.site);
    await comeIn(page, cashier);
    await openReadyTill(page, `${proxy.site}/till`);
    await codeField(page).fill(device.code());
    await codeField(page).press('Enter');
    await expect(customer(page)).toHaveText('Ника');
    await listening(page);
    await amount(page).fill('1000');
    await page.getByLabel(/Сколько можно/).check();
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/till/post'));
    proxy.only = /^POST .api.till.post/;
    proxy.instead = { status: 500, headers: { 'content-type': 'text/html' }, body: '<h1>Oops</h1>' };
    await postButton(page).click();
    const body = (await sent).postData()!;
    await expect(page.locator('#offline-sent')).toContainText('ответ сервера не пришёл');
    proxy.instead = undefined;
    const note = page.locator('#main > .note.sent');
    await expect(note).toContainText(/Чек на 1\s000\s₽ не проведён/);

    // Only now it arrives.
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
    const arrived = await page.request.post(`${proxy.site}/api/till/post`, { data: body, headers, maxRedirects: 0 });
    expect(arrived.status()).toBe(303);
    expect(arrived.headers()['location']).toMatch(/^\/till\?done=/);
    if (reloads) {
      await page.reload();
      await expect(note).toContainText(/Чек на 1\s000\s₽, ответ на который не пришёл, проведён/);
      await note.getByRole('button', { name: 'К итогу' }).click();
    } else {
      await note.getByRole('button', { name: 'К чеку' }).click();
    }
    await expect(result(page)).toContainText('Списано');
    expect(((await everything(shopper.request)).purchases as string[]).length).toBe(2);
    proxy.stop();
  });
}
