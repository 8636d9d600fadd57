// Pictures of every page for people to look at: two phones and a desktop, light and dark, Russian and English.
// Not a test of anything. They go to .results/screens/<language>-<theme>-<width>/<page>.png

import path from 'node:path';

import { become, PLACES, sellSomething, stateOf } from '../support/pages';
import { join } from '../support/people';
import { RESULTS, signedIn, SITE } from '../support/place';
import { expect, test } from '../support/test';

const WINDOWS = [[390, 844], [360, 640], [1280, 800]] as const;

for (const language of ['ru', 'en']) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [width, height] of WINDOWS) {
      const folder = path.join(RESULTS, 'screens', `${language}-${colorScheme}-${width}`);
      const look = {
        colorScheme,
        viewport: { width, height },
        deviceScaleFactor: 1,
        isMobile: width < 960,
        hasTouch: width < 960,
        reducedMotion: 'reduce' as const,
        locale: language === 'ru' ? 'ru-RU' : 'en-GB',
      };
      const words = { name: 'language', value: language, url: SITE };

      for (const who of [...new Set(PLACES.map((place) => place.who))]) {
        test(`pages of a ${who}, ${language}, ${colorScheme}, ${width}`, async ({ visitor }) => {
          test.slow();
          const context = await visitor({ ...look, storageState: stateOf(who) });
          await context.addCookies([words]);
          await become(context, who);
          const page = await context.newPage();
          for (const place of PLACES.filter((each) => each.who === who)) {
            await place.open(page);
            await page.evaluate(() => document.fonts.ready);
            await page.screenshot({ path: path.join(folder, `${place.name}.png`), fullPage: true });
          }
        });
      }

      test(`a sale at the till, ${language}, ${colorScheme}, ${width}`, async ({ visitor }) => {
        test.slow();
        const { printed } = await join((await visitor()).request, { name: 'Ника', lastName: 'Примерова' });
        const context = await visitor({ ...look, storageState: signedIn.cashier });
        await context.addCookies([words]);
        const page = await context.newPage();
        await sellSomething(page, printed, async (name) => {
          await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
        });
        expect(page.url()).toContain('/till');
      });
    }
  }
}
