import type { Page } from '@playwright/test';
import { chooseCity, expect, test, toDiscover } from '../city';
import { planFirst } from '../elsewhere';
import { begin } from '../wallet';

const rows = (page: Page) => page.locator('[data-row]');
const spots = (page: Page) => page.locator('[data-mark]');

async function toMap(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Kaart' }).click();
  await expect(page.getByRole('heading', { name: 'Kaart' })).toBeFocused();
  await expect(rows(page).first()).toBeVisible();
}

/** How many are in view, by the heading beside the map. */
async function inView(page: Page): Promise<number> {
  return Number.parseInt(await page.getByRole('heading', { level: 2 }).first().innerText(), 10);
}

/** Each mark is drawn once: alone, or counted in its cluster. */
async function drawn(page: Page): Promise<number> {
  return spots(page).evaluateAll((all) => all.reduce((sum, one) => sum + Number(one.getAttribute('data-count')), 0));
}

test('the map needs nobody else: distances, names, clusters, and the list beside it', async ({ page, serve, city }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const served = await serve({ city: city.url });
  await begin(page, served);
  await chooseCity(page);
  await toMap(page);
  await expect(page.locator('svg text.district').first()).toBeVisible();
  await expect(page.locator('.bar text').first()).toHaveText(/^\d+ k?m$/);
  await expect(page.getByText(/hebben geen plek op de kaart\.$/)).toBeVisible();
  await page.getByRole('button', { name: 'Toon alles' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  // A city that is still being read puts new marks on the map: the clusters stand still once all of it is there.
  let before = -1;
  await expect.poll(async () => {
    const now = await inView(page);
    const still = now > 50 && now === before;
    before = now;
    return still;
  }, { intervals: [2000], timeout: 40_000 }).toBe(true);
  expect(await drawn(page)).toBeGreaterThanOrEqual(await inView(page));

  // A cluster comes nearer, a mark points at its row, and the row opens the activity.
  const many = await inView(page);
  const middle = async (index: number): Promise<{ x: number; y: number }> => {
    const box = await spots(page).nth(index).boundingBox();
    return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
  };
  const counts = await spots(page).evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-count'))));
  const at = await middle(counts.indexOf(Math.max(...counts)));
  await page.mouse.click(at.x, at.y);
  await expect.poll(() => inView(page)).toBeLessThan(many);

  await rows(page).first().getByRole('button').first().click();
  await expect(rows(page).first()).toHaveAttribute('aria-current', 'true');
  await expect(page.locator('[data-mark][data-chosen]')).toHaveCount(1);
  await rows(page).first().getByRole('button').last().click();
  await expect(page.getByRole('heading', { name: 'Kaart' })).toHaveCount(0);
  // Also one of which no list has a card is named as soon as it is there.
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(/^(Ontdek.*)?$/);
  await page.goBack();
  // The map is where it was left.
  await expect.poll(() => inView(page)).toBeLessThan(many);

  // The browser asked the wallet and nobody else.
  const own = new URL(served.url).origin;
  expect(asked.filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== own)).toEqual([]);
});

test('every gesture on the map has a button', async ({ page, serve, city }) => {
  await begin(page, await serve({ city: city.url }));
  await chooseCity(page);
  await toMap(page);
  const bar = page.locator('.bar text').first();
  const first = await bar.textContent();
  for (const _ of [1, 2, 3]) await page.getByRole('button', { name: 'Dichterbij' }).click();
  await expect(bar).not.toHaveText(first ?? '');
  for (const _ of [1, 2, 3]) await page.getByRole('button', { name: 'Verder weg' }).click();
  await expect(bar).toHaveText(first ?? '');

  const layer = page.locator('.surface svg > g').first();
  // The arrows stand under the map, which makes room.
  const plane = page.locator('.surface svg');
  const height = await plane.getAttribute('height');
  await page.getByRole('button', { name: 'Verschuif de kaart' }).click();
  await expect(plane).not.toHaveAttribute('height', height ?? '');
  const before = await layer.getAttribute('transform');
  await page.getByRole('button', { name: 'Naar rechts' }).click();
  await expect(layer).not.toHaveAttribute('transform', before ?? '');
  await page.getByRole('button', { name: 'Naar links' }).click();
  await expect(layer).toHaveAttribute('transform', before ?? '');

  const box = await page.locator('.surface').boundingBox();
  const [x, y] = [(box?.x ?? 0) + 90, (box?.y ?? 0) + 60];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 40, y + 30, { steps: 4 });
  await page.mouse.up();
  await expect(layer).not.toHaveAttribute('transform', before ?? '');
  await page.mouse.wheel(0, -600);
  await expect(bar).not.toHaveText(first ?? '');
});

test('my place is asked for at a tap, and kept nowhere', async ({ page, context, serve, city }) => {
  await context.grantPermissions([]);
  await begin(page, await serve({ city: city.url }));
  await chooseCity(page);
  await toMap(page);
  await page.getByRole('button', { name: 'Mijn plek' }).click();
  await expect(page.getByText('We konden je plek niet vinden.').first()).toBeVisible();
  // It is asked for once, and an answer that comes after the map was left says nothing.
  await page.evaluate(() => {
    const held = { asked: 0, answer: (): void => undefined };
    Object.assign(window, { held });
    navigator.geolocation.getCurrentPosition = (found) => {
      held.asked += 1;
      held.answer = () => found({ coords: { latitude: 52.09, longitude: 5.12 } } as GeolocationPosition);
    };
  });
  await page.getByRole('button', { name: 'Mijn plek' }).click();
  await page.getByRole('button', { name: 'Even zoeken' }).click();
  await expect(page.getByRole('button', { name: 'Even zoeken' })).toHaveAttribute('aria-busy', 'true');
  await page.getByRole('button', { name: 'Terug' }).click();
  await expect(page.getByRole('heading', { name: 'Kaart' })).toHaveCount(0);
  expect(await page.evaluate(() => {
    const { held } = window as unknown as { held: { asked: number; answer: () => void } };
    held.answer();
    return held.asked;
  })).toBe(1);
  await expect(page.getByText('Je plek staat op de kaart.')).toHaveCount(0);
});

test('a map that was opened too early goes to the first marks, and tells what is over', async ({ page, serve, city }) => {
  await begin(page, await serve({ city: city.url }));
  await chooseCity(page);
  // Far from where a map without marks begins.
  const place = { lat: 51, lng: 5 };
  const mark = { id: 'geweest', title: 'Soep koken', kind: 'activity', place, organiser: null, start: '2026-11-20T12:00:00Z', when_unknown: false, past: true, time_zone: null };
  let marks: unknown[] = [];
  await page.route('**/api/activity_map', (route) => route.fulfill({ json: { marks, districts: [], centre: null, without_place: 0, tiles: false } }));
  await page.getByRole('button', { name: 'Kaart' }).click();
  await expect(page.getByRole('heading', { name: 'Nog niets op de kaart' })).toBeVisible();
  marks = [mark];
  await planFirst(page);
  await expect(rows(page)).toContainText('Dit is al geweest.');
});

test('streets come only from an address that the learner named, and through the core', async ({ page, serve, city }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  // Without a network at first; then slow, one square after the other.
  const squares: string[] = [];
  let unconnected = true;
  await page.route('**/api/map_tile', async (route) => {
    if (unconnected) return route.fulfill({ status: 503, json: { code: 'offline' } });
    const place = squares.push(route.request().postData() ?? '');
    await new Promise((done) => setTimeout(done, 250 * place));
    await route.continue();
  });
  const served = await serve({ city: city.url });
  await begin(page, served);
  await chooseCity(page);
  await toMap(page);
  await page.getByRole('button', { name: /^Toon straten/ }).click();
  await expect(page.getByRole('heading', { name: 'Er kijkt dan iemand mee' })).toBeVisible();
  const streets = page.getByRole('switch', { name: 'Toon straten op de kaart' });
  await expect(streets).toHaveAttribute('aria-checked', 'false');
  await streets.click();
  await page.getByLabel('Adres van de straatkaart').fill('straten.voorbeeld.example/kaart');
  await page.getByRole('button', { name: 'Bewaar adres' }).click();
  await expect(page.getByRole('alert').filter({ hasText: '{z}/{x}/{y}' })).toBeVisible();
  await page.getByLabel('Adres van de straatkaart').fill('straten.voorbeeld.example/{z}/{x}/{y}.png');
  await page.getByRole('button', { name: 'Bewaar adres' }).click();
  await expect(page.getByText(/straten\.voorbeeld\.example/).first()).toBeVisible();
  await expect(page.getByText('Je hebt geen internet.')).toBeVisible();
  unconnected = false;
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  // The wallet of this test reaches no such place, and the map says so.
  await expect(page.getByText('straten.voorbeeld.example geeft geen straatkaart.')).toBeVisible({ timeout: 30_000 });
  expect(squares.length, 'each square was asked for once').toBeGreaterThan(0);
  expect(new Set(squares).size).toBe(squares.length);
  await page.unrouteAll({ behavior: 'wait' });
  expect(asked.filter((url) => url.includes('straten.voorbeeld'))).toEqual([]);

  await page.getByRole('button', { name: 'Terug' }).click();
  await page.locator('[data-opener="tab-more"]').click();
  await page.getByRole('button', { name: /^Straatkaart/ }).click();
  await page.getByRole('switch', { name: 'Toon straten op de kaart' }).click();
  await page.getByRole('button', { name: 'Terug' }).click();
  await expect(page.getByRole('button', { name: /^Straatkaart/ })).toContainText('De straatkaart staat uit.');
  await toDiscover(page);
  await toMap(page);
  await expect(page.locator('svg path.grid')).toBeVisible();
});
