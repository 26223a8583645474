import { expect, standing, test } from '../city';
import { everyDiscoverScreen } from '../discover';
import { begin, doubleText, nameHost } from '../wallet';

const views = [
  { name: 'nl.light', width: 360, height: 740, scheme: 'light', locale: 'nl-NL', large: false },
  { name: 'en.dark', width: 360, height: 740, scheme: 'dark', locale: 'en-GB', large: false },
  { name: 'nl.200', width: 320, height: 568, scheme: 'light', locale: 'nl-NL', large: true },
] as const;

for (const view of views) {
  test.describe(view.name, () => {
    test.use({ viewport: { width: view.width, height: view.height }, locale: view.locale, colorScheme: view.scheme });

    test('Ontdek', async ({ page, serve, city }) => {
      test.setTimeout(480_000);
      await page.clock.setFixedTime(standing);
      await begin(page, await serve({ city: city.url }));
      if (view.large) await doubleText(page);
      await everyDiscoverScreen(page, async (name) => {
        await nameHost(page, city.url);
        await expect.soft(page).toHaveScreenshot(`discover.${name}.${view.name}.png`);
      });
    });
  });
}
