import { createHash } from 'node:crypto';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

/** The page names the hash of each of its own files, so that one that was changed on its way is not run. */
function integrity(): Plugin {
  return {
    name: 'integrity',
    enforce: 'post',
    generateBundle(_, bundle) {
      const page = bundle['verifier.html'];
      if (page?.type !== 'asset') return this.error('there is no page');
      page.source = String(page.source).replace(/<(script|link)([^>]*?)(?:src|href)="\/v\/([^"]+)"/g, (tag, _kind, _rest, name: string) => {
        const file = bundle[name];
        if (!file) return this.error(`the page names ${name}, which is not there`);
        const hash = createHash('sha384').update(file.type === 'chunk' ? file.code : file.source).digest('base64');
        return `${tag} integrity="sha384-${hash}"`;
      });
    },
  };
}

export default defineConfig({
  base: '/v/',
  publicDir: false,
  plugins: [
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/paraglide',
      // Nothing is kept on the other's device.
      strategy: ['globalVariable', 'baseLocale'],
      isServer: 'false',
      emitReadme: false,
    }),
    svelte(),
    integrity(),
  ],
  clearScreen: false,
  build: {
    outDir: 'dist-verifier',
    emptyOutDir: true,
    // A phone of five years ago.
    target: ['chrome109', 'safari15.4', 'firefox115'],
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: { input: 'verifier.html' },
  },
});
