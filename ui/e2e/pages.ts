import type { Page } from '@playwright/test';
import { expect } from './host';
import { issue, type Told } from './issuer';
import { begin, pick, type Served } from './wallet';

export const coffee: Told = { name: 'Barista', issuer: 'Koffiebar De Plek', host: 'koffiebar-de-plek.example', description: 'Zet goede koffie.', criteria: 'Je zette koffie voor 40 gasten.', skills: ['Koffie bereiden', 'Gasten ontvangen'] };
export const language: Told = { name: 'Taalmaatje', issuer: 'Wijkteam Leert', issued: '2025-12-18T10:00:00Z', skills: ['Luisteren'] };

interface Choice {
  title?: string;
  words?: string;
  label?: string;
  end?: string;
  passcode?: string;
  /** The badge that goes first. */
  first?: string;
}

/** A wallet of somebody's own, with these badges. */
export async function own(page: Page, served: Served, web: string, badges: Told[]): Promise<string[]> {
  const signed = await Promise.all(badges.map((badge) => issue(web, badge)));
  await begin(page, served);
  await pick(page, signed.map((text, at) => ({ name: `badge-${at}.jwt`, mimeType: 'application/jwt', buffer: Buffer.from(text) })));
  await page.getByRole('button', { name: /^Bewaar (badge|\d+ badges)$/ }).click();
  if (badges.length === 1) {
    await expect(page.getByRole('heading', { level: 1, name: badges[0]?.name })).toBeVisible();
    await page.getByRole('button', { name: 'Terug' }).click();
  }
  await expect(page.locator('[data-opener^="badge-"]')).toHaveCount(badges.length);
  return signed;
}

/** From the list of badges to the choices of a link. */
export async function choose(page: Page, names: string[]): Promise<void> {
  await page.locator('[data-opener="choose"]').click();
  for (const name of names) await page.getByRole('checkbox', { name: new RegExp(`^${name}`) }).check();
  await page.getByRole('button', { name: /^Maak deellink/ }).click();
  await expect(page.getByRole('heading', { name: 'Maak een deellink' })).toBeVisible();
}

export async function fill(page: Page, { title, words, label, end = 'Tot ik stop', passcode, first }: Choice): Promise<void> {
  if (title) await page.getByLabel('Titel').fill(title);
  if (words) await page.getByLabel('Eigen woorden').fill(words);
  if (first) await page.getByRole('button', { name: `Zet ${first} hoger` }).click();
  await page.getByRole('radio', { name: end }).check();
  if (passcode) {
    await page.getByRole('switch', { name: 'Vraag om een code' }).click();
    await page.getByLabel(/^Code van/).fill(passcode);
  }
  if (label) await page.getByLabel('Voor wie is het?').fill(label);
  await page.getByRole('button', { name: 'Bekijk het eerst' }).click();
}

/** Copies the address of the link whose screen is open. */
export async function address(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Kopieer link' }).click();
  await expect(page.getByText('De link is gekopieerd.').first()).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Makes a link, and answers its address. */
export async function share(page: Page, names: string[], choice: Choice = {}): Promise<string> {
  await choose(page, names);
  await fill(page, choice);
  await page.getByRole('button', { name: 'Maak deellink' }).click();
  await expect(page.getByRole('heading', { name: 'Je link is klaar' })).toBeVisible();
  return address(page);
}


const svg = (colour: string, shape: string): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><path d="M50 4 90 27v46L50 96 10 73V27Z" fill="${colour}"/><path d="M50 12 83 31v38L50 88 17 69V31Z" fill="#fff"/><path d="${shape}" fill="${colour}"/></svg>`;

/** The pages that there are: one badge, many of all kinds, a passcode, a stopped link, no link. `look` is given each, with what to wait for. */
export async function pages(page: Page, served: Served, web: string, look: (name: string, link: string, ready: (page: Page) => Promise<unknown>) => Promise<void>): Promise<void> {
  const badges: Told[] = [
    { ...coffee, svg: svg('#7A3E1D', 'M31 45h32v13a16 16 0 0 1-32 0Z') },
    { ...language, svg: svg('#B3261E', 'M32 36h36v24H46l-8 8v-8h-6Z') },
    { name: 'Fietsmaker', issuer: 'Fietswerkplaats Om de Hoek', host: 'fietswerkplaats.example', issued: '2025-11-21T10:00:00Z', description: 'Maakt een fiets weer veilig.', skills: ['Banden plakken', 'Remmen afstellen', 'Uitleggen wat er is gedaan'], svg: svg('#0E6B74', 'M30 50h40v10H30Z') },
    { name: 'Veilig werken op hoogte in en om gebouwen', issuer: 'Stichting Vakmanschap en Veiligheid Midden-Nederland', host: 'vakmanschap-en-veiligheid-midden-nederland.example', issued: '2024-05-02T10:00:00Z', expires: '2025-05-02T10:00:00Z', description: 'Werkt veilig op een steiger en een ladder.' },
  ];
  await own(page, served, web, badges);
  const verdict = (other: Page): Promise<unknown> => expect(other.getByText(/^(Wie dit laat zien|Who shows this)/).first()).toBeVisible();
  const home = (): Promise<void> => page.getByRole('button', { name: 'Terug' }).click();

  const one = await share(page, ['Barista'], { words: 'Dit kan ik goed.' });
  await home();
  await look('one', one, verdict);

  const many = await share(page, ['Barista', 'Taalmaatje', 'Fietsmaker', 'Veilig werken'], { title: 'Mijn werk', words: 'Ik werk graag in een team.\nVraag me gerust om meer.' });
  await home();
  await look('many', many, verdict);
  await look('many.open', many, async (other) => {
    await verdict(other);
    await other.locator('ol li button').first().click();
    const closed = other.locator('ol li').first().locator('button[aria-expanded="false"]');
    while ((await closed.count()) > 0) await closed.first().click();
  });

  const locked = await share(page, ['Barista'], { passcode: 'koffie7' });
  await home();
  await look('passcode', locked, async (other) => {
    await other.locator('input').fill('thee123');
    await other.locator('form button[type="submit"]').click();
    await expect(other.getByRole('alert').filter({ hasText: /9/ })).toBeVisible();
  });

  const stopped = await share(page, ['Taalmaatje']);
  await page.locator('[data-opener="stop"]').click();
  await page.getByRole('button', { name: 'Ja, stoppen' }).click();
  await expect(page.locator('main').getByText('Gestopt.')).toBeVisible();
  await look('stopped', stopped, (other) => expect(other.getByRole('alert')).toBeVisible());

  await look('paste', `${new URL(stopped).origin}/v`, async (other) => {
    await other.locator('form button[type="submit"]').click();
    await expect(other.getByRole('alert').filter({ hasText: /./ })).toBeVisible();
  });
}
