// A code that was part of a receipt: the cashier is told before the total that spending takes a new one.

import { Device } from '../../support/code';
import { join } from '../../support/people';
import { signedIn } from '../../support/place';
import { goods } from '../../support/pos';
import { find, postButton, result, serve } from '../../support/till';
import { expect, line, test } from '../../support/test';

test.use({ storageState: signedIn.cashier });

test('a used code earns, and the till asks for a new one to spend', line(20), async ({ page, visitor, pos }) => {
  const shopper = await visitor({ storageState: undefined });
  const member = await join(shopper.request, { name: 'Ника' });
  await pos.sell({ code: member.printed, lines: [goods(100_000)] });
  const device = await Device.of(shopper.request, member.card);
  const code = device.code();
  const spending = page.locator('#receipt input[name="spend"]');
  const hint = page.locator('#new-code');
  await serve(page, code, 'Ника', '500');
  await expect(spending.first()).toBeAttached();
  await expect(hint).toHaveCount(0);
  await postButton(page).click();
  await expect(result(page)).toContainText('Ника');

  await find(page, code, 'Ника');
  await expect(hint).toContainText('Чтобы списать, попросите показать новый код');
  await expect(spending).toHaveCount(0);

  await find(page, device.code(-1), 'Ника');
  await expect(hint).toHaveCount(0);
  await expect(spending.first()).toBeAttached();
});
