import { describe, expect, it } from 'vitest';
import { artOf, hash } from './art';

describe('drawn art', () => {
  it('is FNV-1a, by its published answers', () => {
    expect(hash('')).toBe(0x811c9dc5);
    expect(hash('a')).toBe(0xe40c292c);
    expect(hash('foobar')).toBe(0xbf9cf968);
  });
  it('is the same for the same name, whatever its case and room', () => {
    expect(artOf('Barista').shape).toBe(artOf(' barista ').shape);
    expect(artOf('Barista').colour).toBe(artOf('BARISTA').colour);
  });
  it('is spread over shapes and colours', () => {
    const seen = Array.from({ length: 400 }, (_, number) => artOf(`Badge ${number}`));
    expect(new Set(seen.map((art) => art.shape)).size).toBe(6);
    expect(new Set(seen.map((art) => art.colour)).size).toBe(8);
  });
  it.each([['Barista', 'B'], ['Eerste hulp aan kinderen', 'EK'], ['3D-printen', '3P'], ['Élan', 'É'], ['…', ''], ['', ''], ['مهارة رقمية', 'مر']])('stands for %j with %j', (name, letters) => {
    expect(artOf(name).letters).toBe(letters);
  });
});
