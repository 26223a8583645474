import type { Page } from '@playwright/test';
import { chooseCity, expect, standing, test, toDiscover, type City } from '../city';
import { begin } from '../wallet';

const host = (city: City): string => new URL(city.url).host;
const cards = (page: Page) => page.locator('main .list [data-opener^="activity-"]');
const back = (page: Page): Promise<void> => page.getByRole('button', { name: 'Terug' }).click();

/** What is found by these words: as many as there are. */
async function found(page: Page, words: string, count: number): Promise<void> {
  await page.getByRole('searchbox').fill(words);
  await expect(page.getByText(count === 1 ? '1 gevonden' : `${count} gevonden`, { exact: true })).toBeVisible();
  await expect(cards(page)).toHaveCount(count);
}

async function openFirst(page: Page, words: string): Promise<void> {
  await cards(page).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(words);
}

test.beforeEach(async ({ page }) => page.clock.setFixedTime(standing));

test('two cities that tell of one activity show it once, as the city where it lives tells it', async ({ page, serve, startCity }) => {
  // Each has a schema of another year; the second also tells of what lives at the first, under the same ids.
  const home = await startCity('drift');
  const other = await startCity(`drift2,no-filter,federate=${home.url}`);
  await begin(page, await serve({ city: other.url, local: home.url }));
  await chooseCity(page);
  const [shared, own] = ['Fiets repareren in de bieb', 'Word taalmaatje in Lombok'];
  const badge = page.getByRole('heading', { name: 'Fietsmaker: je eerste band geplakt' });
  // Before its home is chosen, the other one's word has to do: it knows when, and nothing of a badge.
  await found(page, shared, 1);
  await openFirst(page, shared);
  await expect(page.locator('main')).toContainText('Woensdag 2 december, 13.00 tot 15.00 uur');
  await expect(page.getByText(`Dit staat op ${host(other)}`)).toBeVisible();
  await expect(badge).toHaveCount(0);
  await back(page);

  await page.getByRole('searchbox').fill('');
  await page.getByRole('button', { name: 'Steden' }).click();
  await page.getByLabel('Adres van de stad').fill(home.url);
  await page.getByRole('button', { name: 'Voeg stad toe' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ontdek', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Steden' }).click();
  await expect(page.getByText(/dingen te doen · Bijgewerkt vandaag/)).toHaveCount(2);
  await back(page);
  await toDiscover(page);

  // Ids that nobody says are the same stay apart.
  await found(page, own, 2);
  await found(page, shared, 1);
  await openFirst(page, shared);
  await expect(page.getByText(`Gecontroleerd, volgens ${host(home)}`)).toBeVisible();
  await expect(page.getByText(`Dit staat op ${host(home)}`)).toBeVisible();
  await expect(badge).toBeVisible();
  // What its home does not say is not filled in by another.
  await expect(page.locator('main')).not.toContainText('13.00');
});

test('the network goes in the middle of a page: what is here stays, and the rest comes when it is asked again', async ({ page, serve, city }) => {
  await begin(page, await serve({ city: city.url }));
  await chooseCity(page);
  await found(page, 'Latte art voor beginners', 1);
  let release: () => void = () => undefined;
  const held = new Promise<void>((done) => (release = done));
  // What is stored is shown at once; the question to the city is on its way.
  await page.route('**/api/activity', async (route) => {
    if ((route.request().postDataJSON() as { freshness: string }).freshness === 'now') await held;
    await route.continue();
  });
  await openFirst(page, 'Latte art voor beginners');
  await expect(page.getByText('We halen de rest op.')).toBeVisible();
  await expect(page.locator('main')).toContainText('Koffieschool Domstad');
  await city.stop();
  release();
  const notice = page.locator('main .notice');
  await expect(notice).toContainText('Die plek geeft geen antwoord.');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Latte art voor beginners');
  await expect(page.locator('main')).toContainText('Koffieschool Domstad');
  await expect(page.getByText(/Gecontroleerd, volgens/)).toHaveCount(0);

  await city.start();
  await page.getByRole('button', { name: 'Probeer opnieuw' }).click();
  await expect(page.getByText(`Gecontroleerd, volgens ${host(city)}`)).toBeVisible();
  await expect(notice).toHaveCount(0);

  // It goes again while the page is open: nothing of it is lost, nor of the list behind it.
  await city.stop();
  await page.reload();
  await expect(page.getByText(`Gecontroleerd, volgens ${host(city)}`)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Dit doe je ervoor' })).toBeVisible();
  await back(page);
  await toDiscover(page);
  await expect(cards(page).first()).toBeVisible();
});
