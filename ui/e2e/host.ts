import type { BrowserContextOptions, Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, standing, test as base } from './wallet';

const root = resolve(import.meta.dirname, '../..');
const binary = process.env.BADGE_SHARE_HOST ?? join(root, 'target/debug/badge-share-host');

export interface HostOptions {
  /** The relay answers the hosts in this folder from files. */
  web?: string;
  /** Another host on this machine that it may ask. */
  local?: string;
  /** Under which people reach it, where something stands before it. */
  origin?: string;
}

/** A `badge-share-host` of its own, with a folder of its own. */
export class Host {
  url = '';
  #child: ChildProcess | undefined;
  readonly #data: string;
  readonly #options: HostOptions;
  constructor(data: string, options: HostOptions) {
    this.#data = data;
    this.#options = options;
  }

  /** At a free port; a second time, at the same one. */
  async start(): Promise<void> {
    const { web, origin, local } = this.#options;
    const listen = this.url ? new URL(this.url).host : '127.0.0.1:0';
    const flags = ['--listen', listen, '--data', this.#data, '--page', join(root, 'ui/dist-verifier'), ...(web ? ['--web', web] : []), ...(origin ? ['--origin', origin] : []), ...(local ? ['--local-origin', local] : [])];
    const child = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let said = '';
    child.stderr.on('data', (data) => (said += String(data)));
    this.url = await new Promise<string>((good, bad) => {
      let told = '';
      child.stdout.on('data', (data) => {
        told += String(data);
        const url = /listening on (http:\S+)/.exec(told)?.[1];
        if (url) good(url);
      });
      child.on('exit', (code) => bad(new Error(`badge-share-host ended with ${code}: ${said}`)));
      child.on('error', bad);
    });
  }

  /** At once, as a machine that fails. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.removeAllListeners('exit');
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }
}

interface Visit {
  /** The clock of the other's device; `null` for the real one. */
  now?: string | null;
  /** Before the link is opened. */
  before?: (page: Page) => Promise<unknown>;
}

interface Fixtures {
  /** Starts a share host; all are killed and removed after the test. */
  startHost: (options?: HostOptions) => Promise<Host>;
  host: Host;
  /** An empty folder in which issuers publish their keys; `host` answers from it. */
  web: string;
  /**
   * Opens a link in a browser of somebody else. After the test nothing may have been asked of anyone but the link's host, no
   * address may have held its secrets, and nothing may have been kept.
   */
  visit: (link: string, options?: BrowserContextOptions & Visit) => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  startHost: async ({}, use) => {
    const all: { host: Host; data: string }[] = [];
    await use(async (options = {}) => {
      const data = await mkdtemp(join(tmpdir(), 'badge-share-host-e2e-'));
      const host = new Host(data, options);
      all.push({ host, data });
      await host.start();
      return host;
    });
    for (const { host, data } of all) {
      await host.kill();
      await rm(data, { recursive: true, force: true });
    }
  },
  web: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'badge-wallet-web-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  host: async ({ startHost, web }, use) => use(await startHost({ web })),
  visit: async ({ browser, viewport, locale, colorScheme, timezoneId }, use) => {
    const visits: { link: string; page: Page; asked: string[]; wrong: string[] }[] = [];
    await use(async (link, { now = standing, before, ...options } = {}) => {
      const context = await browser.newContext({ viewport, locale, colorScheme, timezoneId, reducedMotion: 'reduce', acceptDownloads: true, ...options });
      const page = await context.newPage();
      const visit = { link, page, asked: [] as string[], wrong: [] as string[] };
      visits.push(visit);
      page.on('request', (request) => visit.asked.push(request.url() + (request.headers().referer ?? '')));
      page.on('pageerror', (error) => visit.wrong.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && /Content[- ]Security|Refused to|integrity/i.test(message.text())) visit.wrong.push(message.text());
      });
      if (now) await page.clock.setFixedTime(now);
      await before?.(page);
      await page.goto(link);
      return page;
    });
    for (const { link, page, asked, wrong } of visits) {
      expect(wrong).toEqual([]);
      const { origin, hash } = new URL(link);
      const secrets = hash.slice(1).split('.').slice(1).filter((part) => part.length > 8);
      expect(asked.filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== origin)).toEqual([]);
      expect(asked.filter((url) => secrets.some((secret) => url.includes(secret)))).toEqual([]);
      if (page.isClosed()) continue;
      expect(new URL(page.url()).hash).toBe('');
      expect(await page.context().cookies()).toEqual([]);
      const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, 'caches' in globalThis ? (await caches.keys()).length : 0]);
      expect(kept).toEqual([0, 0, 0, 0]);
      await page.context().close();
    }
  },
});
export { expect };
