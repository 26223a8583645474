#!/usr/bin/env node
// issue.mjs [SPEC.json|-] OUT-DIRECTORY: makes the badges that a specification lists, with fresh keys, and the web they need.

import {readFile} from 'node:fs/promises';
import {text} from 'node:stream/consumers';

import {makeSet, writeSet} from './lib/set.mjs';

const [from, to] = process.argv.slice(2);
if (!from || !to) {
  console.error('usage: issue.mjs SPEC.json|- OUT-DIRECTORY');
  process.exit(64);
}
const spec = JSON.parse(from === '-' ? await text(process.stdin) : await readFile(from, 'utf8'));
await writeSet(await makeSet(spec), to);
