// A whole set from one specification: issuers, lists, badges, files.

import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

import {bakePng, bakeSvg, drawPng, drawSvg} from './bake.mjs';
import {makeBadge} from './badges.mjs';
import {makeIssuer} from './issuers.mjs';
import {publishList} from './status.mjs';
import {Web} from './web.mjs';

/** The forms a badge can be written in: the file's ending and its bytes. */
const FORMS = {
  json: ({text}) => ['json', text],
  jwt: ({text}) => ['jwt', text],
  png: ({text, word, png}) => ['png', bakePng(png, word, text)],
  'png-compressed': ({text, word, png}) => ['compressed.png', bakePng(png, word, text, 'iTXt-compressed')],
  'png-text': ({text, word, png}) => ['text.png', bakePng(png, word, text, 'tEXt')],
  'png-ztxt': ({text, word, png}) => ['ztxt.png', bakePng(png, word, text, 'zTXt')],
  'png-address': ({url, word, png}) => ['address.png', bakePng(png, word, url, 'tEXt')],
  svg: ({text, element, svg, jws}) => ['svg', bakeSvg(svg, element, text, {how: jws ? 'verify' : 'cdata'})],
  'svg-escaped': ({text, element, svg}) => ['escaped.svg', bakeSvg(svg, element, text, {how: 'escaped', prefix: 'ob'})],
  'svg-address': ({url, element, svg}) => ['address.svg', bakeSvg(svg, element, url, {how: 'verify'})],
};

/** Makes everything that `spec` asks for. `files` are by name, `web` by address. */
export async function makeSet(spec) {
  const web = new Web();
  const issuers = new Map();
  for (const [name, issuer] of Object.entries(spec.issuers)) {
    issuers.set(name, await makeIssuer(issuer, web));
  }
  const lists = new Map(Object.entries(spec.lists ?? {}));
  for (const list of lists.values()) {
    if (list.published !== false) {
      await publishList(list, issuers.get(list.issuer), web);
    }
  }
  for (const [url, document] of Object.entries(spec.documents ?? {})) {
    web.put(url, document);
  }
  const files = new Map();
  const index = {issuers: Object.fromEntries([...issuers].map(([name, {id}]) => [name, id])), badges: {}};
  for (const badge of spec.badges) {
    const made = await makeBadge(badge, {issuers, lists, web});
    const jws = typeof made.payload === 'string';
    const text = jws ? made.payload : JSON.stringify(made.payload, null, badge.compact ? 0 : 2);
    const png = badge.png ?? drawPng();
    const svg = badge.svg ?? drawSvg();
    const word = made.standard === 2 ? 'openbadges' : 'openbadgecredential';
    const element = made.standard === 2 ? 'assertion' : 'credential';
    const forms = badge.as ?? [jws ? 'jwt' : 'json'];
    const written = {};
    for (const form of forms) {
      const [ending, bytes] = FORMS[form]({text, jws, url: made.url, word, element, png, svg});
      written[form] = `${badge.name}.${ending}`;
      files.set(written[form], bytes);
    }
    index.badges[badge.name] = {issuer: made.issuer, id: made.id, ...(made.url ? {url: made.url} : {}), files: written};
  }
  return {files, web, index, issuers};
}

/** Writes a set: files, `web/`, `index.json`. */
export async function writeSet({files, web, index}, directory) {
  await mkdir(directory, {recursive: true});
  for (const [name, bytes] of files) {
    await writeFile(join(directory, name), bytes);
  }
  await web.write(join(directory, 'web'));
  await writeFile(join(directory, 'index.json'), JSON.stringify(index, null, 2) + '\n');
}
