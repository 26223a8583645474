import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { chooseCity, expect, standing, test, toDiscover, type City } from '../city';
import { planFirst } from '../elsewhere';
import { begin, demo, demoBadge, passphrase, pick, Served, type Options } from '../wallet';

const cards = (page: Page) => page.locator('main .list [data-opener^="activity-"]');
const chip = (page: Page, name: string) => page.locator('.chips').getByRole('button', { name, exact: true });
const back = (page: Page): Promise<void> => page.getByRole('button', { name: 'Terug' }).click();
const find = (page: Page, words: string): Promise<void> => page.getByRole('searchbox').fill(words);

/** A wallet with the demo city in it. */
async function withCity(page: Page, serve: (options: Options) => Promise<Served>, city: City): Promise<Served> {
  const served = await serve({ city: city.url });
  await begin(page, served);
  await chooseCity(page);
  return served;
}

/** Opens what is found by these words, and waits until the city has told all of it. */
async function openOne(page: Page, words: string): Promise<void> {
  await find(page, words);
  await expect(cards(page).first()).toContainText(new RegExp(words, 'i'));
  await cards(page).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(new RegExp(words, 'i'));
  await expect(page.getByText(/Gecontroleerd, volgens/)).toBeVisible();
}

test.beforeEach(async ({ page }) => page.clock.setFixedTime(standing));

test('1 chooses a city, and sees at once what there is to do', async ({ page, serve, city }) => {
  const served = await serve({ city: city.url });
  await begin(page, served);
  await toDiscover(page);
  await expect(page.getByRole('heading', { name: 'Wat is er te doen?' })).toBeVisible();
  await page.getByRole('button', { name: /^Demostad Utrecht/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ontdek in Demostad Utrecht');
  await expect(cards(page).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/dingen te doen · Bijgewerkt vandaag/)).toBeVisible();
  // A card says what, when, where, who, and the badge.
  const card = cards(page).filter({ hasText: 'Koken voor de hele straat' });
  await expect(card).toContainText('Morgen · 16.00 uur');
  await expect(card).toContainText('Amsterdamsestraatweg 600');
  await expect(card).toContainText('4 uur');
  await expect(card).toContainText('Buurtkeuken Zuilen');
  await expect(card).toContainText('Badge: Buurtkok');
  // What changes meanwhile takes nobody back to the top.
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  const told = page.waitForResponse(/\/api\/cities$/);
  await planFirst(page);
  await told;
  await expect(page.getByText('In je plannen')).toBeVisible();
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  // It is the same after the app was away.
  await page.reload();
  await toDiscover(page);
  await expect(cards(page).first()).toBeVisible();
});

test('1 is told plainly when an address is no city', async ({ page, serve, startCity }) => {
  const served = await serve({ city: (await startCity('html')).url });
  await begin(page, served);
  await toDiscover(page);
  await page.getByRole('button', { name: /^Demostad Utrecht/ }).click();
  await expect(page.getByRole('alert')).toHaveText('Dit is geen stad die deze app kan lezen. Kijk het adres na.');
  await page.getByRole('button', { name: 'Andere stad' }).click();
  await expect(page.getByRole('heading', { name: 'Steden' })).toBeFocused();
  await page.getByRole('button', { name: 'Voeg stad toe' }).click();
  await expect(page.getByRole('alert')).toHaveText('Typ eerst een adres.');
  await page.getByLabel('Adres van de stad').fill('geen adres');
  await page.getByRole('button', { name: 'Voeg stad toe' }).click();
  await expect(page.getByRole('alert')).toHaveText('Dit is geen stad die deze app kan lezen. Kijk het adres na.');
  await page.getByRole('button', { name: 'Scan een code' }).click();
  await expect(page.getByRole('heading', { name: 'Scan een code' })).toBeVisible();
});

test('1 has several cities side by side, and lets one go after a question', async ({ page, serve, city, startCity }) => {
  const other = await startCity();
  const served = await serve({ city: city.url, local: other.url });
  await begin(page, served);
  await chooseCity(page);
  await page.getByRole('button', { name: 'Steden' }).click();
  await page.getByLabel('Adres van de stad').fill(other.url);
  await page.getByRole('button', { name: 'Voeg stad toe' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ontdek', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Steden' }).click();
  await expect(page.getByText(/dingen te doen · Bijgewerkt vandaag/)).toHaveCount(2);
  await page.getByRole('button', { name: /^Verwijder/ }).last().click();
  await expect(page.getByRole('alertdialog')).toContainText('Je badges blijven.');
  await page.getByRole('button', { name: 'Ja, verwijderen' }).click();
  await expect(page.getByText(new URL(other.url).host)).toHaveCount(0);
  await back(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ontdek in Demostad Utrecht');
});

test('2 searches while typing, and finds nothing in words', async ({ page, serve, city }) => {
  await withCity(page, serve, city);
  await find(page, 'kok');
  await expect(page.getByText(/^\d+ gevonden/)).toBeVisible();
  await expect(cards(page).filter({ hasText: 'Koken voor de hele straat' })).toHaveCount(1);
  await find(page, 'zzzz');
  await expect(page.getByRole('heading', { name: 'Niets gevonden' })).toBeVisible();
  // Until the answer is there nothing is said of what there is to do.
  let answer: () => void = () => undefined;
  const held = new Promise<void>((done) => (answer = done));
  await page.route('**/api/activities', async (route) => { await held; await route.continue(); });
  await page.getByRole('button', { name: 'Toon alles' }).click();
  await expect(page.getByRole('heading', { name: 'Niets gevonden' })).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Nu niets te doen' })).toHaveCount(0);
  answer();
  await expect(cards(page).first()).toBeVisible();
  await page.unrouteAll({ behavior: 'wait' });
  await expect(page.getByRole('searchbox')).toHaveValue('');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('2 filters by days, subject, skill and online', async ({ page, serve, city }) => {
  await withCity(page, serve, city);
  await chip(page, 'Online').click();
  await expect(chip(page, 'Online')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText(/^\d+ gevonden/)).toBeVisible();
  await expect(cards(page).filter({ hasNotText: 'Online' })).toHaveCount(0);
  await chip(page, 'Online').click();
  await chip(page, 'Deze week').click();
  await expect(cards(page).filter({ hasText: 'Wanneer je wilt' })).toHaveCount(0);
  await page.locator('[data-opener="filters"]').click();
  await expect(page.getByRole('button', { name: 'Deze week' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Zelf kiezen' }).click();
  await page.getByLabel('Van').fill('2026-11-28');
  await page.getByLabel('Tot en met').fill('2026-11-28');
  await expect(page.getByRole('button', { name: /^Toon \d+ resulta/ })).toBeVisible();
  await page.getByRole('button', { name: /^Toon \d+ resulta/ }).click();
  // What is on that day, and what goes on through it; nothing of the days before and after.
  await expect(cards(page).filter({ hasText: /Vandaag|Morgen|Zo 29 nov|Wanneer je wilt/ })).toHaveCount(0);
  await expect(cards(page).filter({ hasText: 'Za 28 nov' }).first()).toBeVisible();
  await expect(page.locator('[data-opener="filters"]')).toContainText('1');
  await page.locator('[data-opener="filters"]').click();
  // A number is true of all that is asked for, or is not there; what a choice does is also said.
  await expect(page.getByRole('checkbox').first()).toHaveAccessibleName(/^\D+$/);
  await page.getByRole('checkbox').first().check();
  await expect(page.locator('.only-read[role="status"]')).toHaveText(/^\d+ gevonden/);
  await page.getByRole('button', { name: 'Wis filters' }).click();
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0);
  // A button that goes with what it did leaves nobody without a place on the screen.
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  const subjects = page.locator('section').filter({ has: page.getByRole('checkbox') });
  const few = await subjects.getByRole('checkbox').count();
  await subjects.getByRole('button', { name: 'Toon meer' }).click();
  await expect(subjects.getByRole('checkbox').nth(few)).toBeFocused();
  const subject = page.getByRole('checkbox').first();
  await subject.check();
  const skills = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Vaardigheden' }) });
  await skills.getByRole('button').first().click();
  await page.locator('footer button').first().click();
  await expect(page.locator('[data-opener="filters"]')).toContainText('2');
});

test('2 asks where the learner is on a tap only, and explains a refusal once', async ({ page, context, serve, city }) => {
  await page.addInitScript(() => {
    const asked = { count: 0 };
    Object.assign(window, { asked });
    const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
    navigator.geolocation.getCurrentPosition = (...all) => { asked.count += 1; real(...all); };
  });
  await withCity(page, serve, city);
  await page.locator('[data-opener="filters"]').click();
  await expect(page.getByRole('heading', { name: 'Filters' })).toBeFocused();
  expect(await page.evaluate(() => (window as unknown as { asked: { count: number } }).asked.count)).toBe(0);
  await page.getByRole('button', { name: 'Bij mij' }).click();
  await expect(page.getByText('Je apparaat geeft je plek niet.')).toBeVisible();
  await context.grantPermissions(['geolocation']);
  await context.setGeolocation({ latitude: 52.0907, longitude: 5.1214 });
  await page.getByRole('button', { name: 'Bij mij' }).click();
  await expect(page.getByRole('button', { name: '5 km', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText('Je apparaat geeft je plek niet.')).toHaveCount(0);
  await page.getByRole('button', { name: '1 km', exact: true }).click();
  await page.locator('footer button').first().click();
  // The nearest first.
  const far = await cards(page).evaluateAll((all) => all.map((card) => /(\d+) m weg/.exec(card.textContent?.replaceAll('\u00a0', ' ') ?? '')?.[1] ?? '1000').map(Number));
  expect(far.length).toBeGreaterThan(0);
  expect(far).toEqual([...far].sort((one, other) => one - other));
  await page.locator('[data-opener="filters"]').click();
  await page.getByRole('button', { name: /^Midden van/ }).click();
  await expect(page.getByRole('button', { name: 'Bij mij' })).toHaveAttribute('aria-pressed', 'false');
  await page.getByRole('button', { name: /^Midden van/ }).click();
  await expect(page.getByRole('button', { name: '1 km', exact: true })).toHaveCount(0);
  // A part of the city is chosen from those that are known, and stays in sight when the list of them is closed.
  const places = page.getByRole('button', { name: 'Bij een plek' });
  await places.click();
  await page.getByRole('button', { name: 'Lombok', exact: true }).click();
  await expect(page.getByRole('button', { name: '3 km', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await places.click();
  await expect(places).toHaveAttribute('aria-expanded', 'false');
  await expect(page.getByRole('button', { name: 'Lombok', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: '1 km', exact: true }).click();
  await page.locator('footer button').first().click();
  await expect(cards(page).first()).toContainText(/m weg/);
  await page.locator('[data-opener="filters"]').click();
  await page.getByRole('button', { name: 'Lombok', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Lombok', exact: true })).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('3 opens one: when, where, cost, who, the badge; and takes it along', async ({ page, context, serve, city }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await withCity(page, serve, city);
  await openOne(page, 'Koken voor de hele straat');
  const main = page.locator('main');
  await expect(main).toContainText('Dinsdag 24 november, 16.00 tot 20.00 uur');
  await expect(main).toContainText('Amsterdamsestraatweg 600');
  await expect(main).toContainText('Kosten: onbekend');
  await expect(main).toContainText(`Gecontroleerd, volgens ${new URL(city.url).host}`);
  await expect(page.getByRole('heading', { name: 'De badge', exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Buurtkok' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Dit doe je ervoor' })).toBeVisible();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Zet in je agenda' }).click();
  const file = await (await download).path();
  const calendar = await readFile(file, 'utf8');
  expect(calendar).toContain('BEGIN:VEVENT');
  expect(calendar).toContain('Koken voor de hele straat');

  await page.getByRole('button', { name: /^Deel deze activiteit/ }).click();
  await expect(page.getByText('De link is gekopieerd.').first()).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(new RegExp(`^${city.url}/`));

  // Its home site opens in the browser, after a yes.
  await page.getByRole('button', { name: 'Open de pagina' }).click();
  await expect(page.getByRole('alertdialog')).toContainText(new URL(city.url).host);
  const opened = context.waitForEvent('page');
  await page.getByRole('alertdialog').getByRole('button').first().click();
  expect((await opened).url()).toContain(city.url);

  await page.getByRole('button', { name: 'Zet bij plannen' }).click();
  await expect(page.getByRole('button', { name: 'Haal uit plannen' })).toBeVisible();
  await back(page);
  await expect(cards(page).first()).toBeFocused();
  await find(page, '');
  await chip(page, 'Mijn plannen').click();
  await expect(cards(page)).toHaveCount(1);
  await expect(cards(page)).toContainText('In je plannen');
  await cards(page).click();
  await page.getByRole('button', { name: 'Haal uit plannen' }).click();
  await back(page);
  await expect(page.getByRole('heading', { name: 'Nog geen plannen' })).toBeVisible();
});

test('3 says the time in the zone of the activity', async ({ browser, serve, city }) => {
  const context = await browser.newContext({ timezoneId: 'Asia/Tokyo', locale: 'nl-NL', viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.clock.setFixedTime(standing);
  await withCity(page, serve, city);
  await openOne(page, 'Koken voor de hele straat');
  await expect(page.locator('main')).toContainText('Dinsdag 24 november, 16.00 tot 20.00 uur (tijd in Amsterdam)');
  await context.close();
});

test('4 follows a playlist: ticks and unticks parts, and sees what comes next', async ({ page, serve, city }) => {
  await withCity(page, serve, city);
  await chip(page, 'Playlists').click();
  await cards(page).filter({ hasText: 'Groene straat' }).click();
  await expect(page.getByRole('heading', { name: /^De onderdelen/ })).toBeVisible();
  const parts = page.getByRole('checkbox');
  await expect(parts.first()).not.toBeChecked();
  const count = await parts.count();
  await parts.first().check();
  await expect(page.getByText(`1 van ${count} gedaan`)).toBeVisible();
  // No list has its card yet: its heading has the focus all the same.
  await page.route('**/api/activity', async (route) => {
    await new Promise((done) => setTimeout(done, 300));
    await route.continue();
  });
  await page.reload();
  await expect(parts.first()).toBeChecked();
  await expect(page.getByRole('heading', { level: 1, name: 'Groene straat' })).toBeFocused();
  await page.unrouteAll({ behavior: 'wait' });
  // What is refused is not ticked.
  await page.route('**/api/tick_part', (route) => route.fulfill({ status: 507, json: { code: 'disk_full' } }));
  await parts.nth(1).click();
  await expect(page.locator('.notice')).toContainText('Er is geen ruimte meer.');
  await expect(parts.nth(1)).not.toBeChecked();
  await page.unroute('**/api/tick_part');
  await back(page);
  await toDiscover(page);
  const begun = page.locator('main .begun');
  await expect(begun).toContainText('Groene straat');
  await expect(begun).toContainText(`1 van ${count} gedaan · volgende:`);
  await begun.click();
  await parts.first().uncheck();
  await expect(parts.first()).not.toBeChecked();
  await expect(page.getByText(`1 van ${count} gedaan`)).toHaveCount(0);
  // A part leads to its own page, and back to the part.
  const part = page.locator('[data-opener^="part-"]').first();
  await part.click();
  await expect(page.getByRole('heading', { name: /^Hoort bij deze playlist/ })).toBeVisible();
  await back(page);
  await expect(part).toBeFocused();
});

test('5 finds what fits a badge, worked out on the device', async ({ page, serve, city }) => {
  await withCity(page, serve, city);
  await chip(page, 'Voor jou').click();
  await expect(page.getByText('Dit rekent je apparaat zelf uit. Niemand ziet je badges.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Nog niets voor jou' })).toBeVisible();
  await page.locator('[data-opener="tab-badges"]').click();
  await pick(page, demoBadge('barista.json'));
  await page.getByRole('button', { name: 'Bewaar badge' }).click();
  await page.getByRole('button', { name: 'Vind de volgende badge' }).click();
  await expect(chip(page, 'Voor jou')).toHaveAttribute('aria-pressed', 'true');
  await expect(cards(page).first()).toContainText(/Barista/);
  await expect(page.locator('main .begun')).toContainText('Aan het werk in de horeca');
  await page.locator('main .begun').click();
  await expect(page.getByText('Lijkt op een badge die je hebt.')).toBeVisible();
});

test('8 works without internet, and says how old it is', async ({ page, serve, city }) => {
  const served = await withCity(page, serve, city);
  await openOne(page, 'Latte art voor beginners');
  await city.stop();
  await served.stop();
  const later = new Served(served.home, { city: city.url, now: '2026-11-26T12:00:00Z' });
  await later.start();
  try {
    await page.clock.setFixedTime('2026-11-26T12:00:00Z');
    await page.goto(later.url);
    await page.getByLabel('Wachtzin', { exact: true }).fill(passphrase);
    await page.getByRole('button', { name: 'Maak open' }).click();
    await toDiscover(page);
    await expect(page.getByText(/Bijgewerkt 3 dagen geleden/)).toBeVisible();
    // What was read whole is whole, and why it could not be read anew is said.
    await openOne(page, 'Latte art voor beginners');
    await expect(page.locator('main .notice')).toContainText('antwoord');
    await expect(page.getByText(/Bijgewerkt 3 dagen geleden/)).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Dit doe je ervoor' })).toBeVisible();
    // Asking again says what came of it, and its button leaves nobody without a place on the screen.
    await back(page);
    const again = page.getByRole('button', { name: 'Probeer opnieuw' });
    await again.click();
    await expect(page.locator('.notice')).toContainText('antwoord');
    await city.start();
    await again.click();
    await expect(page.locator('.notice')).toContainText('De stad is bijgewerkt.');
    await expect(again).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  } finally {
    await later.stop();
  }
});

test('the demo wallet has a city to look around in', async ({ page, served }) => {
  await demo(page, served);
  await toDiscover(page);
  await expect(cards(page).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('main .begun').first()).toBeVisible();
  await chip(page, 'Voor jou').click();
  await expect(cards(page).first()).toContainText(/badge|begonnen/);
});
