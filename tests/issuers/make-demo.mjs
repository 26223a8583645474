#!/usr/bin/env node
// Makes the demo of wallet-core/demo anew: badges, the web they need, and index.json. The keys are gone when this ends.
// Its city is left as it is: the demo city writes that one.

import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {png} from './demo/art.mjs';
import demo, {expected, known} from './demo/spec.mjs';
import {makeSet} from './lib/set.mjs';

const folder = fileURLToPath(new URL('../../wallet-core/demo', import.meta.url));
const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');

const set = await makeSet(demo);
for (const badge of demo.badges) {
  if (badge.art) {
    const host = demo.issuers[badge.issuer].host;
    set.web.put(`https://${host}/pictures/${badge.name}.png`, png(badge.art, 192));
  }
}

const made = ['badges', 'web'];
for (const part of made) {
  await rm(join(folder, part), {recursive: true, force: true});
}
await mkdir(join(folder, 'badges'), {recursive: true});
const badges = Object.entries(set.index.badges).map(([name, {files}]) => {
  const [verdict, reason] = expected[name];
  return {name, file: Object.values(files)[0], verdict, ...(reason ? {reason} : {})};
});
for (const {file} of badges) {
  await writeFile(join(folder, 'badges', file), set.files.get(file));
}
await set.web.write(join(folder, 'web'));

const within = await Promise.all(made.map(part => readdir(join(folder, part), {recursive: true, withFileTypes: true})));
const paths = within
  .flat()
  .filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
  .sort();
const files = {};
for (const path of paths) {
  files[path] = sha256(await readFile(join(folder, path)));
}
const index = {
  about: 'Demo badges of invented organisations, made by tests/issuers/make-demo.mjs; the keys were thrown away.',
  badges,
  known_issuers: known.map(name => ({id: set.index.issuers[name], name: demo.issuers[name].name})),
  practice_issuers: Object.values(set.index.issuers),
  files,
};
await writeFile(join(folder, 'index.json'), JSON.stringify(index, null, 2) + '\n');
