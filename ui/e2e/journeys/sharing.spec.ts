import type { Locator, Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { expect, test } from '../host';
import { issue } from '../issuer';
import { address, choose, coffee, fill, language, own, share } from '../pages';
import { begin, demo, demoWeb, expectNoSideways, pick } from '../wallet';

/** What another program than ours reads in a picture of a code. */
async function read(code: Locator): Promise<string> {
  const picture = await code.screenshot();
  return execFileSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', '-'], { input: picture, encoding: 'utf8' }).trim();
}

/** Everything that a link's page says when it can say only one thing. */
const only = (page: Page): Locator => page.getByRole('alert').filter({ hasText: /./ });

test('a learner makes a link of two badges, and an employer sees what they are worth', async ({ page, serve, host, web, visit }) => {
  const served = await serve({ host: host.url, web });
  const [barista] = await own(page, served, web, [coffee, language]);
  await choose(page, ['Taalmaatje', 'Barista']);
  await fill(page, { title: 'Mijn werk in de horeca', words: 'Ik werk graag in een team.', label: 'café De Hoek', first: 'Barista' });

  await expect(page.getByRole('heading', { name: 'Dit ziet de ander' })).toBeVisible();
  await expect(page.getByText('Alles wat in deze 2 badges staat')).toBeVisible();
  await expect(page.getByText('Ook na het einde.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: /Barista|Taalmaatje/ })).toHaveText(['Barista', 'Taalmaatje']);
  await expect(page.locator('figure')).toContainText('Mijn werk in de horeca');
  await page.getByRole('button', { name: 'Maak deellink' }).click();
  await expect(page.getByRole('heading', { name: 'Je link is klaar' })).toBeFocused();
  await expect(page.getByText('De link werkt tot jij stopt.').first()).toBeVisible();
  const link = await address(page);
  expect(link).toMatch(new RegExp(`^${host.url}/v#1\\.[\\w-]{22}\\.[\\w-]{43}$`));
  for (const [width, height] of [[320, 568], [360, 740], [820, 1180]] as const) {
    await page.setViewportSize({ width, height });
    expect(await read(page.locator('.code'))).toBe(link);
  }

  const other = await visit(link);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('2 gedeelde badges');
  const result = other.getByRole('status');
  await expect(result).toContainText('1 badge is echt en geldig.');
  await expect(result).toContainText('Bij 1 badge is iets om op te letten.');
  await expect(result).toContainText('Wie dit laat zien, is niet gecontroleerd.');
  const rows = other.locator('main ol > li');
  await expect(rows.nth(0)).toContainText('Barista');
  await expect(rows.nth(0)).toContainText('Noemt zich Koffiebar De Plek');
  await expect(rows.nth(0)).toContainText('3 maart 2026');
  await expect(rows.nth(0)).toContainText('Echt en geldig');
  await expect(rows.nth(0)).toContainText('Koffie bereiden · Gasten ontvangen');
  await expect(rows.nth(1)).toContainText('Taalmaatje');
  await expect(rows.nth(1)).toContainText('Gever niet bekend');
  // The answer and both badges, on a phone, without scrolling.
  const seen = await rows.nth(1).boundingBox();
  expect((seen?.y ?? 0) + (seen?.height ?? 0)).toBeLessThan(740);
  // The learner's words are below all that was checked, and nowhere else.
  const words = other.locator('figure');
  await expect(words).toContainText('Woorden van wie dit deelt');
  await expect(words).toContainText('Ik werk graag in een team.');
  expect((await words.boundingBox())?.y).toBeGreaterThan(seen?.y ?? 0);
  expect(await other.title()).toBe('Badges');
  await expect(other.getByText('Mijn werk in de horeca')).toHaveCount(1);
  // The private label stays in the wallet.
  await expect(other.getByText('café De Hoek')).toHaveCount(0);
  await expectNoSideways(other);

  await other.getByRole('button', { name: 'Barista' }).click();
  await expect(rows.nth(0)).toContainText('Komt van koffiebar-de-plek.example, noemt zich Koffiebar De Plek.');
  await other.getByRole('button', { name: /^Dit is ervoor gedaan/ }).click();
  await expect(other.getByText('Je zette koffie voor 40 gasten.')).toBeVisible();
  await other.getByRole('button', { name: /^Technische gegevens/ }).click();
  const download = other.waitForEvent('download');
  await other.getByRole('button', { name: 'Bewaar als bestand' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toBe(barista);

  const relayed: string[] = [];
  other.on('request', (request) => { if (request.url().endsWith('/v1/relay')) relayed.push(String(request.postDataJSON().url)); });
  await other.getByRole('button', { name: 'Controleer nu opnieuw' }).click();
  const question = other.getByRole('alertdialog', { name: 'Nu opnieuw controleren?' });
  await expect(question.getByRole('listitem')).toHaveText(['koffiebar-de-plek.example']);
  expect(relayed).toEqual([]);
  await question.getByRole('button', { name: 'Controleer nu opnieuw' }).click();
  await expect.poll(() => relayed).toEqual(['https://koffiebar-de-plek.example/.well-known/did.json']);
  await expect(result).toContainText('1 badge is echt en geldig.');
});

test('the demo is shared as the demo, and what is wrong with a badge is said', async ({ page, serve, startHost, visit }) => {
  const host = await startHost({ web: demoWeb });
  await demo(page, await serve({ host: host.url, web: demoWeb }));
  const link = await share(page, ['Barista', 'Meubelmaker']);
  const other = await visit(link);
  const result = other.getByRole('status');
  await expect(result).toContainText('Bij 1 badge is iets om op te letten.');
  await expect(result).toContainText('1 badge is niet geldig.');
  await expect(other.getByText('Oefenbadge')).toBeVisible();
  await expect(other.getByText('Teruggenomen')).toBeVisible();
  // A badge for practice proves nothing to an employer.
  await expect(other.getByText(/echt en geldig/i)).toHaveCount(0);
});

test('one badge is seen large, and in English', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web }), web, [{ ...coffee, svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#7A3E1D" d="M0 0h9v9H0z"/></svg>' }]);
  const link = await share(page, ['Barista']);
  const other = await visit(link, { locale: 'en-GB' });
  await expect(other.locator('html')).toHaveAttribute('lang', 'en');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('1 shared badge');
  await expect(other.getByRole('heading', { level: 2, name: 'Barista' })).toBeVisible();
  await expect(other.getByRole('heading', { name: 'Real and valid.' })).toBeInViewport();
  await expect(other.getByText('Who shows this was not checked.')).toBeInViewport();
  const art = other.getByRole('img', { name: /Barista/ });
  expect((await art.boundingBox())?.width).toBeGreaterThan(120);
  expect(await art.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
});

test('before the verdict there is only the count', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee, language]);
  const link = await share(page, ['Taalmaatje', 'Barista'], { title: 'Echt waar', first: 'Barista' });
  let go: () => void = () => undefined;
  const held = new Promise<void>((release) => (go = release));
  const other = await visit(link, { before: (blank) => blank.route('**/v1/relay', async (route) => { await held; await route.continue(); }) });
  await expect(other.getByRole('status')).toHaveText(/gecontroleerd\.$/);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('2 gedeelde badges');
  for (const text of ['Barista', 'Taalmaatje', 'Echt waar', 'Koffiebar', 'geldig']) await expect(other.getByText(text)).toHaveCount(0);
  go();
  await expect(other.getByRole('status')).toContainText('1 badge is echt en geldig.');
});

test('a passcode is asked, its tries are counted, and its owner opens the link again', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee]);
  await choose(page, ['Barista']);
  await fill(page, { passcode: '1234' });
  await expect(page.getByText('Neem 6 tekens of meer.')).toBeVisible();
  await page.getByLabel(/^Code van/).fill('koffie7');
  await page.getByRole('button', { name: 'Bekijk het eerst' }).click();
  await page.getByRole('button', { name: 'Maak deellink' }).click();
  const link = await address(page);
  await expect(page.getByText('Wie de link en de code heeft, kan dit zien.')).toBeVisible();

  const other = await visit(link);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Deze link heeft een code');
  const field = other.getByLabel('Code', { exact: true });
  const open = other.getByRole('button', { name: 'Open link' });
  await open.click();
  await expect(only(other)).toHaveText('Typ eerst de code.');
  await field.fill('thee123');
  await open.click();
  await expect(only(other)).toHaveText('Deze code klopt niet. Je kunt nog 9 keer proberen.');
  await expect(other.getByText('Barista')).toHaveCount(0);
  await field.fill(' koffie7 ');
  await open.click();
  await expect(other.getByRole('heading', { name: 'Echt en geldig.' })).toBeVisible();

  const guesser = await visit(link);
  for (let left = 9; left > 0; left -= 1) {
    await guesser.getByLabel('Code', { exact: true }).fill(`gok-${left}-gok`);
    await guesser.getByRole('button', { name: 'Open link' }).click();
    await expect(only(guesser)).toContainText(left === 1 ? /foute code|0 keer/ : `${left - 1} keer`);
  }
  // From now on it is not even asked.
  await expect(only(await visit(link))).toHaveText('Er is 10 keer een foute code getypt. Vraag de eigenaar om hulp.');

  await page.getByRole('button', { name: 'Terug' }).click();
  await page.locator('[data-opener="tab-more"]').click();
  await page.locator('[data-opener="links"]').click();
  await page.locator('[data-opener^="link-"]').click();
  await page.getByRole('button', { name: /^Open de link weer/ }).click();
  await expect(page.getByText('De link is weer open.').first()).toBeVisible();
  const again = await visit(link);
  await again.getByLabel('Code', { exact: true }).fill('koffie7');
  await again.getByRole('button', { name: 'Open link' }).click();
  await expect(again.getByRole('heading', { name: 'Echt en geldig.' })).toBeVisible();
});

test('another wallet opens a link, with its passcode, and keeps nothing', async ({ page, serve, host, web, browser }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee]);
  const link = await share(page, ['Barista'], { passcode: 'koffie7', words: 'Kijk maar.' });
  const other = await (await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'nl-NL' })).newPage();
  await begin(other, await serve({ host: host.url, web }));
  await other.locator('[data-opener="add"]').click();
  await other.getByRole('button', { name: /^Plak een link/ }).click();
  await other.getByLabel('Link of tekst').fill(link);
  await other.getByRole('button', { name: 'Bekijk badge' }).click();
  await expect(other.getByRole('heading', { name: 'Deze link heeft een code' })).toBeVisible();
  await other.getByRole('button', { name: 'Open link' }).click();
  await expect(only(other)).toHaveText('Typ eerst de code.');
  await other.getByLabel('Code', { exact: true }).fill('thee123');
  await other.getByRole('button', { name: 'Open link' }).click();
  await expect(only(other)).toHaveText('Deze code klopt niet. Je kunt nog 9 keer proberen.');
  await other.getByLabel('Code', { exact: true }).fill('koffie7');
  await other.getByRole('button', { name: 'Open link' }).click();
  await expect(other.getByRole('heading', { name: 'Deze badge laat iemand zien' })).toBeVisible();
  await expect(other.getByRole('heading', { name: 'Barista' })).toBeVisible();
  await expect(other.locator('figure')).toContainText('Kijk maar.');
  await expect(other.getByText('Wie dit laat zien, is niet gecontroleerd.')).toBeVisible();
  await expect(other.getByRole('button', { name: /^Bewaar/ })).toHaveCount(0);
  await other.getByRole('button', { name: 'Sluit', exact: true }).click();
  await expect(other.getByRole('heading', { name: 'Hier komen je badges.' })).toBeVisible();
});

test('what is behind a link changes, its address does not; it gets another end, and stops', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web, now: null }), web, [coffee, language]);
  const link = await share(page, ['Barista'], { words: 'De eerste woorden.' });
  const before = await visit(link, { now: null });
  await expect(before.locator('figure')).toContainText('De eerste woorden.');
  await expect(before.getByText('De link heeft geen einddatum.')).toBeVisible();

  await page.locator('[data-opener="change"]').click();
  await expect(page.getByRole('heading', { name: 'Verander je deellink' })).toBeVisible();
  await expect(page.getByLabel('Eigen woorden')).toHaveValue('De eerste woorden.');
  // The end has a question of its own.
  await expect(page.getByRole('radio')).toHaveCount(0);
  await page.getByLabel('Eigen woorden').fill('De tweede woorden.');
  await page.getByRole('button', { name: 'Bekijk het eerst' }).click();
  await page.getByRole('button', { name: 'Bewaar verandering' }).click();
  await expect(page.getByRole('heading', { name: 'Je link is klaar' })).toBeVisible();
  expect(await address(page)).toBe(link);
  const after = await visit(link, { now: null });
  await expect(after.locator('figure')).toContainText('De tweede woorden.');
  await expect(after.getByText('De eerste woorden.')).toHaveCount(0);

  await page.locator('[data-opener="extend"]').click();
  const question = page.getByRole('alertdialog', { name: 'Hoe lang werkt de link?' });
  await question.getByRole('radio', { name: '1 jaar' }).check();
  await question.getByRole('button', { name: 'Bewaar einde' }).click();
  const year = new Intl.DateTimeFormat('nl-NL', { dateStyle: 'long', timeZone: 'Europe/Amsterdam' }).format(Date.now() + 365 * 86_400_000);
  await expect(page.getByText(`De link werkt tot ${year}.`).first()).toBeVisible();
  await expect((await visit(link, { now: null })).getByText(`De link werkt tot ${year}.`)).toBeVisible();

  await page.locator('[data-opener="stop"]').click();
  await page.getByRole('alertdialog', { name: 'Stop je met delen?' }).getByRole('button', { name: 'Ja, stoppen' }).click();
  await expect(page.locator('main').getByText('Gestopt. De link werkt niet meer.')).toBeVisible();
  // There is nothing left to hand on.
  await expect(page.locator('.code')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Kopieer link' })).toHaveCount(0);
  await expect(only(await visit(link, { now: null }))).toHaveText('Deze link is gestopt of afgelopen.');
  await page.getByRole('button', { name: 'Haal uit de lijst' }).click();
  await expect(page.locator('[data-opener^="link-"]')).toHaveCount(0);
});

test('a link is called stopped only when its host has said so', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee]);
  const link = await share(page, ['Barista'], { label: 'café De Hoek' });
  await host.kill();
  await page.locator('[data-opener="stop"]').click();
  await page.getByRole('button', { name: 'Ja, stoppen' }).click();
  await expect(page.locator('main').getByText('Nog open. We proberen opnieuw om hem te sluiten.')).toBeVisible();
  await expect(page.locator('.code')).toHaveCount(0);
  await host.start();
  await page.getByRole('button', { name: 'Terug' }).click();
  await page.locator('[data-opener="tab-more"]').click();
  await page.locator('[data-opener="links"]').click();
  await expect(page.locator('[data-opener^="link-"]')).toContainText('Gestopt. De link werkt niet meer.');
  await expect(page.locator('[data-opener^="link-"]')).toContainText('café De Hoek');
  await expect(only(await visit(link))).toHaveText('Deze link is gestopt of afgelopen.');
});

test('removing a badge offers to close the links that it is in', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee, language]);
  const link = await share(page, ['Barista', 'Taalmaatje']);
  await page.getByRole('button', { name: 'Terug' }).click();
  const remove = async (name: string): Promise<void> => {
    await page.locator('[data-opener^="badge-"]').filter({ hasText: name }).click();
    await page.getByRole('button', { name: 'Meer met deze badge' }).click();
    await page.getByRole('button', { name: 'Verwijder deze badge' }).click();
  };
  await remove('Taalmaatje');
  const question = page.getByRole('alertdialog', { name: 'Deze badge wordt nog gedeeld' });
  await expect(question).toContainText('Hij staat in 1 open link.');
  await question.getByRole('button', { name: 'Nee, laat open' }).click();
  await expect((await visit(link)).getByRole('heading', { level: 1 })).toHaveText('2 gedeelde badges');
  await remove('Barista');
  await question.getByRole('button', { name: 'Ja, stoppen' }).click();
  await expect(question).toBeHidden();
  await expect.poll(async () => only(await visit(link)).textContent({ timeout: 3000 }).catch(() => '')).toBe('Deze link is gestopt of afgelopen.');
});

test('without a host there is a code or a file, and never an empty link', async ({ page, serve, host, web }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee]);
  await choose(page, ['Barista']);
  await host.kill();
  await fill(page, {});
  await page.getByRole('button', { name: 'Maak deellink' }).click();
  await expect(only(page)).toHaveText('Die plek geeft geen antwoord. Probeer het later nog eens.');
  await page.getByRole('button', { name: 'Probeer opnieuw' }).click();
  await expect(only(page)).toHaveText('Die plek geeft geen antwoord. Probeer het later nog eens.');
  await page.getByRole('button', { name: 'Toon een code' }).click();
  await expect(page.getByRole('heading', { name: 'Laat deze code zien' })).toBeVisible();
  await expect(page.locator('.code svg')).toBeVisible();
  await page.getByRole('button', { name: 'Stop met tonen' }).click();
  // What was chosen is still there, for when the host is back.
  await host.start();
  await page.getByRole('button', { name: /^(Probeer opnieuw|Maak deellink)$/ }).click();
  await expect(page.getByRole('heading', { name: 'Je link is klaar' })).toBeVisible();
});

test('without internet there is a code or a file as well', async ({ page, serve, host, web }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee]);
  await page.locator('[data-opener="tab-more"]').click();
  await page.getByRole('switch', { name: /internet/i }).click();
  await page.locator('[data-opener="tab-badges"]').click();
  await choose(page, ['Barista']);
  await fill(page, {});
  await page.getByRole('button', { name: 'Maak deellink' }).click();
  await expect(only(page)).toHaveText('Je werkt zonder internet. Dat heb je zelf gekozen.');
  await expect(page.getByRole('button', { name: 'Toon een code' })).toBeVisible();
  await page.getByRole('button', { name: 'Bewaar voor later' }).click();
  await page.locator('[data-opener="tab-more"]').click();
  await page.locator('[data-opener="links"]').click();
  await expect(page.locator('[data-opener^="link-"]')).toHaveCount(1);
  await expect(page.locator('[data-opener^="link-"]')).toContainText('Nog niet gemaakt');
});

test('a wallet without a share place asks for one', async ({ page, serve, host, web }) => {
  await own(page, await serve({ web }), web, [coffee]);
  await choose(page, ['Barista']);
  await fill(page, {});
  await expect(page.getByText('Kies eerst een deelplek. Daar staan je links.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Toon een code' })).toBeVisible();
  await page.getByRole('button', { name: 'Kies deelplek' }).click();
  const field = page.getByLabel('Adres van de deelplek');
  await field.fill('http://delen.voorbeeld.example');
  await page.getByRole('button', { name: 'Bewaar adres' }).click();
  await expect(only(page)).toHaveText('Dit adres kan niet. Het begint met https.');
  await field.fill(host.url);
  await page.getByRole('button', { name: 'Bewaar adres' }).click();
  await expect(page.getByRole('heading', { name: 'Dit ziet de ander' })).toBeVisible();
  await page.getByRole('button', { name: 'Maak deellink' }).click();
  await expect(page.getByRole('heading', { name: 'Je link is klaar' })).toBeVisible();
  expect(await address(page)).toContain(host.url);
});

test('a code for any phone works a quarter of an hour', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web, now: null }), web, [coffee]);
  await page.locator('[data-opener^="badge-"]').click();
  await page.getByRole('button', { name: 'Laat zien' }).click();
  await page.locator('[data-opener="any"]').click();
  const question = page.getByRole('alertdialog', { name: 'Een code voor elke telefoon?' });
  await expect(question).toContainText(new URL(host.url).host);
  await question.getByRole('button', { name: 'Maak code' }).click();
  await expect(page.locator('main').getByText('Elke telefoon kan dit scannen.')).toBeVisible();
  for (const [width, height] of [[320, 568], [360, 740], [820, 1180]] as const) {
    await page.setViewportSize({ width, height });
    expect(await read(page.locator('.code'))).toMatch(new RegExp(`^${host.url}/v#1\\.`));
  }
  const link = await read(page.locator('.code'));
  const other = await visit(link, { now: null });
  await expect(other.getByRole('heading', { name: 'Echt en geldig.' })).toBeVisible();
  await expect(other.getByText(/^De link werkt tot .*\d{1,2}:\d{2}\.$/)).toBeVisible();
  // The page refuses it after its end, whatever its host still gives.
  const later = await visit(link, { now: new Date(Date.now() + 16 * 60_000).toISOString() });
  await expect(only(later)).toHaveText('Deze link is gestopt of afgelopen.');
});

test('a link that has ended says so', async ({ page, serve, host, web, visit }) => {
  test.slow();
  // A wallet whose clock is behind makes a link for now that ends within half a minute.
  await own(page, await serve({ host: host.url, web, now: new Date(Date.now() - 14.5 * 60_000).toISOString() }), web, [coffee]);
  await page.locator('[data-opener^="badge-"]').click();
  await page.getByRole('button', { name: 'Laat zien' }).click();
  await page.locator('[data-opener="any"]').click();
  await page.getByRole('button', { name: 'Maak code' }).click();
  await expect(page.locator('main').getByText('Elke telefoon kan dit scannen.')).toBeVisible();
  const link = await read(page.locator('.code'));
  await expect((await visit(link, { now: null })).getByRole('heading', { name: 'Echt en geldig.' })).toBeVisible();
  const open = async (): Promise<number> => (await fetch(`${host.url}/v1/open`, { method: 'POST', body: JSON.stringify({ id: link.split('.').at(-2) }) })).status;
  await expect.poll(open, { timeout: 60_000, intervals: [1000] }).toBe(410);
  await expect(only(await visit(link, { now: null }))).toHaveText('Deze link is gestopt of afgelopen.');
});

test('whoever does not trust the host of a link checks it on the page of another', async ({ page, serve, host, web, startHost, visit }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee]);
  await choose(page, ['Barista']);
  await fill(page, { title: 'Mijn werk', passcode: 'koffie-2026' });
  await page.getByRole('button', { name: 'Maak deellink' }).click();
  const link = await address(page);
  const elsewhere = await startHost({ web, local: host.url });
  const other = await visit(`${elsewhere.url}/v`);
  await expect(other.getByRole('heading', { name: 'Controleer een link' })).toBeVisible();
  const paste = async (text: string): Promise<void> => {
    await other.getByLabel('Plak de link').fill(text);
    await other.getByRole('button', { name: 'Open link' }).click();
  };
  await paste('https://delen.example/iets');
  await expect(other.getByText('Dit is geen deellink.')).toBeVisible();
  const sent: string[] = [];
  other.on('request', (request) => sent.push(request.postData() ?? ''));
  await paste(link);
  await other.getByLabel('Code', { exact: true }).fill('koffie-2026');
  await other.getByRole('button', { name: 'Open link' }).click();
  await expect(other.getByRole('status')).toContainText('Echt en geldig.');
  await expect(other.getByText(`Deze link staat op ${new URL(host.url).host}. ${new URL(elsewhere.url).host} heeft hem gecontroleerd.`)).toBeVisible();
  // The key never leaves the browser, whichever host is asked.
  expect(sent.filter((body) => body.includes(link.split('.').at(-1) ?? ''))).toEqual([]);
  await host.kill();
  const later = await visit(`${elsewhere.url}/v`);
  await later.getByLabel('Plak de link').fill(link);
  await later.getByRole('button', { name: 'Open link' }).click();
  await expect(only(later)).toHaveText('Er komt geen antwoord. Kijk of er internet is.');
});

test('a link that is cut off, edited or newer says so, on the page and in the app', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee]);
  const link = await share(page, ['Barista']);
  const other = (letter: string): string => (letter === 'A' ? 'B' : 'A');
  const [, id = '', key = ''] = /#1\.([\w-]+)\.([\w-]+)$/.exec(link) ?? [];
  const cut = 'Deze link is niet heel. Vraag om een nieuwe.';
  const cases: [string, string, string?][] = [
    [link.slice(0, -9), cut],
    [`${host.url}/v#1.${id}`, cut],
    [`${host.url}/v#1.${id}.${other(key.charAt(0))}${key.slice(1)}`, cut],
    [`${host.url}/v#1.${other(id.charAt(0))}${id.slice(1)}.${key}`, 'Deze link bestaat niet of niet meer.'],
    [link.replace('#1.', '#2.'), 'Deze link is nieuwer dan deze pagina. Open hem met de app.', 'Deze link is van een nieuwere app. Werk deze app bij.'],
  ];
  for (const [edited, said] of cases) {
    await expect(only(await visit(edited)), edited).toHaveText(said);
  }
  await page.getByRole('button', { name: 'Terug' }).click();
  for (const [edited, page_said, app_said = page_said] of cases) {
    await page.locator('[data-opener="add"]').click();
    await page.getByRole('button', { name: /^Plak een link/ }).click();
    await page.getByLabel('Link of tekst').fill(edited);
    await page.getByRole('button', { name: 'Bekijk badge' }).click();
    await expect(only(page), edited).toHaveText(app_said);
    await page.getByRole('button', { name: 'Terug' }).click();
  }
});

test('another link that is pasted over an open one is opened', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee, language]);
  const first = await share(page, ['Barista']);
  await page.getByRole('button', { name: 'Terug' }).click();
  const second = await share(page, ['Taalmaatje']);
  const other = await visit(first);
  await expect(other.getByRole('heading', { level: 2, name: 'Barista' })).toBeVisible();
  await other.goto(second);
  await expect(other.getByRole('heading', { level: 2, name: 'Taalmaatje' })).toBeVisible();
  await expect(other.getByText('Barista')).toHaveCount(0);
  expect(new URL(other.url()).hash).toBe('');
});

test('a host that lies gets one sentence', async ({ page, serve, startHost, web, visit }) => {
  let lie: ((response: ServerResponse) => void) | undefined;
  let real = '';
  const through = (incoming: IncomingMessage, answer: ServerResponse): void => {
    if (lie && /^\/v1\/(open|manage)$/.test(incoming.url ?? '')) return lie(answer);
    const onward = ask(real + String(incoming.url), { method: incoming.method, headers: incoming.headers }, (given) => {
      answer.writeHead(given.statusCode ?? 500, given.headers);
      given.pipe(answer);
    });
    incoming.pipe(onward);
  };
  const liar = createServer(through);
  await new Promise<void>((listening) => liar.listen(0, '127.0.0.1', listening));
  try {
    const origin = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
    real = (await startHost({ web, origin })).url;
    await own(page, await serve({ host: origin, web }), web, [coffee, language]);
    const link = await share(page, ['Barista']);
    await page.getByRole('button', { name: 'Terug' }).click();
    const second = await share(page, ['Taalmaatje']);
    await expect((await visit(link)).getByRole('heading', { name: 'Echt en geldig.' })).toBeVisible();

    const sealed = async (address: string): Promise<Buffer> => {
      const response = await fetch(`${real}/v1/open`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: address.split('.').at(-2) }) });
      return Buffer.from(await response.arrayBuffer());
    };
    const bytes = (body: Buffer) => (response: ServerResponse) => void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(body);
    const mine = await sealed(link);
    const lies: Record<string, (response: ServerResponse) => void> = {
      html: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Echt en geldig</h1>'),
      'html as bytes': bytes(Buffer.from('<h1>Echt en geldig</h1>')),
      nothing: bytes(Buffer.alloc(0)),
      'half of it': bytes(mine.subarray(0, mine.length / 2)),
      'another link': bytes(await sealed(second)),
      'one bit': bytes(Buffer.from(mine.map((byte, at) => (at === mine.length - 100 ? byte ^ 1 : byte)))),
      'a fault': (response) => void response.writeHead(500).end(),
    };
    for (const [name, one] of Object.entries(lies)) {
      lie = one;
      const other = await visit(link);
      await expect(only(other), name).toHaveText('De deelplek geeft een vreemd antwoord. Probeer het later nog eens.');
      lie = undefined;
      await other.getByRole('button', { name: 'Probeer opnieuw' }).click();
      await expect(other.getByRole('heading', { name: 'Echt en geldig.' }), name).toBeVisible();
    }

    lie = lies.html;
    await page.getByRole('button', { name: 'Terug' }).click();
    await choose(page, ['Barista']);
    await fill(page, {});
    await page.getByRole('button', { name: 'Maak deellink' }).click();
    await expect(only(page)).toHaveText('De deelplek geeft een vreemd antwoord. Probeer het later nog eens.');
  } finally {
    liar.closeAllConnections();
    await new Promise((closed) => liar.close(closed));
  }
});

test('what proves itself is judged with the host switched off', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee, language]);
  const link = await share(page, ['Taalmaatje', 'Barista'], { first: 'Barista' });
  const other = await visit(link);
  const result = other.getByRole('status');
  await expect(result).toContainText('1 badge is echt en geldig.');
  await host.kill();
  const again = async (): Promise<void> => {
    await other.getByRole('button', { name: 'Controleer nu opnieuw' }).click();
    await other.getByRole('alertdialog').getByRole('button', { name: 'Controleer nu opnieuw' }).click();
  };
  await again();
  // Nobody could be asked about the one; the other needs nobody.
  await expect(result).toContainText('1 badge is niet te controleren.');
  await expect(result).toContainText('Bij 1 badge is iets om op te letten.');
  await expect(other.locator('main ol > li').nth(1)).toContainText('Gever niet bekend');
  await host.start();
  await again();
  await expect(result).toContainText('1 badge is echt en geldig.');
});

test('what its host witnessed counts with the host switched off', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web, now: null }), web, [coffee]);
  await choose(page, ['Barista']);
  await fill(page, {});
  const witness = page.getByRole('switch', { name: /meekijken$/ });
  await expect(page.getByText(/vraagt bij koffiebar-de-plek\.example na/)).toBeVisible();
  await expect(witness).not.toBeChecked();
  await witness.click();
  await page.getByRole('button', { name: 'Maak deellink' }).click();
  const other = await visit(await address(page), { now: null });
  await expect(other.getByRole('heading', { name: 'Echt en geldig.' })).toBeVisible();
  await host.kill();
  await other.getByRole('button', { name: 'Controleer nu opnieuw' }).click();
  const failed = other.waitForEvent('requestfailed');
  await other.getByRole('alertdialog').getByRole('button', { name: 'Controleer nu opnieuw' }).click();
  await failed;
  await expect(other.locator('.ring')).toHaveCount(0);
  await expect(other.getByRole('heading', { name: 'Echt en geldig.' })).toBeVisible();
});

test('a learner adds the address that a badge hides, and the other compares it', async ({ page, serve, host, web, visit }) => {
  const signed = await issue(web, { ...coffee, email: 'noor@voorbeeld.example' });
  await begin(page, await serve({ host: host.url, web }));
  await pick(page, { name: 'badge.jwt', mimeType: 'application/jwt', buffer: Buffer.from(signed) });
  await page.getByLabel('Je e-mailadres').fill('noor@voorbeeld.example');
  await page.getByRole('button', { name: 'Controleer adres' }).click();
  await page.getByRole('button', { name: 'Bewaar badge' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Barista' })).toBeVisible();
  await page.locator('[data-opener="share"]').click();
  await fill(page, {});
  await expect(page.getByText('Een geheime vorm van je adres.')).toBeVisible();
  const shows = page.getByRole('switch', { name: 'Laat zien dat hij van jou is' });
  await expect(shows).not.toBeChecked();
  await page.getByRole('button', { name: 'Maak deellink' }).click();
  const without = await visit(await address(page));
  await expect(without.getByText('Wie dit laat zien, is niet gecontroleerd.')).toBeVisible();
  await expect(without.getByText('noor@voorbeeld.example')).toHaveCount(0);
  await page.locator('[data-opener="change"]').click();
  await page.getByRole('button', { name: 'Bekijk het eerst' }).click();
  await shows.click();
  await page.getByRole('button', { name: 'Bewaar verandering' }).click();
  const along = await visit(await address(page));
  await expect(along.getByText('Gegeven aan noor@voorbeeld.example. Of dit diegene is, is niet gecontroleerd.')).toBeVisible();
});

test('a host that is gone when the link is opened, and comes back', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee]);
  const link = await share(page, ['Barista']);
  const other = await visit(link, { before: (blank) => blank.route('**/v1/open', (route) => route.abort()) });
  await expect(only(other)).toHaveText('Er komt geen antwoord. Kijk of er internet is.');
  await other.unroute('**/v1/open');
  await other.getByRole('button', { name: 'Probeer opnieuw' }).click();
  await expect(other.getByRole('heading', { name: 'Echt en geldig.' })).toBeVisible();
});

test('a browser of five years ago, without what came later', async ({ page, serve, host, web, visit }) => {
  await own(page, await serve({ host: host.url, web }), web, [coffee, language]);
  const link = await share(page, ['Barista', 'Taalmaatje'], { passcode: 'koffie7' });
  const other = await visit(link, {
    before: (blank) =>
      blank.addInitScript(() => {
        const gone: [object, string[]][] = [
          [URL, ['canParse', 'parse']],
          [AbortSignal, ['timeout', 'any']],
          [Promise, ['withResolvers', 'try']],
          [Object, ['groupBy']],
          [Map, ['groupBy']],
          [Array, ['fromAsync']],
          [Array.prototype, ['toSorted', 'toReversed', 'toSpliced', 'with']],
          [Set.prototype, ['union', 'intersection', 'difference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom', 'symmetricDifference']],
          [String.prototype, ['isWellFormed', 'toWellFormed']],
          [Uint8Array, ['fromBase64', 'fromHex']],
          [Object.getPrototypeOf(Object.getPrototypeOf([].values())) as object, ['map', 'filter', 'take', 'drop', 'flatMap', 'reduce', 'toArray', 'forEach', 'some', 'every', 'find']],
          [globalThis, ['requestIdleCallback', 'Iterator']],
          [Element.prototype, ['checkVisibility', 'setHTMLUnsafe']],
          [Document.prototype, ['startViewTransition']],
        ];
        for (const [owner, names] of gone) for (const name of names) delete (owner as Record<string, unknown>)[name];
      }),
  });
  await other.getByLabel('Code', { exact: true }).fill('koffie7');
  await other.getByRole('button', { name: 'Open link' }).click();
  await expect(other.getByRole('status')).toContainText('1 badge is echt en geldig.');
  await other.getByRole('button', { name: 'Barista' }).click();
  await other.getByRole('button', { name: /^Wie gaf deze badge/ }).click();
  await other.getByRole('button', { name: 'koffiebar-de-plek.example', exact: true }).click();
  await expect(other.getByRole('alertdialog', { name: 'Deze pagina openen?' })).toContainText('koffiebar-de-plek.example');
});

test('a slow phone has its answer', async ({ page, serve, startHost, visit }) => {
  const host = await startHost({ web: demoWeb });
  await demo(page, await serve({ host: host.url, web: demoWeb }));
  const link = await share(page, ['Barista', 'Fietsmaker', 'Buurtkok', 'Taalmaatje']);
  const told: string[] = [];
  let bytes = 0;
  for (const rate of [1, 4]) {
    let begun = 0;
    const other = await visit(link, {
      now: null,
      before: async (blank) => {
        const session = await blank.context().newCDPSession(blank);
        await session.send('Emulation.setCPUThrottlingRate', { rate });
        begun = Date.now();
      },
    });
    await expect(other.getByRole('status').getByText('Wie dit laat zien, is niet gecontroleerd.')).toBeVisible({ timeout: 60_000 });
    told.push(`${rate}x: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    expect(Date.now() - begun).toBeLessThan(60_000);
    bytes = await other.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0));
    // What is sent is packed.
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(1_000_000);
  }
  console.log(`from opening a link to four verdicts, by a processor that much slower: ${told.join(', ')}; ${Math.round(bytes / 1000)} kB in all`);
});
