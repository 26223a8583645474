import { readFile } from 'node:fs/promises';
import { begin, demo, demoBadge, demoWeb, enter, expect, passphrase, pick, test } from '../wallet';

test('1 begins in plain Dutch or English, without an account', async ({ page, served }) => {
  await page.goto(served.url);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Al je badges bij elkaar.');
  // The single-use token does not stay in the address.
  expect(new URL(page.url()).search).toBe('');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('All your badges in one place.');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.getByRole('button', { name: 'Nederlands' }).click();
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('heading', { name: 'Kies een wachtzin' })).toBeFocused();
  await page.getByLabel('Wachtzin', { exact: true }).fill('1234');
  await page.getByRole('button', { name: 'Ga verder' }).click();
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toBeVisible();
  await page.getByLabel('Wachtzin', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Ga verder' }).click();
  await expect(page.getByRole('heading', { name: 'Hier komen je badges.' })).toBeVisible();
});

test('2 and 3 picks a file, sees a preview before anything is stored, and says no', async ({ page, served }) => {
  await begin(page, served);
  await pick(page, demoBadge('welkom-in-de-buurt.json'));
  await expect(page.getByRole('heading', { name: 'Wil je deze badge bewaren?' })).toBeFocused();
  await expect(page.getByRole('heading', { name: 'Welkom in de buurt' })).toBeVisible();
  await expect(page.getByText('Welkom in Lombok (fictief)')).toBeVisible();
  await page.getByRole('button', { name: /Bekijk de controle/ }).click();
  await expect(page.locator('[aria-expanded="true"] + *, .content:not([hidden]) li').first()).toBeVisible();
  await page.getByRole('button', { name: 'Nee, niet bewaren' }).click();
  await expect(page.getByRole('heading', { name: 'Hier komen je badges.' })).toBeVisible();
});

test('2 leaves a preview only after a question', async ({ page, served }) => {
  await begin(page, served);
  await pick(page, demoBadge('welkom-in-de-buurt.json'));
  await page.getByRole('button', { name: 'Terug' }).click();
  await expect(page.getByRole('alertdialog', { name: 'Wil je stoppen?' })).toBeVisible();
  await page.getByRole('button', { name: 'Nee', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Wil je deze badge bewaren?' })).toBeVisible();
  await page.getByRole('button', { name: 'Terug' }).click();
  await page.getByRole('button', { name: 'Ja, stoppen' }).click();
  await expect(page.getByRole('heading', { name: 'Hier komen je badges.' })).toBeVisible();
});

test('2 answers each of several files by itself', async ({ page, served }) => {
  await begin(page, served);
  await page.locator('[data-opener="add"]').click();
  await page.locator('dialog input[data-picker]').setInputFiles([demoBadge('fietsmaker.png'), demoBadge('welkom-in-de-buurt.json'), demoBadge('../index.json')]);
  await expect(page.getByRole('heading', { name: 'Welke badges bewaar je?' })).toBeVisible();
  await expect(page.getByRole('checkbox')).toHaveCount(2);
  await expect(page.getByText('index.json')).toBeVisible();
  await page.getByRole('button', { name: 'Bewaar 2 badges' }).click();
  await expect(page.locator('[data-opener^="badge-"]')).toHaveCount(2);
});

test('2 takes a pasted badge and refuses a pasted something else', async ({ page, served }) => {
  await begin(page, served);
  await page.locator('[data-opener="add"]').click();
  await page.getByRole('button', { name: /^Plak een link/ }).click();
  await page.getByLabel('Link of tekst').fill('hallo');
  await page.getByRole('button', { name: 'Bekijk badge' }).click();
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toBeVisible();
  await page.getByLabel('Link of tekst').fill(await readFile(demoBadge('welkom-in-de-buurt.json'), 'utf8'));
  await page.getByRole('button', { name: 'Bekijk badge' }).click();
  await expect(page.getByRole('heading', { name: 'Wil je deze badge bewaren?' })).toBeVisible();
});

test('2 takes a dropped file', async ({ page, served }) => {
  await begin(page, served);
  const text = await readFile(demoBadge('welkom-in-de-buurt.json'), 'utf8');
  const transfer = await page.evaluateHandle((content) => {
    const data = new DataTransfer();
    data.items.add(new File([content], 'badge.json', { type: 'application/json' }));
    return data;
  }, text);
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await expect(page.getByRole('heading', { name: 'Wil je deze badge bewaren?' })).toBeVisible();
});

test('3 proposes a plain address, and recognises a duplicate', async ({ page, served }) => {
  await begin(page, served);
  await pick(page, demoBadge('welkom-in-de-buurt.json'));
  await page.getByRole('button', { name: 'Ja, van mij' }).click();
  await expect(page.getByText('Klopt. Deze badge is van jou.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Bewaar badge' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Welkom in de buurt' })).toBeVisible();
  await page.getByRole('button', { name: 'Terug' }).click();
  await pick(page, demoBadge('welkom-in-de-buurt.json'));
  await expect(page.getByRole('heading', { name: 'Deze badge heb je al' })).toBeVisible();
  await expect(page.getByText('Deze badge heb je al.')).toBeVisible();
  await page.getByRole('button', { name: 'Bekijk je badge' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Welkom in de buurt' })).toBeVisible();
});

test('3 asks whose a badge with a hidden address is', async ({ page, served }) => {
  await begin(page, served);
  await pick(page, demoBadge('barista.json'));
  await expect(page.getByRole('heading', { name: 'Is deze van jou?' })).toBeVisible();
  await page.getByLabel('Je e-mailadres').fill('ander@voorbeeld.example');
  await page.getByRole('button', { name: 'Controleer adres' }).click();
  await expect(page.getByText('Dit adres hoort niet bij de badge.')).toBeVisible();
  await page.getByLabel('Je e-mailadres').fill('noor@voorbeeld.example');
  await page.getByRole('button', { name: 'Controleer adres' }).click();
  await expect(page.getByText('Klopt. Deze badge is van jou.').first()).toBeVisible();
});

test('4 keeps, finds, sorts, opens, removes with undo, and exports', async ({ page, served }) => {
  await demo(page, served);
  const tiles = page.locator('[data-opener^="badge-"]');
  const all = await tiles.count();
  expect(all).toBeGreaterThanOrEqual(12);
  await page.getByRole('searchbox').fill('bari');
  await expect(tiles).toHaveCount(1);
  await expect(tiles).toContainText('Barista');
  await page.getByRole('searchbox').fill('zzz');
  await expect(page.getByRole('heading', { name: 'Niets gevonden' })).toBeVisible();
  await page.getByRole('button', { name: 'Toon alle badges' }).click();
  await expect(tiles).toHaveCount(all);
  await page.getByLabel('Volgorde').selectOption('name');
  await expect(tiles.first()).toContainText('Barista');

  await tiles.first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Barista' })).toBeFocused();
  await page.getByRole('button', { name: /^Dit deed je ervoor/ }).click();
  await expect(page.getByText('Je zette zelfstandig koffie voor 40 gasten.')).toBeVisible();
  await page.getByRole('button', { name: /^Vaardigheden/ }).click();
  await expect(page.getByText('EQF niveau 2').last()).toBeVisible();

  await page.getByRole('button', { name: 'Meer met deze badge' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Het bestand zoals je het kreeg' }).click();
  const file = await download;
  expect(await readFile(await file.path())).toEqual(await readFile(demoBadge('barista.json')));
  // What is told never lies over what can be tapped.
  const [told, actions] = [await page.locator('.notice').boundingBox(), await page.locator('footer').boundingBox()];
  expect(told!.y + told!.height).toBeLessThanOrEqual(actions!.y);

  await page.getByRole('button', { name: 'Meer met deze badge' }).click();
  await page.getByRole('button', { name: 'Verwijder deze badge' }).click();
  await expect(tiles).toHaveCount(all - 1);
  await page.getByRole('button', { name: 'Zet terug' }).click();
  await expect(tiles).toHaveCount(all);
});

test('4 exports everything and brings it back', async ({ page, served, serve, browser }) => {
  await begin(page, served);
  await pick(page, demoBadge('fietsmaker.png'));
  await page.getByRole('button', { name: 'Bewaar badge' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Fietsmaker' })).toBeVisible();
  await page.getByRole('button', { name: 'Terug' }).click();
  await page.locator('[data-opener="tab-more"]').click();
  await page.locator('[data-opener="export"]').click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Bewaar bestand' }).click();
  const zip = await readFile(await (await download).path());

  const other = await (await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'nl-NL' })).newPage();
  await begin(other, await serve());
  await pick(other, { name: 'badges.zip', mimeType: 'application/zip', buffer: zip });
  await other.getByRole('button', { name: 'Bewaar badge' }).click();
  await expect(other.getByRole('heading', { level: 1, name: 'Fietsmaker' })).toBeVisible();
});

test('5 and 6 shows a badge as a code, and another wallet checks it without keeping it', async ({ page, served, serve, browser }) => {
  await begin(page, served);
  await pick(page, demoBadge('welkom-in-de-buurt.json'));
  await page.getByRole('button', { name: 'Bewaar badge' }).click();
  await page.getByRole('button', { name: 'Laat zien' }).click();
  await expect(page.getByRole('heading', { name: 'Laat deze code zien' })).toBeFocused();
  const code = page.getByRole('img', { name: /Welkom in de buurt/ });
  await expect(code.locator('svg')).toBeVisible();
  const box = await code.boundingBox();
  expect(box?.width).toBeGreaterThanOrEqual(0.7 * 360);
  await page.waitForTimeout(300);
  const many = await page.getByRole('button', { name: 'Zet stil' }).isVisible();
  const pictures: Buffer[] = [];
  if (many) {
    // A sequence: photograph it for a while, as a second phone would.
    for (let shot = 0; shot < 40; shot += 1) {
      pictures.push(await code.screenshot());
      await page.waitForTimeout(450);
    }
  } else pictures.push(await code.screenshot());

  const other = await (await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'nl-NL' })).newPage();
  await begin(other, await serve());
  await other.locator('[data-opener="add"]').click();
  await other.locator('dialog input[data-picker]').setInputFiles(pictures.map((buffer, at) => ({ name: `foto-${at}.png`, mimeType: 'image/png', buffer })));
  await expect(other.getByRole('heading', { level: 1, name: /iemand|someone/i })).toBeVisible({ timeout: 60_000 });
  await expect(other.getByRole('heading', { name: 'Welkom in de buurt' })).toBeVisible();
  await expect(other.locator('.holder')).toContainText('is niet gecontroleerd');
  await expect(other.getByRole('button', { name: /^Bewaar/ })).toHaveCount(0);
  await other.getByRole('button', { name: 'Sluit', exact: true }).click();
  await expect(other.getByRole('heading', { name: 'Hier komen je badges.' })).toBeVisible();
});

test('5 stays black on white in the dark, and gives the text way', async ({ page, served, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.emulateMedia({ colorScheme: 'dark' });
  await demo(page, served);
  await page.locator('[data-opener="choose"]').click();
  await page.getByRole('button', { name: /^Maak code/ }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Kies eerst een badge.' })).toBeVisible();
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: /^Maak code/ }).click();
  await expect(page.locator('.code svg')).toBeVisible();
  expect(await page.locator('.paper').evaluate((paper) => getComputedStyle(paper).backgroundColor)).toBe('rgb(255, 255, 255)');
  await page.getByRole('button', { name: 'Kopieer tekst' }).click();
  expect((await page.evaluate(() => navigator.clipboard.readText())).length).toBeGreaterThan(100);
});

test('7 everything is still there after closing, behind the passphrase', async ({ page, served }) => {
  await begin(page, served);
  await pick(page, demoBadge('fietsmaker.png'));
  await page.getByRole('button', { name: 'Bewaar badge' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Fietsmaker' })).toBeVisible();
  await served.restart();
  await page.goto(served.url);
  await expect(page.getByRole('heading', { name: 'Je badges zijn op slot' })).toBeVisible();
  await page.getByLabel('Wachtzin', { exact: true }).fill('niet de goede wachtzin');
  await page.getByRole('button', { name: 'Maak open' }).click();
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toBeVisible();
  await page.getByLabel('Wachtzin', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Maak open' }).click();
  await expect(page.locator('[data-opener^="badge-"]')).toContainText('Fietsmaker');
});

test('the demo says that it is one, everywhere, and is left again', async ({ page, served }) => {
  await demo(page, served);
  const banner = page.getByRole('complementary', { name: 'Dit is een demo. De badges zijn verzonnen.' });
  await expect(banner).toBeVisible();
  await page.locator('[data-opener="tab-more"]').click();
  await expect(banner).toBeVisible();
  await page.locator('[data-opener="about"]').click();
  await expect(banner).toBeVisible();
  await page.getByRole('button', { name: 'Stop demo' }).click();
  await expect(banner).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Hier komen je badges.' })).toBeVisible();
});

test('two switches in quick succession are both kept', async ({ page, served }) => {
  await begin(page, served);
  await page.locator('[data-opener="tab-more"]').click();
  // The first word to the core is slow.
  let late = true;
  await page.route('**/api/update_settings', async (route) => {
    if (late) {
      late = false;
      await new Promise((done) => setTimeout(done, 1_000));
    }
    await route.continue();
  });
  const offline = page.getByRole('switch', { name: 'Werk zonder internet' });
  const trial = page.getByRole('switch', { name: 'Proef: inloggen bij een stad' });
  await offline.click();
  await trial.click();
  await expect(trial).toHaveAttribute('aria-checked', 'true');
  await page.waitForTimeout(1_500);
  await page.reload();
  await page.locator('[data-opener="tab-more"]').click();
  await expect(offline).toHaveAttribute('aria-checked', 'true');
  await expect(trial).toHaveAttribute('aria-checked', 'true');
});

test('the focus goes to the heading, and on back to what opened the screen', async ({ page, served }) => {
  await demo(page, served);
  const tile = page.locator('[data-opener^="badge-"]').nth(3);
  const opener = await tile.getAttribute('data-opener');
  await tile.click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.goBack();
  await expect(page.locator(`[data-opener="${opener}"]`)).toBeFocused();
});

test('a link in a badge asks first and never moves the page', async ({ page, served }) => {
  await demo(page, served);
  await page.locator('[data-opener^="badge-"]').filter({ hasText: 'Barista' }).click();
  await page.getByRole('button', { name: /^Wie gaf deze badge/ }).click();
  const address = page.url();
  await page.locator('main').getByRole('button', { name: /\.example$/ }).first().click();
  await expect(page.getByRole('alertdialog', { name: 'Deze pagina openen?' })).toContainText('.example');
  await page.getByRole('button', { name: 'Annuleren' }).click();
  expect(page.url()).toBe(address);
});

test('the page asks nothing of anyone but the wallet', async ({ page, served }) => {
  const hosts = new Set<string>();
  page.on('request', (request) => {
    if (request.url().startsWith('http')) hosts.add(new URL(request.url()).host);
  });
  await demo(page, served);
  await page.locator('[data-opener^="badge-"]').first().click();
  await expect(page.getByRole('button', { name: 'Laat zien' })).toBeVisible();
  expect([...hosts]).toEqual([new URL(served.url).host]);
});

test('2 asks no host before a tap that names it, when another app opened a badge', async ({ page, serve }) => {
  const served = await serve({ open: demoBadge('barista.json'), web: demoWeb });
  await enter(page, served);
  await expect(page.getByRole('heading', { name: 'Wil je deze badge bewaren?' })).toBeVisible();
  // What decides was not asked, and that is neither good nor bad, nor a want of internet.
  await expect(page.getByText('We hebben nog niet gevraagd of hij echt is.')).toBeVisible();
  await expect(page.getByText('Nog niet gecontroleerd').first()).toBeVisible();
  await expect(page.getByText('We kunnen hier vragen of dit echt is:')).toBeVisible();
  await expect(page.getByText('koffieschool-domstad.example', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Controleer nu' }).click();
  await expect(page.getByText('We kunnen hier vragen of dit echt is:')).toHaveCount(0);
  await expect(page.getByText('Nog niet gecontroleerd')).toHaveCount(0);
  await page.getByRole('button', { name: 'Bewaar badge' }).click();
  await expect(page.getByRole('heading', { name: 'Barista' })).toBeVisible();
});

test('2 asks before it fetches, when another app opened a link, and takes no for an answer', async ({ page, serve }) => {
  const link = 'https://buurtkeuken-zuilen.example/assertions/buurtkok.json';
  await enter(page, await serve({ open: link, web: demoWeb }));
  await expect(page.getByRole('heading', { name: 'Mogen we dit ophalen?' })).toBeVisible();
  await expect(page.getByText('buurtkeuken-zuilen.example', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Annuleren' }).click();
  await expect(page.getByRole('heading', { name: 'Hier komen je badges.' })).toBeVisible();
  await enter(page, await serve({ open: link, web: demoWeb }));
  await page.getByRole('button', { name: 'Haal badge op' }).click();
  await expect(page.getByRole('heading', { name: 'Wil je deze badge bewaren?' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Buurtkok' })).toBeVisible();
});

test('an explanation is read aloud by a voice on the device, and falls silent when its screen is left', async ({ page, served }) => {
  await page.addInitScript(() => {
    const said: string[] = [];
    const voice = { lang: 'nl-NL', name: 'Proef', voiceURI: 'proef', default: true, localService: true };
    const speech = Object.assign(new EventTarget(), {
      getVoices: () => [voice],
      speak: (utterance: { text: string }) => void said.push(utterance.text),
      cancel: () => void said.push('-'),
    });
    Object.defineProperty(window, 'speechSynthesis', { value: speech });
    // The real one takes no voice but the browser's own.
    Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: class extends EventTarget { constructor(readonly text: string) { super(); } } });
    Object.assign(window, { said });
  });
  await page.goto(served.url);
  await page.getByRole('button', { name: 'Lees voor' }).click();
  const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
  expect((await said()).slice(0, 2)).toEqual(['-', 'Al je badges bij elkaar.']);
  await expect(page.getByRole('button', { name: 'Stop voorlezen' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('heading', { name: 'Kies een wachtzin' })).toBeVisible();
  expect((await said()).at(-1)).toBe('-');
});
