// The camera at the till: a code before it is a scan; what it cannot do ends in one sentence and in typing.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { withCamera } from '../../support/camera';
import { Device } from '../../support/code';
import { join } from '../../support/people';
import { codeField, customer, listening, openTill } from '../../support/till';
import { expect, line, test } from '../../support/test';

const openButton = (page: Page) => page.getByRole('button', { name: /^Камера/ });
const panel = (page: Page) => page.getByRole('group', { name: 'Камера' });
const torch = (page: Page) => page.getByRole('button', { name: 'Подсветка' });

/** Addresses of the decoder that a page asked for. */
function decoders(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const file = /decoder[^/]*\.(js|wasm)$/.exec(request.url());
    if (file) asked.push(file[1]!);
  });
  return asked;
}

/** How many cameras of this page are on. */
const running = (page: Page) =>
  page.evaluate(() => {
    const stream = document.querySelector('video')?.srcObject as MediaStream | null | undefined;
    return stream?.getTracks().filter((track) => track.readyState === 'live').length ?? 0;
  });

test('a code before the camera is a scan, read by the decoder that was fetched only then', line(33), async ({ playwright, launchOptions, watch, context }) => {
  const member = await join(context.request, { name: 'Кира', lastName: 'Светова' });
  const device = await Device.of(context.request, member.card);
  await withCamera({ playwright, launchOptions, watch }, { digits: device.code() }, async (page) => {
    const asked = decoders(page);
    const scans: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') scans.push(new URL(request.url()).pathname);
    });
    await openTill(page);
    expect(await page.evaluate(() => 'BarcodeDetector' in window), 'a browser without a detector').toBe(false);
    expect(asked, 'before the camera is opened').toEqual([]);
    await page.keyboard.press('F6');
    await expect(customer(page)).toHaveText('Кира С.', { timeout: 10_000 });
    expect(asked.sort()).toEqual(['js', 'wasm']);
    // The film shows the code again and again, twenty pictures of it each second.
    await page.waitForLoadState('networkidle');
    expect(scans).toEqual(['/api/till/scan']);
    await expect(panel(page)).toHaveCount(0);
  });
});

test('the printed code before the camera is a scan too', line(33), async ({ playwright, launchOptions, watch, context }) => {
  const member = await join(context.request, { name: 'Кира' });
  await withCamera({ playwright, launchOptions, watch }, { digits: member.printed }, async (page) => {
    await openTill(page);
    await openButton(page).click();
    await expect(customer(page)).toHaveText('Кира', { timeout: 10_000 });
  });
});

test("a browser's own detector is asked first, and nothing is fetched", line(33), async ({ playwright, launchOptions, watch, context }) => {
  const member = await join(context.request, { name: 'Кира' });
  await withCamera({ playwright, launchOptions, watch }, {}, async (page) => {
    const asked = decoders(page);
    await page.addInitScript((digits) => {
      class BarcodeDetector {
        static getSupportedFormats = async () => ['ean_13', 'qr_code'];
        looks = 0;
        // Other people's codes are passed over.
        detect = async () => (++this.looks < 3 ? [{ rawValue: 'https://example.org/pay' }] : [{ rawValue: digits }]);
      }
      Object.assign(window, { BarcodeDetector });
    }, member.printed);
    await openTill(page);
    await openButton(page).click();
    await expect(customer(page)).toHaveText('Кира');
    expect(asked).toEqual([]);
  });
});

test('a detector that knows no QR codes is passed over', line(33), async ({ playwright, launchOptions, watch, context }) => {
  const member = await join(context.request, { name: 'Кира' });
  await withCamera({ playwright, launchOptions, watch }, { digits: member.printed }, async (page) => {
    await page.addInitScript(() => {
      Object.assign(window, { BarcodeDetector: { getSupportedFormats: async () => ['ean_13'] } });
    });
    await openTill(page);
    await openButton(page).click();
    await expect(customer(page)).toHaveText('Кира', { timeout: 10_000 });
  });
});

for (const [trouble, sentence, before, name] of [
  ['it is refused', /не дал доступ к камере/, { allowed: false }, undefined],
  ['there is none', /Камера не найдена/, { cameras: 0 }, undefined],
  ['another program has it', /занята другой программой/, {}, 'NotReadableError'],
  ['it fails in some other way', /Камера не работает/, {}, 'TypeError'],
] as const) {
  test(`where ${trouble}, one sentence says so and typing goes on`, line(33), async ({ playwright, launchOptions, watch, context }) => {
    const member = await join(context.request, { name: 'Кира' });
    await withCamera({ playwright, launchOptions, watch }, before, async (page) => {
      if (name) {
        await page.addInitScript((name) => {
          MediaDevices.prototype.getUserMedia = () => Promise.reject(Object.assign(new Error(), { name }));
        }, name);
      }
      await openTill(page);
      await openButton(page).click();
      await expect(page.getByRole('alert')).toHaveText(sentence);
      await expect(panel(page)).toBeHidden();
      await expect(openButton(page)).toBeVisible();
      await expect(codeField(page)).toBeFocused();
      await page.keyboard.type(member.printed, { delay: 60 });
      await page.keyboard.press('Enter');
      await expect(customer(page)).toHaveText('Кира');
    });
  });
}

test('an address without https is named as the reason', line(33), async ({ playwright, launchOptions, watch }) => {
  await withCamera({ playwright, launchOptions, watch }, {}, async (page) => {
    await page.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
    await openTill(page);
    await openButton(page).click();
    await expect(page.getByRole('alert')).toHaveText(/https/);
    await expect(codeField(page)).toBeFocused();
  });
});

test('while the camera looks, time passes visibly, help comes, and typing goes on', line(33), async ({ playwright, launchOptions, watch, context }) => {
  const member = await join(context.request, { name: 'Кира' });
  await withCamera({ playwright, launchOptions, watch }, {}, async (page) => {
    await openTill(page);
    await openButton(page).click();
    await expect(panel(page)).toContainText(/Ищем код карты: [1-9] с/);
    await expect(torch(page)).toBeHidden();
    await expect(page.getByLabel('Какая камера')).toBeHidden();
    await expect(panel(page).getByRole('status')).toHaveText(/ближе/, { timeout: 10_000 });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
    await codeField(page).click();
    await page.keyboard.type(member.printed, { delay: 60 });
    await page.keyboard.press('Enter');
    await expect(customer(page)).toHaveText('Кира');
  });
});

test('Esc, the button, its key and a hidden page let the camera go', line(33), async ({ playwright, launchOptions, watch }) => {
  await withCamera({ playwright, launchOptions, watch }, {}, async (page) => {
    await openTill(page);
    const ways: (() => Promise<unknown>)[] = [
      () => page.keyboard.press('Escape'),
      () => page.keyboard.press('F6'),
      () => panel(page).getByRole('button', { name: /Закрыть/ }).click(),
      () =>
        page.evaluate(() => {
          Object.defineProperty(document, 'hidden', { value: true, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }),
    ];
    for (const close of ways) {
      await openButton(page).click();
      await expect.poll(() => running(page)).toBe(1);
      const track = await page.evaluateHandle(() => (document.querySelector('video')!.srcObject as MediaStream).getVideoTracks()[0]!);
      await close();
      await expect(panel(page)).toBeHidden();
      expect(await track.evaluate((track) => track.readyState)).toBe('ended');
      await expect(codeField(page)).toBeFocused();
    }
  });
});

test('of several cameras the chosen one is remembered', line(33), async ({ playwright, launchOptions, watch }) => {
  await withCamera({ playwright, launchOptions, watch }, { cameras: 2 }, async (page) => {
    await openTill(page);
    await openButton(page).click();
    const choice = page.getByLabel('Какая камера');
    await expect(choice.locator('option')).toHaveCount(2);
    const first = await choice.inputValue();
    await choice.selectOption({ index: first === (await choice.locator('option').first().getAttribute('value')) ? 1 : 0 });
    await expect.poll(() => choice.inputValue()).not.toBe(first);
    const second = await choice.inputValue();
    await page.reload();
    await listening(page);
    await openButton(page).click();
    await expect(choice).toHaveValue(second);
    expect(await running(page)).toBe(1);
  });
});

test('a camera with a light can be lit', line(33), async ({ playwright, launchOptions, watch }) => {
  await withCamera({ playwright, launchOptions, watch }, {}, async (page) => {
    await page.addInitScript(() => {
      const lit: unknown[] = [];
      Object.assign(window, { lit });
      MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true }) as MediaTrackCapabilities;
      MediaStreamTrack.prototype.applyConstraints = async (wish) => void lit.push(wish);
    });
    await openTill(page);
    await openButton(page).click();
    await torch(page).click();
    await expect(torch(page)).toHaveAttribute('aria-pressed', 'true');
    await torch(page).click();
    await expect(torch(page)).toHaveAttribute('aria-pressed', 'false');
    expect(await page.evaluate(() => (window as unknown as { lit: unknown }).lit)).toEqual([
      { advanced: [{ torch: true }] },
      { advanced: [{ torch: false }] },
    ]);
  });
});
