// A baker of our tests' own: writes the chunks and elements of the standard with nothing but node's zlib.

import {crc32, deflateSync} from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

function chunk(type, data) {
  const head = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  head.copy(out, 4);
  out.writeUInt32BE(crc32(head) >>> 0, 8 + data.length);
  return out;
}

/** A square PNG of `size` pixels: a ring of `colour` around a paler middle, so that pictures differ. */
export function drawPng(size = 96, colour = [122, 62, 29]) {
  const rows = Buffer.alloc(size * (1 + size * 4));
  const middle = (size - 1) / 2;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const r = Math.hypot(x - middle, y - middle) / middle;
      const at = y * (1 + size * 4) + 1 + x * 4;
      const [red, green, blue] = r > 0.78 ? colour : colour.map(c => Math.round(255 - (255 - c) * 0.2));
      rows.set([red, green, blue, r <= 1 ? 255 : 0], at);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** Puts `text` under `keyword` before the first IDAT. `how`: `iTXt`, `iTXt-compressed`, `tEXt`, `zTXt`. */
export function bakePng(png, keyword, text, how = 'iTXt') {
  const word = Buffer.from(keyword, 'latin1');
  const utf8 = Buffer.from(text, 'utf8');
  const zero = Buffer.from([0]);
  const data = {
    'iTXt': () => Buffer.concat([word, Buffer.from([0, 0, 0, 0, 0]), utf8]),
    'iTXt-compressed': () => Buffer.concat([word, Buffer.from([0, 1, 0, 0, 0]), deflateSync(utf8)]),
    'tEXt': () => Buffer.concat([word, zero, Buffer.from(text, 'latin1')]),
    'zTXt': () => Buffer.concat([word, Buffer.from([0, 0]), deflateSync(Buffer.from(text, 'latin1'))]),
  }[how]();
  const type = how.slice(0, 4);
  let at = SIGNATURE.length;
  while (png.toString('latin1', at + 4, at + 8) !== 'IDAT') {
    at += 12 + png.readUInt32BE(at);
  }
  return Buffer.concat([png.subarray(0, at), chunk(type, data), png.subarray(at)]);
}

const escape = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/**
 * Puts a badge into an SVG right after its `<svg …>`.
 * `element` is `credential` (3.0) or `assertion` (2.0); `how`: `cdata`, `escaped`, `verify` (attribute only).
 */
export function bakeSvg(svg, element, text, {how = 'cdata', prefix = 'openbadges'} = {}) {
  const namespace = element === 'credential' ? 'https://purl.imsglobal.org/ob/v3p0' : 'http://openbadges.org';
  const open = svg.match(/<svg\b[^>]*>/);
  const body =
    how === 'verify' ? `<${prefix}:${element} verify="${escape(text)}"/>`
    : how === 'escaped' ? `<${prefix}:${element}>${escape(text)}</${prefix}:${element}>`
    : `<${prefix}:${element}><![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${prefix}:${element}>`;
  const start = open[0].replace(/^<svg/, `<svg xmlns:${prefix}="${namespace}"`);
  return svg.replace(open[0], () => `${start}${body}`);
}

export function drawSvg(colour = '#0E6B74') {
  return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="200" height="200">'
    + `<circle cx="50" cy="50" r="46" fill="${colour}"/><circle cx="50" cy="50" r="38" fill="#fff"/></svg>`;
}

/** The text of the first uncompressed iTXt badge in a PNG. */
export function unbakePng(png) {
  for (let at = SIGNATURE.length; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    if (png.toString('latin1', at + 4, at + 8) === 'iTXt' && data.toString('latin1').startsWith('openbadge')) {
      return data.subarray(data.indexOf(0) + 5);
    }
  }
  throw new Error('no badge in this PNG');
}
