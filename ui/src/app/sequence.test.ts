import { describe, expect, it } from 'vitest';
import { pace, Sequence } from './sequence';

describe('a sequence of codes', () => {
  it('shows eight a second and starts over', () => {
    const sequence = new Sequence(3, pace(false));
    expect([0, 124, 125, 249, 250, 374, 375].map((now) => sequence.at(now))).toEqual([0, 0, 1, 1, 2, 2, 0]);
  });
  it('shows every code, also after slow frames', () => {
    const sequence = new Sequence(4, 8);
    const shown = [0, 300, 600, 900, 1200].map((now) => sequence.at(now));
    expect(shown).toEqual([0, 1, 2, 3, 0]);
  });
  it('does not hurry after a pause', () => {
    const sequence = new Sequence(10, 8);
    sequence.at(0);
    sequence.at(10_000);
    const burst = [10_016, 10_032, 10_048].map((now) => sequence.at(now));
    expect(new Set(burst).size).toBeLessThanOrEqual(2);
  });
  it('is slow for who asked for calm', () => {
    expect(pace(true)).toBe(1);
    expect(new Sequence(0, 1).at(5)).toBe(0);
  });
});
