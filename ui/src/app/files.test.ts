import { describe, expect, it } from 'vitest';
import { fromBase64, readFile, toBase64 } from './files';
import { toLuma } from './scanner';

describe('bytes', () => {
  it('survive base64, also when they are many', () => {
    const bytes = Uint8Array.from({ length: 200_001 }, (_, at) => (at * 31) & 0xff);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    expect(toBase64(new Uint8Array())).toBe('');
  });
  it('of a file come with its name', async () => {
    const file = await readFile(new File(['abc'], 'b.png', { type: 'image/png' }));
    expect(file).toEqual({ name: 'b.png', bytes: 'YWJj', media_type: 'image/png' });
  });
  it('of a file that is far too large are not read at all', async () => {
    const file = Object.defineProperty(new File(['x'], 'big'), 'size', { value: 257 * 1024 * 1024 });
    await expect(readFile(file)).rejects.toMatchObject({ code: 'too_large' });
  });
});

describe('luma', () => {
  it('keeps black black and white white', () => {
    expect([...toLuma(new Uint8ClampedArray([0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 255]))]).toEqual([0, 255, 76]);
  });
});
