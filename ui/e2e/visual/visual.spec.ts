import { expect, test } from '../host';
import { pages } from '../pages';
import { begin, demo, demoBadge, demoWeb, doubleText, enter, everyScreen, expectNoSideways, nameHost, rightToLeft, still, stretch } from '../wallet';

const views = [
  { name: 'nl.light', width: 360, height: 740, scheme: 'light', locale: 'nl-NL', large: false },
  { name: 'en.dark', width: 360, height: 740, scheme: 'dark', locale: 'en-GB', large: false },
  { name: 'nl.200', width: 320, height: 568, scheme: 'light', locale: 'nl-NL', large: true },
] as const;

/** What is new at every run: times of day, and codes that hold fresh bytes. */
const masked = ['.code', 'dd', '.second time'];

for (const view of views) {
  test.describe(view.name, () => {
    test.use({ viewport: { width: view.width, height: view.height }, locale: view.locale, colorScheme: view.scheme });

    test('start', async ({ page, served }) => {
      if (view.large) await doubleText(page);
      await page.goto(served.url);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.evaluate(() => document.fonts.ready);
      await expect(page).toHaveScreenshot(`start.welcome.${view.name}.png`);
      await page.getByRole('button', { name: /^(Begin|Start)$/ }).click();
      await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
      await expect(page).toHaveScreenshot(`start.passphrase.${view.name}.png`);
      await page.reload();
      await begin(page, { url: page.url() } as Parameters<typeof begin>[1]);
      await expect(page).toHaveScreenshot(`badges.empty.${view.name}.png`);
    });

    test('every screen', async ({ page, serve, host }) => {
      test.setTimeout(300_000);
      // "Vandaag", "gisteren": the page's clock stands still.
      await page.clock.setFixedTime('2026-11-23T12:00:00Z');
      await demo(page, await serve({ host: host.url }));
      if (view.large) await doubleText(page);
      await everyScreen(page, async (name) => {
        if (name === 'history') return;
        await nameHost(page, host.url);
        await expect.soft(page).toHaveScreenshot(`screen.${name}.${view.name}.png`, { mask: masked.map((selector) => page.locator(selector)) });
      });
    });

    test('what another app opened', async ({ page, serve }) => {
      await page.clock.setFixedTime('2026-11-23T12:00:00Z');
      await enter(page, await serve({ open: demoBadge('barista.json'), web: demoWeb }));
      if (view.large) await doubleText(page);
      await expect(page.getByText('koffieschool-domstad.example')).toBeVisible();
      await still(page);
      await expect(page).toHaveScreenshot(`opened.file.${view.name}.png`);
      await enter(page, await serve({ open: 'https://buurtkeuken-zuilen.example/assertions/buurtkok.json', web: demoWeb }));
      if (view.large) await doubleText(page);
      await expect(page.getByText('buurtkeuken-zuilen.example')).toBeVisible();
      await still(page);
      await expect(page).toHaveScreenshot(`opened.link.${view.name}.png`);
    });
  });
}

for (const view of [...views, { name: 'nl.desk', width: 1280, height: 800, scheme: 'light', locale: 'nl-NL', large: false }] as const) {
  test(`the page of a link, ${view.name}`, async ({ page, serve, host, web, visit }) => {
    test.setTimeout(240_000);
    await pages(page, await serve({ host: host.url, web }), web, async (name, link, ready) => {
      const other = await visit(link, { viewport: { width: view.width, height: view.height }, locale: view.locale, colorScheme: view.scheme, ...(view.large ? { before: doubleText } : {}) });
      await ready(other);
      await nameHost(other, host.url);
      await still(other);
      await expectNoSideways(other);
      await expect.soft(other).toHaveScreenshot(`page.${name}.${view.name}.png`, { fullPage: name.startsWith('many') });
    });
  });
}

test('the page of a link on paper', async ({ page, serve, host, web, visit }) => {
  await pages(page, await serve({ host: host.url, web }), web, async (name, link, ready) => {
    if (name !== 'one' && name !== 'many') return;
    const other = await visit(link, { viewport: { width: 700, height: 990 } });
    await ready(other);
    await nameHost(other, host.url);
    // As the browser does, before it prints.
    await other.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await other.emulateMedia({ media: 'print' });
    await still(other);
    await expect.soft(other).toHaveScreenshot(`page.${name}.print.png`, { fullPage: true });
  });
});

/** The screens that other languages would change most. */
const other = new Set(['badges', 'badge', 'badge.open', 'badge.menu', 'code', 'choose', 'add', 'incoming.known', 'paste.error', 'shown', 'share', 'share_preview', 'link', 'links', 'more', 'addresses', 'language', 'erase.question']);

for (const view of ['rtl', 'long'] as const) {
  test(`another language: ${view}`, async ({ page, serve, host }) => {
    test.setTimeout(300_000);
    await page.clock.setFixedTime('2026-11-23T12:00:00Z');
    await demo(page, await serve({ host: host.url }));
    if (view === 'rtl') await rightToLeft(page);
    await everyScreen(page, async (name) => {
      await nameHost(page, host.url);
      const give = view === 'long' ? await stretch(page) : undefined;
      await expectNoSideways(page);
      if (other.has(name)) await expect.soft(page).toHaveScreenshot(`other.${name}.${view}.png`, { mask: masked.map((selector) => page.locator(selector)) });
      await give?.();
    });
  });
}
