import type { BrowserContext, Page } from '@playwright/test';
import { signedIn } from '../claims';
import { chooseCity, expect, test, toDiscover, type City } from '../city';
import { begin, pick, still, welcome } from '../wallet';

const host = (city: City): string => new URL(city.url).host;

async function paste(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: /^Plak een link/ }).click();
  await fill(page, text);
}

async function fill(page: Page, text: string): Promise<void> {
  await page.getByLabel('Link of tekst').fill(text);
  await page.getByRole('button', { name: 'Bekijk badge' }).click();
}

/** The code for a first badge on the city's own page, as a phone takes a picture of it. */
async function photo(context: BrowserContext, city: City): Promise<Buffer> {
  const site = await context.newPage();
  await site.goto(city.url);
  const picture = await site.getByRole('img', { name: 'QR-code voor je eerste badge' }).screenshot();
  await site.close();
  return picture;
}

/** Uses a code that stands in a link of this city. */
async function use(page: Page, city: City, code: string): Promise<void> {
  await page.locator('[data-opener="add"]').click();
  await paste(page, `${city.url}/claim?code=${code}`);
  await expect(page.getByRole('heading', { name: 'Een badge ophalen' })).toBeFocused();
  await page.getByRole('button', { name: 'Haal badge op' }).click();
}

test('the first minute: a picture of a code, the badge, and the next one', async ({ page, context, serve, city }) => {
  const served = await serve({ city: city.url });
  const start = Date.now();
  await begin(page, served);
  await pick(page, { name: 'code.png', mimeType: 'image/png', buffer: await photo(context, city) });
  // One city gets the code, and it is named.
  await expect(page.locator('main')).toContainText(host(city));
  await expect(page.getByText('welkom', { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Deze stad ken je nog niet' })).toBeVisible();
  await page.getByRole('button', { name: 'Haal badge op' }).click();

  await expect(page.getByRole('heading', { name: 'De stad vraagt wie je bent' })).toBeFocused();
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: `Open ${host(city)}` }).click();
  const site = await opened;
  await site.getByRole('button', { name: /^Ga verder als Noor/ }).click();
  await site.locator('summary').first().click();
  const address = await site.locator('#address').inputValue();
  await site.close();

  await expect(page.getByRole('heading', { name: 'Heb je je badge?' })).toBeVisible();
  // A tap beside it costs no code.
  await page.getByRole('button', { name: 'Nee, het lukte niet' }).click();
  await expect(page.getByText('Misschien is de code welkom nog niet gebruikt.')).toBeVisible();
  await page.getByRole('button', { name: 'Annuleren' }).click();
  await page.getByRole('button', { name: 'Ik heb mijn badge: plak de link' }).click();
  await fill(page, address);
  await page.getByRole('button', { name: 'Bewaar badge' }).click();
  await page.getByRole('button', { name: 'Vind de volgende badge' }).click();
  await expect(page.locator('[data-opener^="activity-"]').first()).toBeVisible({ timeout: 30_000 });
  expect(Date.now() - start).toBeLessThan(60_000);

  // The code that brought it waits no more.
  await expect(page.getByText('1 code wacht')).toHaveCount(0);
  await page.locator('[data-opener="tab-badges"]').click();
  await expect(page.locator('[data-opener^="badge-"]')).toHaveCount(1);
});

test('a badge that a city has for somebody comes in from its page with one tap', async ({ page, context, serve, city }) => {
  await begin(page, await serve({ city: city.url }));
  await chooseCity(page);
  await page.locator('[data-opener="tab-badges"]').click();
  await use(page, city, 'welkom');
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: `Open ${host(city)}` }).click();
  const site = await opened;
  await site.getByRole('button', { name: /^Ga verder als Noor/ }).click();
  await site.waitForURL('**/badges/*');
  const name = await site.getByRole('heading', { level: 1 }).innerText();
  await signedIn(page, [
    { id: '1', name, page: site.url(), held: { kind: 'no' } },
    { id: '2', name: 'Taalmaatje', page: `${city.url}/badges/0`, held: { kind: 'no' } },
  ]);
  await site.close();
  await page.getByRole('button', { name: 'Terug' }).click();
  await page.locator('[data-opener="tab-more"]').click();
  await page.getByRole('switch', { name: 'Proef: inloggen bij een stad' }).click();
  await toDiscover(page);
  await page.getByRole('button', { name: 'Steden' }).click();
  await page.getByRole('button', { name: /^Ingelogd als Noor/ }).click();
  const account = page.getByRole('heading', { name: /^Ingelogd bij Demostad Utrecht/ });
  const platform = page.locator('[data-opener="platform"]');
  await platform.click();
  // An answer that comes after somebody left moves nobody.
  await page.route('**/api/inspect', async (route) => {
    await expect(account).toBeVisible();
    await route.continue();
  });
  const late = page.waitForResponse('**/api/inspect');
  await page.getByRole('button', { name: 'Zet bij badges: Taalmaatje' }).click();
  await page.getByRole('button', { name: 'Terug' }).click();
  await late;
  await still(page);
  await expect(account).toBeVisible();
  await page.unroute('**/api/inspect');
  await platform.click();
  // A page without a badge is a page, which can be opened.
  await page.getByRole('button', { name: 'Zet bij badges: Taalmaatje' }).click();
  await expect(page.getByRole('heading', { name: 'Dit is geen badge' })).toBeVisible();
  await page.getByRole('button', { name: 'Terug' }).first().click();
  await page.getByRole('button', { name: `Zet bij badges: ${name}` }).click();
  await page.getByRole('button', { name: 'Bewaar badge' }).click();
  await expect(page.getByRole('button', { name: 'Vind de volgende badge' })).toBeVisible();
  await expect(page.getByText(name).first()).toBeVisible();

  const refuse = async (code: string) => page.route('**/api/platform_badges', (route) => route.fulfill({ status: 422, json: { code } }));
  await refuse('offline');
  const cities = page.getByRole('heading', { name: 'Steden' });
  for (const screen of [page.getByRole('heading', { name: /^Mijn badges bij/ }), account, cities, page.locator('[data-opener="tab-more"]')]) {
    await page.getByRole('button', { name: 'Terug' }).first().click();
    await expect(screen).toBeVisible();
  }
  await page.locator('[data-opener="tab-more"]').click();
  await page.getByRole('switch', { name: 'Werk zonder internet' }).click();
  await toDiscover(page);
  await page.getByRole('button', { name: 'Steden' }).click();
  await page.getByRole('button', { name: /^Ingelogd als Noor/ }).click();
  await platform.click();
  // Who chose to work without internet is not sent to the wifi.
  await expect(page.getByRole('alert').filter({ hasText: 'Dat heb je zelf gekozen.' })).toBeVisible();
  // Whom the city no longer knows is asked again.
  await refuse('sign_in_needed');
  await page.getByRole('button', { name: 'Probeer opnieuw' }).click();
  await page.route('**/api/sign_out', async (route) => {
    await page.unroute('**/api/cities');
    await route.continue();
  });
  await page.getByRole('button', { name: 'Log opnieuw in' }).click();
  await expect(page.getByRole('heading', { name: /^Log in bij Demostad Utrecht/ })).toBeFocused();
  await expect(page.getByRole('button', { name: 'Ja, dit klopt' })).toBeVisible();
  await page.getByRole('button', { name: 'Terug' }).click();
  await expect(cities).toBeVisible();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('a typed code goes to the one city that was picked', async ({ page, serve, city, startCity }) => {
  const other = await startCity();
  await begin(page, await serve({ city: city.url }));
  await page.locator('[data-opener="add"]').click();
  await page.getByRole('button', { name: /^Typ een badgecode/ }).click();
  await page.getByRole('button', { name: 'Ga verder' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Typ eerst de code.' })).toBeVisible();
  await page.getByLabel('Badgecode').fill('b4nd1a');
  await page.getByRole('button', { name: 'Ga verder' }).click();
  // There is no city yet that could get it.
  await expect(page.getByRole('heading', { name: 'Kies eerst een stad' })).toBeVisible();
  const code = page.getByText('b4nd1a', { exact: true });
  for (const answer of ['Nee', 'Ja, toevoegen']) {
    await page.getByRole('button', { name: 'Kies stad' }).click();
    await page.getByRole('button', { name: 'Scan een code' }).click();
    await page.getByRole('button', { name: 'Plak een link' }).click();
    await fill(page, city.url);
    await page.getByRole('button', { name: answer }).click();
    if (answer === 'Nee') await page.getByRole('button', { name: 'Terug' }).click();
    // The code is still there, and does not have to be typed again.
    await expect(page.getByRole('heading', { name: 'Een badge ophalen' })).toBeVisible({ timeout: 30_000 });
    await expect(code).toBeVisible();
  }
  await expect(page.getByRole('radio')).toHaveCount(1);
  await page.getByRole('button', { name: 'Haal badge op' }).click();
  await expect(page.getByRole('heading', { name: 'De stad vraagt wie je bent' })).toBeFocused();
  // Nobody else heard of it.
  expect(JSON.stringify(await (await fetch(`${other.url}/test/asked`)).json())).not.toContain('b4nd1a');
});

test('without a network a code waits, is seen, and is done later', async ({ page, serve, city }) => {
  await begin(page, await serve({ city: city.url }));
  await use(page, city, 'welkom');
  await expect(page.getByRole('heading', { name: 'De stad vraagt wie je bent' })).toBeVisible();
  // A code that is not used yet goes after a question only.
  await page.getByRole('button', { name: 'Haal uit de lijst' }).click();
  await page.getByRole('button', { name: 'Annuleren' }).click();
  await expect(page.getByRole('heading', { name: 'De stad vraagt wie je bent' })).toBeVisible();
  await page.getByRole('button', { name: 'Haal uit de lijst' }).click();
  await page.getByRole('button', { name: 'Ja, weghalen' }).click();
  await expect(page.getByRole('heading', { name: 'Hier komen je badges.' })).toBeVisible();

  await page.locator('[data-opener="tab-more"]').click();
  await page.getByRole('switch', { name: 'Werk zonder internet' }).click();
  await page.locator('[data-opener="tab-badges"]').click();
  // It waits as well when the phone is slow, and the tap is not: the city is not taken for one that has to be looked up first.
  await page.route('**/api/cities', async (route) => {
    await new Promise((done) => setTimeout(done, 3_000));
    await route.continue();
  });
  await page.locator('[data-opener="add"]').click();
  await paste(page, `${city.url}/claim?code=taal02`);
  await page.getByRole('button', { name: 'Haal badge op' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Je code wacht' })).toBeVisible();
  await page.unroute('**/api/cities');
  await expect(page.getByText('We doen dit zodra er internet is.')).toBeVisible();
  await page.getByRole('button', { name: 'Terug' }).click();
  await toDiscover(page);
  await page.getByRole('button', { name: '1 code wacht' }).click();
  await expect(page.getByText('Wacht op internet')).toBeVisible();

  await page.getByRole('button', { name: 'Terug' }).click();
  await page.locator('[data-opener="tab-more"]').click();
  // With a network again it is done by itself.
  await page.getByRole('switch', { name: 'Werk zonder internet' }).click();
  await toDiscover(page);
  await page.getByRole('button', { name: '1 code wacht' }).click();
  await expect(page.locator('main').getByText('Ga naar de site van de stad')).toBeVisible();
  await page.getByRole('button', { name: 'Haal taal02 uit de lijst' }).click();
  await page.getByRole('button', { name: 'Ja, weghalen' }).click();
  await expect(page.getByRole('heading', { name: 'Nog geen codes' })).toBeVisible();
});

test('a badge that the city does not name is to be found there, and asks for something until it is here', async ({ page, serve, city }) => {
  await begin(page, await serve({ city: city.url }));
  await page.route('**/api/claims', (route) => route.fulfill({ json: [{
    id: 'said', code: 'b4nd1a', city: 'Demostad', host: host(city), at: '2026-11-23T12:00:00Z', state: 'done', problem: null,
    outcome: { kind: 'gained', name: '', now: null, url: null, kept: false },
  }] }));
  await toDiscover(page);
  await page.locator('[data-opener="claims"]').click();
  await page.locator('[data-opener="claim-said"]').click();
  await expect(page.getByRole('heading', { name: 'Je kreeg een badge' })).toBeFocused();
  await expect(page.locator('.outcome')).toHaveText(`Je vindt hem op ${host(city)}, bij je badges.`);
  await expect(page.getByRole('button', { name: 'Zet bij badges' })).toHaveCount(0);
});

test('a code is done when nothing is asked any more, and until then it goes after a question', async ({ page, served }) => {
  await begin(page, served);
  const gained = { kind: 'gained', name: 'Fietsmaker', now: true, url: 'https://stad.voorbeeld.example/badges/1', kept: false };
  const one = (code: string, state: string, outcome: object, problem: string | null = null) => ({ id: code, code, city: 'Demostad', host: 'stad.voorbeeld.example', at: '2026-11-23T12:00:00Z', state, problem, outcome });
  let list = [
    one('wacht1', 'queued', { kind: 'queued' }), one('wacht2', 'queued', { kind: 'queued' }), one('haal', 'done', gained), one('meer', 'done', { kind: 'more', name: 'Taalmaatje', url: null }),
    one('bewaard', 'done', { ...gained, kept: true }), one('mee', 'done', { kind: 'joined_organisation', name: 'Wijkteam' }),
  ];
  const change = (code: string, outcome: object | undefined, problem: string | null = null): void => {
    list = list.flatMap((claim) => (claim.code !== code ? [claim] : outcome ? [{ ...claim, state: problem ? 'queued' : 'done', outcome, problem }] : []));
  };
  await page.route('**/api/claims', (route) => route.fulfill({ json: list }));
  await page.route('**/api/forget_claim', (route) => {
    change((route.request().postDataJSON() as { id: string }).id, undefined);
    return route.fulfill({ json: null });
  });
  await page.route('**/api/retry_claims', (route) => route.fulfill({ json: list }));
  await toDiscover(page);
  await page.getByRole('button', { name: '2 codes wachten' }).click();
  const groups = page.locator('main ul');
  await expect(groups.first().getByRole('listitem')).toHaveCount(4);
  await expect(groups.last().getByRole('listitem')).toHaveText([/bewaard Badge gekregen Demostad/, /mee Je doet mee/]);
  await expect(groups.first()).toContainText('Badge gekregen, nog niet in je wallet');

  // One answer and one that waits on: the answer is told.
  change('wacht1', { ...gained, kept: true });
  change('wacht2', { kind: 'queued' }, 'city_busy');
  await page.getByRole('button', { name: 'Probeer opnieuw' }).click();
  await expect(page.locator('.notice')).toHaveText(/^wacht1: Badge gekregen/);
  await expect(groups.first()).toContainText('Wacht op de stad');
  await expect(page.locator('.notice')).toHaveText(/^wacht1: Badge gekregen/);
  await page.getByRole('button', { name: 'Probeer opnieuw' }).click();
  await expect(page.locator('.notice')).toContainText('druk');
  // With the last answer the button goes, and the focus is somewhere still.
  const heading = page.getByRole('heading', { name: 'Mijn badgecodes' });
  change('wacht2', { kind: 'unknown' });
  await page.getByRole('button', { name: 'Probeer opnieuw' }).click();
  await expect(page.getByRole('button', { name: 'Probeer opnieuw' })).toHaveCount(0);
  await expect(heading).toBeFocused();

  await page.getByRole('button', { name: 'Haal haal uit de lijst' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('Je badge staat nog niet in je wallet.');
  await page.getByRole('button', { name: 'Ja, weghalen' }).click();
  await expect(page.getByText('haal', { exact: true })).toHaveCount(0);
  await expect(heading).toBeFocused();
  // What is done asks nothing.
  await page.getByRole('button', { name: 'Haal mee uit de lijst' }).click();
  await expect(page.getByText('mee', { exact: true })).toHaveCount(0);
  await expect(heading).toBeFocused();
});

test('a code whose city went finds another, and a new wallet knows no code of the old one', async ({ page, serve, city }) => {
  await begin(page, await serve({ city: city.url }));
  await chooseCity(page);
  await page.locator('[data-opener="tab-more"]').click();
  const offline = page.getByRole('switch', { name: 'Werk zonder internet' });
  await offline.click();
  await page.locator('[data-opener="tab-badges"]').click();
  await use(page, city, 'taal02');
  await expect(page.getByRole('heading', { name: 'Je code wacht' })).toBeVisible();
  await page.getByRole('button', { name: 'Terug' }).click();
  await toDiscover(page);
  await page.getByRole('button', { name: 'Steden' }).click();
  await page.getByRole('button', { name: /^Verwijder/ }).click();
  await expect(page.getByRole('alertdialog')).toContainText('Er wacht nog een badgecode voor deze stad.');
  await page.getByRole('button', { name: 'Ja, verwijderen' }).click();
  await expect(page.getByRole('heading', { name: 'Steden' })).toBeFocused();
  await page.getByRole('button', { name: 'Terug' }).click();
  await page.locator('[data-opener="tab-more"]').click();
  await offline.click();

  await toDiscover(page);
  await page.getByRole('button', { name: 'Mijn badgecodes' }).click();
  await page.locator('[data-opener^="claim-"]').click();
  await expect(page.getByText('Dit is er niet meer.')).toBeVisible();
  await page.getByRole('button', { name: 'Probeer opnieuw' }).click();
  await expect(page.getByText('taal02', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Kies stad' }).click();
  await page.getByRole('button', { name: /^Demostad Utrecht/ }).click();
  await page.getByRole('button', { name: 'Haal badge op' }).click();
  await expect(page.getByRole('heading', { name: 'De stad vraagt wie je bent' })).toBeVisible({ timeout: 30_000 });

  await page.getByRole('button', { name: 'Terug' }).click();
  await page.getByRole('button', { name: 'Terug' }).click();
  await page.locator('[data-opener="tab-more"]').click();
  await page.locator('[data-opener="erase"]').click();
  await page.getByRole('button', { name: 'Wis alles' }).click();
  await page.getByRole('button', { name: 'Ja, wissen' }).click();
  await welcome(page);
  await page.route('**/api/claims', (route) => route.abort());
  await toDiscover(page);
  await expect(page.getByRole('heading', { name: 'Wat is er te doen?' })).toBeVisible();
  await expect(page.locator('[data-opener="claims"]')).toHaveCount(0);
});

test('says what goes wrong, and tries again', async ({ page, serve, city }) => {
  await begin(page, await serve({ city: city.url }));
  await use(page, city, 'welkom');
  await expect(page.getByRole('heading', { name: 'De stad vraagt wie je bent' })).toBeVisible();
  await page.getByRole('button', { name: 'Terug' }).click();
  await fetch(`${city.url}/test/mode`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ modes: ['500'] }) });
  await use(page, city, 'taal02');
  await expect(page.getByRole('heading', { name: 'Sorry, dat lukt nog niet' })).toBeVisible();
  await fetch(`${city.url}/test/mode`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ modes: [] }) });
  await page.getByRole('button', { name: 'Probeer opnieuw' }).click();
  await expect(page.getByRole('heading', { name: 'De stad vraagt wie je bent' })).toBeVisible();
});

test('a city is added only after a yes', async ({ page, serve, city }) => {
  await begin(page, await serve({ city: city.url }));
  await page.locator('[data-opener="add"]').click();
  await paste(page, `${city.url}/`);
  await expect(page.getByRole('heading', { name: 'Wil je Demostad Utrecht (fictief) toevoegen?' })).toBeVisible();
  await expect(page.locator('main')).toContainText(host(city));
  await page.getByRole('button', { name: 'Nee' }).click();
  await page.locator('[data-opener="add"]').click();
  await paste(page, `${city.url}/`);
  await page.getByRole('button', { name: 'Ja, toevoegen' }).click();
  await expect(page.locator('[data-opener^="activity-"]').first()).toBeVisible({ timeout: 30_000 });
  // A second time it is there already.
  await page.locator('[data-opener="tab-badges"]').click();
  await page.locator('[data-opener="add"]').click();
  await paste(page, `${city.url}/`);
  await expect(page.getByRole('heading', { name: 'Deze stad heb je al' })).toBeVisible();
});

test('the sign-in experiment is off, and asks for the host first', async ({ page, serve, city }) => {
  await begin(page, await serve({ city: city.url }));
  await toDiscover(page);
  await page.getByRole('button', { name: /^Demostad Utrecht/ }).click();
  await expect(page.locator('[data-opener^="activity-"]').first()).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Steden' }).click();
  await expect(page.getByRole('heading', { name: 'Steden' })).toBeVisible();
  await expect(page.locator('[data-opener^="sign-in-"]')).toHaveCount(0);
  await page.getByRole('button', { name: 'Terug' }).click();
  await page.locator('[data-opener="tab-more"]').click();
  const trial = page.getByRole('switch', { name: 'Proef: inloggen bij een stad' });
  await expect(trial).toHaveAttribute('aria-checked', 'false');
  await trial.click();
  await toDiscover(page);
  await page.getByRole('button', { name: 'Steden' }).click();
  await page.locator('[data-opener^="sign-in-"]').click();
  await expect(page.getByRole('heading', { name: 'Klopt dit adres?' })).toBeVisible();
  await expect(page.locator('main')).toContainText(host(city));
  await expect(page.getByLabel('Wachtwoord', { exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: 'Ja, dit klopt' }).click();
  await expect(page.getByLabel('E-mail')).toHaveAttribute('autocomplete', 'username');
  await expect(page.getByLabel('Wachtwoord', { exact: true })).toHaveAttribute('autocomplete', 'current-password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Vul je e-mail en wachtwoord in.' })).toBeVisible();
  // A device without a key store cannot remember it, and the password does not leave.
  await page.getByLabel('E-mail').fill('noor@voorbeeld.example');
  await page.getByLabel('Wachtwoord', { exact: true }).fill('domtoren');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Dit apparaat kan niet veilig onthouden dat je inlogt.' })).toBeVisible();
  expect(JSON.stringify(await (await fetch(`${city.url}/test/asked`)).json())).not.toContain('domtoren');

  // Where it can, and answers after somebody left, the focus stays where it is by then.
  const field = page.getByLabel('Adres van de stad');
  await page.route('**/api/sign_in', async (route) => {
    await expect(field).toBeFocused();
    await route.fulfill({ json: { id: city.url, name: 'Demostad', host: host(city), signed_in: 'Noor' } });
  });
  await page.getByLabel('Wachtwoord', { exact: true }).fill('domtoren');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Terug' }).click();
  await field.focus();
  await expect(page.locator('.notice')).toContainText('Je bent ingelogd.');
  await still(page);
  await expect(field).toBeFocused();
});
