import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

/** The page names the hash of each of its own files, so that one that was changed on its way is not run. */
function integrity(): Plugin {
  return {
    name: 'integrity',
    // From the files as they were written: later steps still change the code.
    writeBundle({ dir }) {
      if (!dir) return this.error('there is no folder to write to');
      const page = join(dir, 'verifier.html');
      const named = readFileSync(page, 'utf8').replace(/(?:src|href)="\/v\/([^"]+)"/g, (attribute, name: string) => {
        const hash = createHash('sha384').update(readFileSync(join(dir, name))).digest('base64');
        return `${attribute} integrity="sha384-${hash}"`;
      });
      writeFileSync(page, named);
    },
  };
}

/** Beside each file that it makes shorter, the same for browsers that take it so: the host has no time to pack this small. */
function packed(): Plugin {
  return {
    name: 'packed',
    writeBundle({ dir }) {
      if (!dir) return this.error('there is no folder to write to');
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|wasm)$/.test(name)) continue;
        const bytes = readFileSync(join(dir, name));
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
      }
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
    packed(),
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
