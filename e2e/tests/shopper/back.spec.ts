// Forms that are refused: the page is one of its own address, so Back, a reload and pull-to-refresh send nothing again and lose
// nothing that was typed, with a script and without.

import { agree, askForCode, freshPhone, oneTimePassword, prove } from '../../support/people';
import { expect, line, test } from '../../support/test';

/** Forms that a page sends, by their addresses. */
function sentBy(page: import('@playwright/test').Page): string[] {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.isNavigationRequest()) sent.push(new URL(request.url()).pathname);
  });
  return sent;
}

test('a refused form keeps what was typed over a reload, a document and the way back', line(1, 'no-script'), async ({ page }) => {
  const sent = sentBy(page);
  await page.goto('/join');
  await page.getByLabel('Номер телефона').fill('12-34');
  await page.getByRole('button', { name: 'Получить код' }).click();
  const field = page.getByLabel('Номер телефона');
  await expect(page).toHaveURL(/\/join\?form=[0-9a-f]{32}$/);
  const address = page.url();
  for (const again of [() => page.reload(), () => page.reload()]) {
    await expect(field).toHaveValue('12-34');
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await again();
  }
  await page.goto('/privacy');
  await page.goBack();
  await expect(page).toHaveURL(address);
  await expect(field).toHaveValue('12-34');
  await page.reload();
  await expect(field).toHaveValue('12-34');
  await page.goBack();
  await expect(page).toHaveURL('/join');
  await page.goForward();
  await expect(field).toHaveValue('12-34');
  expect(sent).toEqual(['/api/join/phone']);
});

test('a reload burns no try of a code, and the code is never shown again', line(2, 'no-script'), async ({ page }) => {
  const sent = sentBy(page);
  const phone = freshPhone();
  await page.goto('/join');
  await askForCode(page, phone);
  const right = await oneTimePassword(page.request, phone);
  const wrong = right === '111111' ? '222222' : '111111';
  await page.getByLabel('Шесть цифр').fill(wrong);
  await page.getByRole('button', { name: 'Продолжить' }).click();
  for (let times = 0; times < 6; times += 1) {
    await expect(page.getByText('Осталось 4 попытки').first()).toBeVisible();
    await expect(page.getByLabel('Шесть цифр')).toHaveValue('');
    await page.reload();
  }
  expect(sent).toEqual(['/api/join/phone', '/api/join/code']);
  await page.getByLabel('Шесть цифр').fill(right);
  await page.getByRole('button', { name: 'Продолжить' }).click();
  await expect(page).toHaveURL('/join/consents');
});

test('on the last step a document is read and nothing is lost', line(3, 'no-script'), async ({ page }) => {
  await prove(page.request, freshPhone());
  await page.goto('/join/consents');
  await page.getByLabel('Имя', { exact: true }).fill('Мария');
  await page.getByRole('button', { name: 'Открыть карту' }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await page.getByRole('link', { name: /согласие на обработку/ }).first().click();
  await page.goBack();
  await expect(page.getByLabel('Имя', { exact: true })).toHaveValue('Мария');
  await agree(page, 'Мария');
  await expect(page).toHaveURL('/card');
});
