import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The unit tests reach no screen; without the compiler they also end at once.
  plugins: process.env.VITEST ? [] : [
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/paraglide',
      // The wallet remembers the language; the page keeps nothing on disk.
      strategy: ['globalVariable', 'baseLocale'],
      isServer: 'false',
      emitReadme: false,
    }),
    svelte(),
  ],
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  build: {
    // The oldest web views we promise: Android's Chromium 123, WebKit 17.5 (light-dark, view transitions degrade).
    target: ['chrome123', 'safari17.5'],
    // The Content-Security-Policy allows no data: fonts and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    environment: 'node',
  },
});
