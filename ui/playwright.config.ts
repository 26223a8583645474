import { defineConfig } from '@playwright/test';

/**
 * The UI in Debian's Chromium against the real `badge-wallet serve`, a real share host and a real demo city. Build them first (`make
 * test` does). Answers are put in the core's place only where those do not come by asking: a refusal at a certain moment, an answer
 * that is late, and what needs a key store, which there is none of here (being signed in to a city, and what follows from it).
 */
export default defineConfig({
  testDir: './e2e',
  outputDir: './test-results',
  snapshotPathTemplate: '{testDir}/screenshots/{arg}{ext}',
  timeout: 90_000,
  expect: { timeout: 15_000, toHaveScreenshot: { maxDiffPixelRatio: 0.002, animations: 'disabled' } },
  fullyParallel: true,
  workers: 2,
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
  use: {
    viewport: { width: 360, height: 740 },
    locale: 'nl-NL',
    timezoneId: 'Europe/Amsterdam',
    reducedMotion: 'reduce',
    acceptDownloads: true,
    actionTimeout: 15_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--font-render-hinting=none', '--disable-lcd-text'],
    },
  },
  projects: [
    { name: 'journeys', testDir: './e2e/journeys' },
    { name: 'a11y', testDir: './e2e/a11y' },
    { name: 'visual', testDir: './e2e/visual' },
  ],
});
