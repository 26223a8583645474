/** Drawn art for a badge without a picture: always the same drawing for the same name. */

export type Shape = 'hexagon' | 'circle' | 'square' | 'star' | 'shield' | 'flower';

export interface Art {
  shape: Shape;
  /** The index of a colour pair in `base.css`: `art-0` to `art-7`. */
  colour: number;
  /** One or two letters that stand for the name. */
  letters: string;
}

const shapes: readonly Shape[] = ['hexagon', 'circle', 'square', 'star', 'shield', 'flower'];
const colours = 8;

/** FNV-1a over UTF-8, 32 bits: small, stable, and not for security. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value ^= byte;
    value = Math.imul(value, 0x01000193);
  }
  return value >>> 0;
}

/** The drawing of a name. */
export function artOf(name: string): Art {
  const key = hash(name.normalize('NFC').trim().toLocaleLowerCase('und'));
  const words = name.trim().split(/[\s\-–—/]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = (word: string | undefined): string => word?.match(/[\p{L}\p{N}]/u)?.[0]?.toLocaleUpperCase('und') ?? '';
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return {
    shape: shapes[key % shapes.length] ?? 'circle',
    colour: Math.floor(key / shapes.length) % colours,
    letters: first(words[0]) + first(last),
  };
}
