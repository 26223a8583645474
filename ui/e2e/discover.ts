import type { Page } from '@playwright/test';
import { expect, toDiscover } from './city';
import { demoBadge, pick, still } from './wallet';

const button = (page: Page, opener: string) => page.locator(`[data-opener="${opener}"]`);
const back = (page: Page): Promise<void> => page.locator('header button').first().click();
const cards = (page: Page) => page.locator('main .list [data-opener^="activity-"]');

/** Until no more pictures come. */
async function filled(page: Page): Promise<void> {
  let before = -1;
  await expect.poll(async () => {
    const now = await page.evaluate(async () => {
      const answer = await fetch('/api/activities', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":{}}' });
      return ((await answer.json()) as { activities: { picture: string | null }[] }).activities.filter((card) => card.picture).length;
    });
    const same = now === before;
    before = now;
    return same && now > 0;
  }, { timeout: 240_000, intervals: [3_000] }).toBe(true);
}

/** Until the large pictures of an open page are there; they come together. */
async function sharp(page: Page): Promise<void> {
  const cover = page.locator('main .cover');
  await expect.poll(() => cover.evaluate((image: HTMLImageElement) => image.naturalWidth), { timeout: 30_000 }).toBeGreaterThan(256);
}

/** Every screen of Ontdek, from the empty list of badges. */
export async function everyDiscoverScreen(page: Page, visit: (name: string) => Promise<void>): Promise<void> {
  const settled = async (name: string): Promise<void> => {
    await expect(page.locator('.notice')).toHaveCount(0);
    await page.evaluate(() => { (document.activeElement as HTMLElement | null)?.blur(); window.scrollTo(0, 0); });
    await still(page);
    await visit(name);
  };
  const chip = (place: number) => page.locator('.chips button').nth(place);

  await pick(page, demoBadge('barista.json'));
  await page.locator('footer button').first().click();
  await expect(button(page, 'next')).toBeVisible();
  await settled('badge.fresh');
  await back(page);

  await toDiscover(page);
  await expect(page.locator('main .act button').first()).toBeVisible();
  await settled('no_city');
  await page.locator('main .act button').first().click();
  await expect(cards(page).first()).toBeVisible({ timeout: 30_000 });
  await filled(page);
  await expect(page.locator('main .begun').first()).toBeVisible();
  await settled('list');
  await chip(0).click();
  await expect(page.locator('main .mark .lucide-sparkles').first()).toBeVisible();
  await settled('for_you');
  await chip(0).click();
  await page.locator('input[type="search"]').fill('zzzz');
  await expect(page.locator('main .empty')).toBeVisible();
  await settled('none');
  await page.locator('main .act button').click();

  await expect(cards(page).first()).toBeVisible();
  await cards(page).first().click();
  await expect(button(page, 'page')).toBeVisible();
  await expect(page.locator('main .face')).toBeVisible();
  await expect(page.locator('main [role="status"]')).toHaveCount(0);
  await sharp(page);
  await settled('activity');
  // Each one that opens leaves the list, so always the first that is still closed.
  const closed = page.locator('main button[aria-expanded="false"]');
  while ((await closed.count()) > 0) await closed.first().click();
  await settled('activity.open');
  await back(page);
  await page.locator('main .begun').first().click();
  await expect(page.getByRole('checkbox').first()).toBeVisible();
  await expect(page.locator('main [role="status"]')).toHaveCount(0);
  await sharp(page);
  await settled('playlist');
  await back(page);

  await button(page, 'filters').click();
  await expect(page.getByRole('checkbox').first()).toBeVisible();
  await chip(4).click();
  await chip(7).click();
  await page.getByRole('checkbox').first().check();
  await settled('filters');
  await page.locator('footer button').last().click();
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0);
  await back(page);

  await button(page, 'cities').click();
  await expect(page.locator('.cities li')).toHaveCount(1);
  await settled('cities');
  await page.locator('[data-opener^="remove-"]').click();
  await settled('cities.question');
  await page.keyboard.press('Escape');
  await back(page);

  // Three days later, without a network.
  await page.clock.setFixedTime('2026-11-26T12:00:00Z');
  await page.evaluate(() => window.dispatchEvent(new Event('offline')));
  await button(page, 'tab-badges').click();
  await toDiscover(page);
  await expect(page.locator('main .offline')).toBeVisible();
  await settled('offline');
  await page.clock.setFixedTime('2026-11-23T12:00:00Z');
}
