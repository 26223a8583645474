import type { Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, test as base } from './host';
import { standing } from './wallet';

const root = resolve(import.meta.dirname, '../..');
const binary = process.env.DEMO_CITY ?? join(root, 'target/debug/demo-city');

/** A demo city of its own. Nothing it is told outlives it. */
export class City {
  url = '';
  #child: ChildProcess | undefined;
  readonly #mode: string | undefined;
  constructor(mode?: string) {
    this.#mode = mode;
  }

  /** At a free port; a second time, at the same one. Its days are counted from the tests' standing clock. */
  async start(): Promise<void> {
    const listen = this.url ? new URL(this.url).host : '127.0.0.1:0';
    const child = spawn(binary, ['--listen', listen, '--now', standing, ...(this.#mode ? ['--mode', this.#mode] : [])], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let said = '';
    this.url = await new Promise<string>((good, bad) => {
      const hear = (data: unknown): void => {
        said += String(data);
        const url = /listening on (http:\/\/[^\s/]+)/.exec(said)?.[1];
        if (url) good(url);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('exit', (code) => bad(new Error(`demo-city ended with ${code}: ${said}`)));
      child.on('error', bad);
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.removeAllListeners('exit');
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }
}

interface Fixtures {
  /** Starts a city; all are stopped after the test. */
  startCity: (mode?: string) => Promise<City>;
  city: City;
}

export const test = base.extend<Fixtures>({
  startCity: async ({}, use) => {
    const all: City[] = [];
    await use(async (mode) => {
      const city = new City(mode);
      all.push(city);
      await city.start();
      return city;
    });
    for (const city of all) await city.stop();
  },
  city: async ({ startCity }, use) => use(await startCity()),
});
export { expect, standing };

/** To Ontdek. */
export async function toDiscover(page: Page): Promise<void> {
  await page.locator('[data-opener="tab-discover"]').click();
  await expect(page.locator('[data-opener="tab-discover"]')).toHaveAttribute('aria-current', 'page');
}

/** Chooses the city that this wallet knows of, and waits until all of it is here. */
export async function chooseCity(page: Page): Promise<void> {
  await toDiscover(page);
  await page.getByRole('button', { name: /^Demostad Utrecht/ }).click();
  await expect(page.locator('[data-opener^="activity-"]').first()).toBeVisible({ timeout: 30_000 });
}
