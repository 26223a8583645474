import type { Page } from '@playwright/test';
import { expect, toDiscover, type City } from './city';
import { still } from './wallet';

const button = (page: Page, opener: string) => page.locator(`[data-opener="${opener}"]`);
const back = (page: Page): Promise<void> => page.locator('header button').first().click();
const act = (page: Page): Promise<void> => page.locator('footer button').first().click();

/** Puts an answer in the place of the core's: what a city says to somebody who is signed in. There is no key store here to sign in with. */
async function instead(page: Page, command: string, answer: unknown): Promise<() => Promise<void>> {
  const url = `**/api/${command}`;
  await page.route(url, (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify(answer) }));
  return () => page.unroute(url);
}

/** Somebody is signed in at every city, and this is what each has for her. */
export async function signedIn(page: Page, badges: { id: string; name: string; page: string; held: object }[]): Promise<void> {
  await page.route('**/api/cities', async (route) => {
    const response = await route.fetch();
    const { chosen, known } = await response.json() as { chosen: object[]; known: object[] };
    await route.fulfill({ response, json: { chosen: chosen.map((one) => ({ ...one, signed_in: 'Noor (verzonnen)' })), known } });
  });
  await instead(page, 'platform_badges', badges.map((badge) => ({ ...badge, picture: null })));
}

const site = 'https://stad.voorbeeld.example';
const outcomes = {
  gained: { kind: 'gained', name: 'Fietsmaker: je eerste band geplakt', now: true, url: `${site}/badges/61001`, kept: false },
  more: { kind: 'more', name: 'Taalmaatje', url: `${site}/classes/81002` },
  joined: { kind: 'joined_activity', name: 'Fiets repareren in de bieb', now: true, url: `${site}/activities/31001` },
  unknown: { kind: 'unknown' },
};

/** Every screen of claim codes, of the map and its streets, and of the sign-in experiment, from the empty list of badges. */
export async function everyClaimScreen(page: Page, city: City, visit: (name: string) => Promise<void>): Promise<void> {
  const settled = async (name: string): Promise<void> => {
    await still(page);
    await visit(name);
  };
  const open = (): Promise<void> => button(page, 'add').click();
  const paste = async (text: string): Promise<void> => {
    await open();
    await page.locator('dialog').getByRole('button', { name: /^(Plak een link|Paste a link)/ }).click();
    await page.locator('textarea').fill(text);
    await act(page);
  };
  const blur = (): Promise<void> => page.evaluate(() => (document.activeElement as HTMLElement).blur());

  await open();
  await button(page, 'add-code').click();
  await expect(page.locator('main input')).toBeVisible();
  await settled('earn_code');
  await page.locator('main input').fill('b4nd1a');
  await act(page);
  await expect(page.locator('.empty')).toBeVisible();
  await settled('earn.no_city');
  await back(page);

  await paste(`${city.url}/`);
  await expect(page.locator('main .host')).toBeVisible();
  await settled('city_found');
  await back(page);

  await paste(`${city.url}/claim?code=welkom`);
  await expect(page.locator('.notice h2')).toBeVisible();
  await settled('earn.new_city');
  await act(page);
  await expect(page.locator('.outcome')).toBeVisible({ timeout: 30_000 });
  await settled('claim.browser');
  const opened = page.context().waitForEvent('page');
  await act(page);
  await (await opened).close();
  await expect(button(page, 'paste')).toBeVisible();
  await settled('claim.back');
  await back(page);

  await open();
  await button(page, 'add-code').click();
  await page.locator('main input').fill('b4nd1a');
  await act(page);
  await expect(page.getByRole('radio')).toHaveCount(1);
  await settled('earn.ask');
  await back(page);

  // Without a network it waits.
  await button(page, 'tab-more').click();
  const offline = page.getByRole('switch').first();
  await offline.click();
  await expect(offline).toHaveAttribute('aria-checked', 'true');
  await button(page, 'tab-badges').click();
  await paste(`${city.url}/claim?code=taal02`);
  await act(page);
  await expect(page.locator('.outcome[data-look="wait"]')).toBeVisible();
  await settled('claim.queued');
  await back(page);
  await toDiscover(page);
  await button(page, 'claims').click();
  await expect(page.locator('[data-opener^="claim-"]')).toHaveCount(2);
  await settled('claims');
  await back(page);
  await button(page, 'tab-more').click();
  await page.getByRole('switch').first().click();
  await page.getByRole('switch').last().click();
  await expect(page.getByRole('switch').last()).toHaveAttribute('aria-checked', 'true');
  // The code that waited is told of, for its six seconds.
  await expect(page.locator('.notice')).toContainText('taal02');
  await expect(page.locator('.notice')).toHaveCount(0);

  await button(page, 'tiles').click();
  await expect(page.getByRole('switch')).toBeVisible();
  await settled('tiles');
  await page.getByRole('switch').click();
  await page.locator('main input').fill('straten.voorbeeld.example');
  await act(page);
  await expect(page.locator('main [role="alert"]').filter({ hasText: /./ })).toBeVisible();
  await blur();
  await settled('tiles.error');
  await back(page);

  await toDiscover(page);
  await button(page, 'map').click();
  await expect(page.locator('[data-row]').first()).toBeVisible({ timeout: 30_000 });
  await page.locator('.controls button').nth(2).click();
  await page.locator('[data-row] button').first().click();
  await blur();
  await page.evaluate(() => window.scrollTo(0, 0));
  // The names find their places once it rests.
  await page.waitForTimeout(400);
  await settled('map');
  await back(page);

  // Outcomes that only somebody who is signed in gets.
  await toDiscover(page);
  const said = { id: 'said', code: 'b4nd1a', city: 'Demostad Utrecht (fictief)', host: new URL(city.url).host, at: '2026-11-23T12:00:00Z', problem: null };
  for (const [name, outcome] of Object.entries(outcomes)) {
    const undo = await instead(page, 'claims', [{ ...said, state: 'browser', outcome }]);
    await button(page, 'tab-badges').click();
    await toDiscover(page);
    await button(page, 'claims').click();
    await button(page, 'claim-said').click();
    await expect(page.locator('.outcome')).toBeVisible();
    await settled(`claim.${name}`);
    if (name === 'unknown') {
      // What was typed is mended, not typed anew.
      await act(page);
      await expect(page.locator('main input')).toHaveValue(said.code);
    }
    await back(page);
    await back(page);
    await undo();
  }

  await toDiscover(page);
  await button(page, 'cities').click();
  await page.locator('[data-opener^="sign-in-"]').click();
  await expect(page.locator('main .host')).toBeVisible();
  await settled('sign_in');
  await act(page);
  await expect(page.locator('input[type="password"]')).toBeVisible();
  await settled('sign_in.form');
  await back(page);

  await signedIn(page, [
    { id: '1', name: 'Fietsmaker: je eerste band geplakt', page: `${site}/badges/1`, held: { kind: 'no' } },
    { id: '2', name: 'Taalmaatje', page: `${site}/badges/2`, held: { kind: 'alike', badge: 'a' } },
    { id: '3', name: 'Barista', page: `${site}/badges/3`, held: { kind: 'yes', badge: 'b' } },
  ]);
  await page.locator('[data-opener^="sign-in-"]').click();
  await button(page, 'platform').click();
  await expect(page.locator('main li')).toHaveCount(3);
  await settled('platform');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
}
