// Signs the demo's people in once, for tests that only look: a code to one phone can be had once a minute. Each writes
// the phone in another way.

import { line, expect, test as setup } from '../support/test';
import { enterCode } from '../support/people';
import { submit } from '../support/http';
import { DEMO_PHONES, signedIn } from '../support/place';
import { kopilka } from '../support/tills';

for (const [who, name, written] of [
  ['anna', 'Анна', '8 (900) 000-00-01'],
  ['boris', 'Борис', '+7 900 000-00-02'],
  ['vera', 'Вера', '\u00a07\u2011900\u2011000\u201100\u201103 '],
  ['gleb', 'Глеб', 'tel:+79000000004'],
] as const) {
  setup(`${who} gets her or his own card, writing the phone as ${written.trim()}`, line(1), async ({ page }) => {
    await page.goto('/sign-in');
    await page.getByLabel('Номер телефона').fill(written);
    await page.getByRole('button', { name: 'Получить код' }).click();
    await enterCode(page, DEMO_PHONES[who]);
    await expect(page).toHaveURL('/card');
    await expect(page.getByRole('region', { name: 'Карта' })).toContainText(name);
    await page.context().storageState({ path: signedIn[who] });
  });
}

setup('a cashier signs in at a browser that is the till', async ({ page }) => {
  await page.goto('/till');
  await page.getByText('Сделать этот браузер кассой').click();
  await page.getByLabel('Ключ кассы или код').fill(kopilka(['till', 'pair', 'Касса 2']));
  await page.getByRole('button', { name: 'Привязать' }).click();
  await expect(page.locator('.brand')).toContainText('Касса 2');
  await submit(page.request, '/api/till/sign-in', { login: 'kassir', password: 'demo-kassir' });
  await page.goto('/till');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('карту');
  await page.context().storageState({ path: signedIn.cashier });
});
