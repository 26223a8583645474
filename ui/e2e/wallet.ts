import { expect, test as base, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
export const binary = process.env.BADGE_WALLET ?? join(root, 'target/debug/badge-wallet');
export const demoWeb = join(root, 'wallet-core/demo/web');
export const demoBadge = (name: string): string => join(root, 'wallet-core/demo/badges', name);
/** When it is in the tests. */
export const standing = '2026-11-23T12:00:00Z';
export const passphrase = 'vijf blauwe fietsen zingen zacht vandaag';

export interface Options {
  /** Handed over as by another app. */
  open?: string;
  /** Requests are answered from these files; without them nothing answers. */
  web?: string;
  /** Where its share links live. */
  host?: string;
  /** A city on this machine that it offers. */
  city?: string;
  /** Another server on this machine that it may ask. */
  local?: string;
  /** Its standing clock; `null` for the real one. */
  now?: string | null;
}

/** A `badge-wallet serve` of its own, with a folder of its own, without a key store. */
export class Served {
  url = '';
  #child: ChildProcess | undefined;
  readonly home: string;
  readonly #options: Options;
  constructor(home: string, options: Options) {
    this.home = home;
    this.#options = options;
  }

  async start(): Promise<void> {
    const environment = { ...process.env };
    // No key store in tests: the wallet is made with a passphrase, as on a machine without one.
    delete environment.DBUS_SESSION_BUS_ADDRESS;
    delete environment.XDG_RUNTIME_DIR;
    // A standing clock: a screenshot says "Vandaag" on any day.
    const { open, web, host, city, local, now = standing } = this.#options;
    if (host) environment.BADGE_WALLET_SHARE_HOST = host;
    else delete environment.BADGE_WALLET_SHARE_HOST;
    if (city) environment.BADGE_WALLET_CITY = city;
    else delete environment.BADGE_WALLET_CITY;
    if (local) environment.BADGE_WALLET_LOCAL_ORIGINS = local;
    else delete environment.BADGE_WALLET_LOCAL_ORIGINS;
    const globals = [...(web ? ['--web', web] : []), ...(now ? ['--now', now] : []), '--json'];
    const child = spawn(binary, ['--home', this.home, ...globals, 'serve', '--port', '0', ...(open ? ['--open', open] : [])], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let said = '';
    child.stderr.on('data', (data) => (said += String(data)));
    this.url = await new Promise<string>((good, bad) => {
      let told = '';
      child.stdout.on('data', (data) => {
        told += String(data);
        const url = /"url":\s*"([^"]+)"/.exec(told)?.[1];
        if (url) good(url);
      });
      child.on('exit', (code) => bad(new Error(`badge-wallet serve ended with ${code}: ${said}`)));
      child.on('error', bad);
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    child.removeAllListeners('exit');
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }
}

interface Fixtures {
  /** Starts another wallet; all are stopped and removed after the test. */
  serve: (options?: Options) => Promise<Served>;
  served: Served;
  /** Violations of the Content-Security-Policy and errors of the page: none, in every test. */
  clean: void;
}

export const test = base.extend<Fixtures>({
  serve: async ({}, use) => {
    const all: Served[] = [];
    await use(async (options = {}) => {
      const served = new Served(await mkdtemp(join(tmpdir(), 'badge-wallet-e2e-')), options);
      all.push(served);
      await served.start();
      return served;
    });
    for (const served of all) {
      await served.stop();
      await rm(served.home, { recursive: true, force: true });
    }
  },
  served: async ({ serve }, use) => use(await serve()),
  clean: [
    async ({ page }, use) => {
      const wrong: string[] = [];
      page.on('pageerror', (error) => wrong.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && /Content[- ]Security|Refused to/i.test(message.text())) wrong.push(message.text());
      });
      await use();
      expect(wrong).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };

/** From the welcome screen into the wallet: Begin, and a passphrase. */
export async function enter(page: Page, served: Served): Promise<void> {
  await page.goto(served.url);
  await welcome(page);
}

/** From the welcome screen that is there. */
export async function welcome(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Begin|Start)$/ }).click();
  await page.getByLabel(/^(Wachtzin|Passphrase)$/).fill(passphrase);
  await page.getByRole('button', { name: /^(Ga verder|Continue)$/ }).click();
}

/** The same, to the empty list. */
export async function begin(page: Page, served: Served): Promise<void> {
  await enter(page, served);
  await expect(page.getByRole('heading', { name: /^(Hier komen je badges|Your badges will be here)/ })).toBeVisible();
}

/** A wallet with the demo in it. */
export async function demo(page: Page, served: Served): Promise<void> {
  await begin(page, served);
  await page.getByRole('button', { name: /^(Bekijk een demo|See a demo)$/ }).click();
  // The demo comes in badge by badge.
  await expect(page.locator('[data-opener^="badge-"]')).toHaveCount(12, { timeout: 60_000 });
}

interface Handed {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Opens the add sheet and picks files. */
export async function pick(page: Page, files: string | string[] | Handed | Handed[]): Promise<void> {
  await page.locator('[data-opener="add"]').click();
  await page.locator('dialog input[data-picker]').setInputFiles(files);
}

/** Letters twice as large, as a person's own setting makes them: on the page that is there, and on every later one from its start. */
export async function doubleText(page: Page): Promise<void> {
  const double = (): void => {
    const set = (): boolean => {
      if (document.documentElement) document.documentElement.style.fontSize = '200%';
      return !!document.documentElement;
    };
    if (set()) return;
    const watch = new MutationObserver(() => { if (set()) watch.disconnect(); });
    watch.observe(document, { childList: true });
  };
  await page.addInitScript(double);
  await page.evaluate(double);
}

/** Every word 40 % longer, as in a language that needs more letters. The answer gives the words back. */
export async function stretch(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const before = new Map<Text, string>();
    for (let text = texts.nextNode() as Text | null; text; text = texts.nextNode() as Text | null) {
      if (text.parentElement?.closest('svg, style, [data-art]')) continue;
      before.set(text, text.data);
      text.data = text.data.replace(/\p{L}+/gu, (word) => word + word.slice(0, Math.ceil(word.length * 0.4)).toLowerCase());
    }
    Object.assign(window, { unstretch: () => before.forEach((data, text) => (text.data = data)) });
  });
  return () => page.evaluate(() => (window as unknown as { unstretch: () => void }).unstretch());
}

/** From right to left, as in Arabic: everything but the letters. */
export async function rightToLeft(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
}

/** Nothing sticks out sideways. */
export async function expectNoSideways(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

/** Gives a host at a port of this test the same name in every picture. */
export async function nameHost(page: Page, url: string): Promise<void> {
  await page.evaluate((host) => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode() as Text | null; text; text = texts.nextNode() as Text | null) {
      if (text.data.includes(host)) text.data = text.data.replaceAll(host, 'delen.voorbeeld.example');
    }
  }, new URL(url).host);
}

/** Letters loaded and every movement that ends, ended. */
export async function still(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const ending = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map((animation) => animation.finished));
  });
}

const button = (page: Page, opener: string) => page.locator(`[data-opener="${opener}"]`);
const back = async (page: Page): Promise<void> => {
  await page.locator('header button').first().click();
};

/** From two badges to a link with a passcode, whose address is the answer. The wallet has a host. */
async function everyStepOfALink(page: Page, settled: (name: string) => Promise<void>): Promise<string> {
  await button(page, 'choose').click();
  for (const place of [0, 1]) await page.getByRole('checkbox').nth(place).check();
  await page.locator('footer button').last().click();
  await page.getByRole('radio').last().check();
  await page.getByRole('switch').last().click();
  await page.locator('input[type="password"]').fill('koffie7');
  await expect(page.locator('ol li')).toHaveCount(2);
  await page.evaluate(() => { (document.activeElement as HTMLElement).blur(); window.scrollTo(0, 0); });
  await settled('share');
  await page.locator('footer button').click();
  await expect(page.locator('article')).toHaveCount(2);
  await settled('share_preview');
  await page.locator('footer button').last().click();
  await expect(page.locator('.code svg')).toBeVisible();
  await settled('link');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('footer button').last().click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  // What was said goes by itself, and would stand in the pictures that follow.
  await expect(page.locator('.notice')).toHaveCount(0);
  await back(page);
  return link;
}

/** Every screen, reached as a person reaches it. `visit` is called on each. */
export async function everyScreen(page: Page, visit: (name: string) => Promise<void>): Promise<void> {
  const settled = async (name: string): Promise<void> => {
    await still(page);
    await visit(name);
  };
  await settled('badges');
  const first = page.locator('[data-opener^="badge-"]').first();
  await first.click();
  await expect(button(page, 'show')).toBeVisible();
  await settled('badge');
  // Each one that opens leaves the list, so always the first that is still closed.
  const closed = page.locator('main button[aria-expanded="false"]');
  while ((await closed.count()) > 0) await closed.first().click();
  await settled('badge.open');
  await button(page, 'menu').click();
  await settled('badge.menu');
  await page.keyboard.press('Escape');
  await button(page, 'show').click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('.code svg, main button').first()).toBeVisible();
  await settled('code');
  await back(page);
  await back(page);

  await button(page, 'choose').click();
  await settled('choose');
  await back(page);

  const link = await everyStepOfALink(page, settled);

  await button(page, 'add').click();
  await settled('add');
  await page.keyboard.press('Escape');
  await pick(page, demoBadge('fietsmaker.png'));
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(/^(Mijn badges|My badges)$/);
  await settled('incoming.known');
  await page.locator('footer button').last().click();
  await pick(page, { name: 'leeg.txt', mimeType: 'text/plain', buffer: Buffer.from('geen badge') });
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(/^(Mijn badges|My badges)$/);
  await settled('incoming.refused');
  await page.locator('footer button').last().click();

  await button(page, 'add').click();
  await page.locator('dialog').getByRole('button', { name: /^(Plak een link|Paste a link)/ }).click();
  await settled('paste');
  await page.locator('footer button').click();
  await settled('paste.error');
  await page.locator('textarea').fill(link);
  await page.locator('footer button').click();
  await expect(page.locator('input[type="password"]')).toBeVisible();
  await settled('open_share');
  await back(page);
  await button(page, 'add').click();
  await page.locator('dialog').getByRole('button', { name: /^(Scan een code|Scan a code)/ }).click();
  // There is no camera here, and the screen says so.
  await expect(page.locator('main [role="alert"] h2')).toBeVisible();
  await settled('scan');
  await back(page);
  await button(page, 'add').click();
  await page.locator('dialog').getByRole('button', { name: /^(Controleer een badge|Check a badge)/ }).click();
  await settled('check');
  await page.locator('main input[data-picker]').setInputFiles(demoBadge('welkom-in-de-buurt.json'));
  await expect(page.locator('article')).toBeVisible();
  await settled('shown');
  await back(page);

  await button(page, 'tab-more').click();
  await settled('more');
  for (const name of ['links', 'addresses', 'issuers', 'history', 'export', 'lock', 'language', 'host', 'theme', 'about', 'accessibility', 'licences', 'erase']) {
    // The list of links is drawn twice: as it is here, and as the hosts say it is.
    const asked = name === 'links' ? page.waitForResponse(/refresh_shares/) : undefined;
    await button(page, name).click();
    await asked;
    await expect(page.locator('header h1')).toBeVisible();
    await expect(page.locator('[aria-hidden] .tile, main > .row[aria-hidden]')).toHaveCount(0);
    if (name === 'links') await expect(page.locator('[data-opener^="link-"]').first()).toBeVisible();
    // The port of a test is another one each time.
    if (name === 'host') {
      await page.locator('main input').fill('delen.voorbeeld.example');
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    }
    await settled(name);
    if (name === 'erase') {
      await page.locator('footer button').last().click();
      await settled('erase.question');
      await page.keyboard.press('Escape');
    }
    await back(page);
    await expect(button(page, name)).toBeVisible();
  }
}
