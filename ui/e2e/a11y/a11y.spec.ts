import { expectAccessible } from '../axe';
import { expect, test } from '../host';
import { pages } from '../pages';
import { begin, demo, doubleText, everyScreen, expectNoSideways } from '../wallet';

for (const scheme of ['light', 'dark'] as const) {
  for (const large of [false, true]) {
    test(`every screen, ${scheme}${large ? ', 200 % text at 320 px' : ''}`, async ({ page, serve, host }) => {
      test.setTimeout(300_000);
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      if (large) await page.setViewportSize({ width: 320, height: 568 });
      await demo(page, await serve({ host: host.url }));
      if (large) await doubleText(page);
      await everyScreen(page, async (name) => {
        await expectAccessible(page, name);
        await expectNoSideways(page);
      });
    });

    test(`the page of a link, ${scheme}${large ? ', 200 % text at 320 px' : ''}`, async ({ page, serve, startHost, visit, web }) => {
      test.setTimeout(240_000);
      const host = await startHost({ web });
      const size = large ? { viewport: { width: 320, height: 568 } } : {};
      await pages(page, await serve({ host: host.url, web }), web, async (name, link, ready) => {
        const other = await visit(link, { ...size, colorScheme: scheme, ...(large ? { before: doubleText } : {}) });
        await ready(other);
        await expectAccessible(other, `page.${name}`);
        await expectNoSideways(other);
      });
    });
  }

  test(`before there is a wallet, ${scheme}`, async ({ page, served }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.goto(served.url);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page, 'welcome');
    await page.getByRole('button', { name: 'Begin' }).click();
    await expectAccessible(page, 'passphrase');
    await served.restart();
    await begin(page, served);
    await expectAccessible(page, 'badges.empty');
    await served.restart();
    await page.goto(served.url);
    await expect(page.getByRole('heading', { name: 'Je badges zijn op slot' })).toBeVisible();
    await expectAccessible(page, 'unlock');
  });
}

test('targets are at least 48 px, or 24 px inside a text', async ({ page, served }) => {
  await demo(page, served);
  const small = await page.locator('button:visible, select:visible, input:visible').evaluateAll((elements) =>
    elements.filter((element) => !element.matches('[type="file"]')).map((element) => ({ text: element.outerHTML.slice(0, 80), ...element.getBoundingClientRect().toJSON() }))
      .filter((box) => Math.min(box.width, box.height) < 48).map((box) => `${box.text} ${box.width}×${box.height}`),
  );
  expect(small).toEqual([]);
});
