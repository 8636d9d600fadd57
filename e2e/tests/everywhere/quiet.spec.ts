// What a browser must never see: motion that nobody asked for, things that jump, a tab that a deployment breaks.

import { code, measureShifts, openLive, shifts, tile } from '../../support/card';
import { readQr } from '../../support/code';
import { become, PLACES, stateOf } from '../../support/pages';
import { pictureOf } from '../../support/picture';
import { goods } from '../../support/pos';
import { expect, line, test } from '../../support/test';

test('nothing moves where less motion is asked for', line(44, 'desktop'), async ({ visitor, pos, member, context }) => {
  const calm = await visitor({ reducedMotion: 'reduce', storageState: await context.storageState() });
  const page = await calm.newPage();
  // Every animation or transition that begins is noted, from the first paint on.
  await calm.addInitScript(() => {
    const moved: string[] = [];
    Object.assign(window, { moved });
    for (const name of ['animationstart', 'transitionrun']) {
      document.addEventListener(name, (event) => moved.push(`${name}: ${(event.target as Element).outerHTML.slice(0, 80)}`), true);
    }
  });
  const moved = () => page.evaluate(() => (window as unknown as { moved: string[] }).moved);
  await openLive(page);
  await pos.sell({ code: member.printed, lines: [goods(70_000)] });
  await expect(page.locator('.card-balance')).toHaveText(/^221\s*балл$/);
  for (const path of ['/card', '/offers', '/points', '/profile']) {
    await page.goto(path);
    expect(await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length), path).toBe(0);
    expect(await moved(), path).toEqual([]);
  }
});

test('the balance counts up where motion is welcome, and lands on the right number', line(44), async ({ page, pos, member }) => {
  const listening = page.waitForResponse('/card/live');
  await openLive(page);
  await listening;
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    new MutationObserver(() => seen.push(document.querySelector('.card-balance')!.textContent!.replace(/\D/g, ''))).observe(
      document.querySelector('.card-balance')!,
      { childList: true, subtree: true, characterData: true },
    );
  });
  await pos.sell({ code: member.printed, lines: [goods(70_000)] });
  await expect(page.locator('.card-balance')).toHaveText(/^221\s*балл$/);
  const seen = (await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).map(Number);
  expect(seen.length).toBeGreaterThan(2);
  expect(seen).toEqual([...seen].sort((one, other) => one - other));
});

for (const who of ['guest', 'member', 'regular', 'cashier'] as const) {
  test(`nothing jumps on pages of a ${who}`, line(44, 'desktop', 'small'), async ({ visitor }) => {
    test.slow();
    const context = await visitor({ storageState: stateOf(who) });
    await become(context, who);
    const page = await context.newPage();
    await measureShifts(page);
    for (const place of PLACES.filter((each) => each.who === who)) {
      await test.step(place.name, async () => {
        await place.open(page);
        await page.waitForLoadState('networkidle').catch(() => undefined);
        expect.soft(await shifts(page), place.name).toEqual([]);
      });
    }
  });
}

test('an open tab goes on working when a deployment takes its files away', line(43, 'desktop'), async ({ page, member, pos, watch }) => {
  const listening = page.waitForResponse('/card/live');
  await openLive(page);
  await listening;
  watch.expect(/status of 404 .*\/pkg\//);
  watch.expect(/Failed to fetch dynamically imported module|Importing a module script failed/);
  watch.expect(/for rule set requested from .*\/pkg\/speculation-rules/);
  await page.context().route('**/pkg/**', (route) => route.fulfill({ status: 404, body: '' }));

  // The open card goes on.
  await pos.sell({ code: member.printed, lines: [goods(70_000)] });
  await expect(page.locator('.card-balance')).toHaveText(/^221\s*балл$/);
  expect(await readQr(await pictureOf(page, tile(page)))).toContain(member.card);
  // Its links and forms go on as well, even on pages that get no file at all.
  await page.getByRole('link', { name: 'Все предложения' }).click();
  await page.getByRole('button', { name: 'Включить все' }).click();
  await expect(page.getByText('Предложения включены')).toBeAttached();
  await page.goto('/card');
  await expect(code(page)).toBeVisible();
});

test('a card whose module does not come still shows a code that the till takes', line(43), async ({ page, member, pos, watch }) => {
  watch.expect(/status of 404 .*\.wasm/);
  watch.expect(/failed to fetch Wasm: 404/);
  await page.context().route('**/*.wasm', (route) => route.fulfill({ status: 404, body: '' }));
  const asked = page.waitForRequest('**/*.wasm');
  await page.goto('/card');
  await asked;
  const found = await pos.lookup(await readQr(await pictureOf(page, tile(page))));
  expect(found.status()).toBe(200);
  expect(await found.json()).toMatchObject({ may_spend: true });
  expect(member.card).toBeTruthy();
});

test('pages name files by their contents, and those are kept for a year', line(43), async ({ request }) => {
  const html = await (await request.get('/')).text();
  const files = [...new Set(html.match(/\/pkg\/[\w.-]+/g))];
  expect(files.length).toBeGreaterThanOrEqual(4);
  for (const file of files) {
    expect(file).toMatch(/\.[0-9a-f]{16}\.\w+$/);
    const answer = await request.get(file);
    expect(answer.status(), file).toBe(200);
    expect(answer.headers()['cache-control'], file).toContain('immutable');
  }
  const worker = await (await request.get('/sw.js')).text();
  for (const file of files.filter((each) => !each.includes('#'))) expect(worker).toContain(file);
  expect((await request.get('/sw.js')).headers()['cache-control']).toBe('no-cache');
});

test('what only the till needs is loaded by the till alone', line(43), async ({ request }) => {
  const files = async (path: string) => [...new Set((await (await request.get(path)).text()).match(/\/pkg\/[\w.-]+/g))];
  const [shopper, till] = [await files('/'), await files('/till')];
  const own = till.filter((file) => !shopper.includes(file));
  expect(own.map((file) => file.split('.')[0]).sort()).toEqual(['/pkg/till', '/pkg/till', '/pkg/till', '/pkg/till-loader']);
  const styles = async (all: string[]) => {
    const texts = all.filter((file) => file.endsWith('.css')).map(async (file) => (await request.get(file)).text());
    return (await Promise.all(texts)).join('');
  };
  expect(await styles(shopper)).not.toContain('.till-main');
  expect(await styles(own)).toContain('.till-main');
});

test('a page of somebody who is signed in is kept by nobody', line(25), async ({ request, member, context }) => {
  expect(member.card).toBeTruthy();
  for (const path of ['/card', '/points', '/offers', '/profile', '/consents', '/settings', '/settings/export.json']) {
    expect((await context.request.get(path)).headers()['cache-control'], path).toContain('no-store');
  }
  for (const path of ['/', '/card']) {
    const policy = (await request.get(path)).headers()['content-security-policy']!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("'unsafe-inline'");
    expect(policy).not.toContain("'unsafe-eval'");
  }
});

for (const who of ['guest', 'newcomer', 'member', 'regular', 'cashier'] as const) {
  test(`pages of a ${who} are silent, whole, and have their names`, line(42, 'desktop'), async ({ visitor }) => {
    test.slow();
    const context = await visitor({ storageState: stateOf(who) });
    await become(context, who);
    const page = await context.newPage();
    const titles = new Set<string>();
    for (const place of PLACES.filter((each) => each.who === who)) {
      await test.step(place.name, async () => {
        await place.open(page);
        await page.waitForLoadState('networkidle').catch(() => undefined);
        await expect.soft(page).toHaveTitle(/.+ · .+/);
        expect.soft(await page.getByRole('heading', { level: 1 }).count(), `h1 of ${place.name}`).toBe(1);
        expect.soft(await page.locator('html').getAttribute('lang')).toBe('ru');
        // Each island on the page has its export in the module.
        const orphans = await page.evaluate(async () => {
          const { js } = document.querySelector<HTMLScriptElement>('script[data-js]')!.dataset;
          const module: Record<string, unknown> = await import(js!);
          return [...document.querySelectorAll<HTMLElement>('leptos-island')]
            .map((island) => island.dataset.component!)
            .filter((name) => typeof module[name] !== 'function');
        });
        expect.soft(orphans, `islands without code on ${place.name}`).toEqual([]);
        titles.add(await page.title());
      });
    }
    expect(titles.size).toBeGreaterThan(0);
  });
}
