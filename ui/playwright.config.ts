import { defineConfig } from '@playwright/test';

/** The UI in Debian's Chromium against the real `badge-wallet serve`: nothing is mocked. Build both first (`make test` does). */
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
