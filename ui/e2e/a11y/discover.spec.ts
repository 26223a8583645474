import { expectAccessible } from '../axe';
import { standing, test } from '../city';
import { everyDiscoverScreen } from '../discover';
import { begin, doubleText, expectNoSideways } from '../wallet';

for (const scheme of ['light', 'dark'] as const) {
  for (const large of [false, true]) {
    test(`Ontdek, ${scheme}${large ? ', 200 % text at 320 px' : ''}`, async ({ page, serve, city }) => {
      test.setTimeout(480_000);
      await page.clock.setFixedTime(standing);
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      if (large) await page.setViewportSize({ width: 320, height: 568 });
      await begin(page, await serve({ city: city.url }));
      if (large) await doubleText(page);
      await everyDiscoverScreen(page, async (name) => {
        await expectAccessible(page, name);
        await expectNoSideways(page);
      });
    });
  }
}
