import { expect, standing, test } from '../city';
import { everyDiscoverScreen } from '../discover';
import { begin, doubleText, nameHost } from '../wallet';

const views = [
  { name: 'nl.light', width: 360, height: 740, scheme: 'light', locale: 'nl-NL', large: false },
  { name: 'en.dark', width: 360, height: 740, scheme: 'dark', locale: 'en-GB', large: false },
  { name: 'nl.200', width: 320, height: 568, scheme: 'light', locale: 'nl-NL', large: true },
] as const;

const whole = new Set(['activity.open', 'playlist', 'filters']);
const inside: Partial<Record<string, string>> = { list: 'main .list', for_you: 'main .soft', none: 'main .empty', offline: 'main .offline' };

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
        // What it is named for may stand further down than a first look. A whole page is a window as high: what sticks to its end is there.
        const { width, height } = view;
        const below = view.large || name === 'offline' ? inside[name] : undefined;
        if (below) await page.locator(below).first().evaluate((element) => element.scrollIntoView());
        if (whole.has(name)) await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
        await expect.soft(page).toHaveScreenshot(`discover.${name}.${view.name}.png`);
        if (whole.has(name)) await page.setViewportSize({ width, height });
      });
    });
  });
}
