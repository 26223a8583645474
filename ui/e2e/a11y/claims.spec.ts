import { expectAccessible } from '../axe';
import { everyClaimScreen } from '../claims';
import { test } from '../city';
import { begin, doubleText, expectNoSideways } from '../wallet';

for (const scheme of ['light', 'dark'] as const) {
  for (const large of [false, true]) {
    test(`claim codes, the map, signing in, ${scheme}${large ? ', 200 % text at 320 px' : ''}`, async ({ page, serve, city }) => {
      test.setTimeout(240_000);
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      if (large) await page.setViewportSize({ width: 320, height: 568 });
      await begin(page, await serve({ city: city.url }));
      if (large) await doubleText(page);
      await everyClaimScreen(page, city, async (name) => {
        await expectAccessible(page, name);
        await expectNoSideways(page);
      });
    });
  }
}
