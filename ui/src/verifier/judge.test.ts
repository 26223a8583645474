import { describe, expect, it } from 'vitest';
import type { Document, Need } from './host';
import { Documents, judgeBadge, type Judged } from './judge';

/** A verdict that rests on a chain of so many documents. */
const chain = (length: number) => (json: string): Judged => {
  const documents = JSON.parse(json) as Document[];
  const needs = documents.length < length ? [{ purpose: 'issuer', url: `https://a.example/${String(documents.length)}` }] : [];
  return { needs } as unknown as Judged;
};

describe('the loop', () => {
  it('fetches what is missing, each once', async () => {
    const asked: Need[] = [];
    const documents = new Documents((need) => {
      asked.push(need);
      return Promise.resolve({ ...need, answer: null });
    });
    const late = Date.now() + 5000;
    expect((await judgeBadge(chain(3), documents, late)).needs).toEqual([]);
    await judgeBadge(chain(3), documents, late);
    expect(asked.map((need) => need.url)).toEqual(['https://a.example/0', 'https://a.example/1', 'https://a.example/2']);
  });
  it('ends, however long the chain', async () => {
    const documents = new Documents((need) => Promise.resolve({ ...need, answer: null }));
    expect((await judgeBadge(chain(99), documents, Date.now() + 5000)).needs).toHaveLength(1);
    expect((await judgeBadge(chain(3), documents, Date.now() - 1)).needs).toHaveLength(1);
  });
});
