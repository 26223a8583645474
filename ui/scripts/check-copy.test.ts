import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
// @ts-expect-error plain JavaScript, run by node itself
import { checkCopy } from './check-copy.mjs';

type Finding = { level: string; key: string; text: string };
const look = (key: string, nl: string, en = nl): Finding[] => checkCopy({ [key]: nl }, { [key]: en }, { [key]: 'here' });
const errors = (key: string, nl: string, en?: string): string[] => look(key, nl, en).filter((one) => one.level === 'error').map((one) => one.text);

describe('the copy lint', () => {
  it('refuses long sentences, titles and buttons', () => {
    expect(errors('a_text', 'een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien.')).toHaveLength(1);
    expect(errors('a_title', 'een twee drie vier vijf zes zeven')).toHaveLength(1);
    expect(errors('a_title', 'De badge is niet veranderd. Wie hem gaf, is niet bekend.')).toHaveLength(0);
    expect(errors('a_button', 'Bewaar deze ene badge')).toHaveLength(1);
    expect(errors('a_button', 'Badge bewaren')).toHaveLength(1);
    expect(errors('a_button', 'Bewaar badge')).toHaveLength(0);
  });
  it.each(['De server is weg.', 'Je credentials zijn er.', 'Verificatie mislukt.', 'Metadata staat onderaan.'])('refuses %j', (text) => {
    expect(errors('a_text', text)).toHaveLength(1);
  });
  it('refuses "u", but not a word with a u', () => {
    expect(errors('a_text', 'Kunt u dit lezen?')).toHaveLength(1);
    expect(errors('a_text', 'Uw badge.')).toHaveLength(1);
    expect(errors('a_text', 'Utrecht duurt een uur.')).toHaveLength(0);
  });
  it('wants the same keys and placeholders, a note, and names that stand alone', () => {
    expect(errors('a_text', 'Van {naam}.', 'From {name}.')).toHaveLength(1);
    expect(errors('a_text', 'De {naam}badge.')).toHaveLength(1);
    expect(checkCopy({ a: 'x' }, {}, {}).map((one: Finding) => one.text)).toHaveLength(2);
  });
  it('finds nothing wrong in our own copy', () => {
    const read = (name: string): object => JSON.parse(readFileSync(new URL(`../messages/${name}.json`, import.meta.url), 'utf8'));
    expect(checkCopy(read('nl'), read('en'), read('notes')).filter((one: Finding) => one.level === 'error')).toEqual([]);
  });
});
