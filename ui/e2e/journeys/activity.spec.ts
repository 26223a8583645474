import { chooseCity, expect, standing, test } from '../city';
import { signedIn } from '../claims';
import { keepBadge } from '../elsewhere';
import { begin, demoBadge } from '../wallet';

test('what could not be read of an activity stays said, until its city answers', async ({ page, serve, city }) => {
  await page.clock.setFixedTime(standing);
  await begin(page, await serve({ city: city.url }));
  await chooseCity(page);
  await city.stop();
  await page.locator('[data-opener^="activity-"]').last().click();
  const again = page.getByRole('button', { name: 'Probeer opnieuw' });
  await expect(again).toBeVisible();
  await page.getByRole('button', { name: 'Zet bij plannen' }).click();
  await expect(page.locator('main').getByText('In je plannen')).toBeVisible();
  await expect(again).toBeVisible();
  // The person asks in vain, and the network that returns asks by itself.
  await again.click();
  await expect(page.locator('.notice span').filter({ hasNotText: 'plannen' })).toBeVisible();
  await expect(again).toBeFocused();
  await city.start();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(again).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('the badges at a city stay to be seen when its sign-in is over', async ({ page, serve, city }) => {
  await begin(page, await serve({ city: city.url }));
  await chooseCity(page);
  await signedIn(page, [{ id: '1', name: 'Taalmaatje', page: `${city.url}/badges/0`, held: { kind: 'no' } }]);
  await page.getByRole('button', { name: 'Steden' }).click();
  await page.getByRole('button', { name: /^Ingelogd als Noor/ }).click();
  await page.locator('[data-opener="platform"]').click();
  const badge = page.getByText('Taalmaatje', { exact: true });
  await expect(badge).toBeVisible();
  await page.route('**/api/platform_badges', (route) => route.fulfill({ status: 422, json: { code: 'sign_in_needed' } }));
  await keepBadge(page, demoBadge('barista.json'));
  await expect(page.getByRole('button', { name: 'Log opnieuw in' })).toBeVisible();
  await expect(badge).toBeVisible();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});
