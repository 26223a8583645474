import { describe, expect, it } from 'vitest';
import { readLink, readPasted } from './link';

const id = 'A'.repeat(22);
const key = 'b-_'.repeat(14) + 'c';

describe('the part after the #', () => {
  it('is an id and a key', () => {
    expect(readLink(`#1.${id}.${key}`)).toEqual({ kind: 'link', id, key });
  });
  it('may be cut off, edited, of a later version, or absent', () => {
    expect(readLink('')).toEqual({ kind: 'none' });
    expect(readLink('#')).toEqual({ kind: 'none' });
    expect(readLink(`#2.${id}.${key}`)).toEqual({ kind: 'newer' });
    for (const text of [`#1.${id}`, `#1.${id}.${key.slice(1)}`, `#1.${id}.${key}x`, `#1..${key}`, `#1.${id}.${key.slice(1)}=`, '#top']) {
      expect(readLink(text)).toEqual({ kind: 'broken' });
    }
  });
});

describe('a pasted link', () => {
  const own = 'https://delen.example';
  it('may be of this host or of another', () => {
    expect(readPasted(` ${own}/v#1.${id}.${key}\n`, own)).toEqual({ kind: 'link', id, key });
    expect(readPasted(`https://elders.example/v#1.${id}.${key}`, own)).toEqual({ kind: 'link', id, key, host: 'https://elders.example' });
  });
  it('is refused where it is none', () => {
    for (const text of ['', 'hallo', `javascript:alert(1)/v#1.${id}.${key}`, `https://elders.example/x#1.${id}.${key}`, 'https://elders.example/v']) {
      expect(readPasted(text, own)).toEqual({ kind: 'none' });
    }
    expect(readPasted(`https://elders.example/v#1.${id}`, own)).toEqual({ kind: 'broken' });
  });
});
