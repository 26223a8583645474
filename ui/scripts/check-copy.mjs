// The copy lint: plain Dutch that can be read aloud (B1), and two languages that hold the same keys and placeholders.
// Run: node scripts/check-copy.mjs. Errors fail; warnings are printed. A failing text is rewritten, never exempted.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Words that belong to engineers. Whole words, and the beginnings of compounds. */
export const banned = [
  'credential', 'issuer', 'holder', 'verifier', 'authenticatie', 'authenticeren', 'autorisatie', 'verificatie', 'verifiëren', 'valideren', 'attribuut',
  'metadata', 'cryptografisch', 'token', 'protocol', 'sessie', 'server', 'synchroniseren', 'optioneel', 'configureren', 'succesvol',
];
const bannedPattern = new RegExp(`(?<![\\p{L}])(${banned.join('|')})\\p{L}*`, 'giu');

/** First words of buttons: verbs, and the answers that repeat one. */
const verbs = new Set([
  'begin', 'bekijk', 'bewaar', 'controleer', 'deel', 'doe', 'ga', 'haal', 'kies', 'kijk', 'kopieer', 'laat', 'log', 'maak', 'lees', 'open', 'plak', 'print', 'probeer', 'scan', 'sluit', 'stop',
  'toon', 'typ', 'verander', 'verwijder', 'vertrouw', 'voeg', 'wis', 'zet', 'annuleren', 'ja', 'nee',
]);

/** The sentences of a text. "Let op:" and the like lead a sentence and do not count as part of it. */
export function sentences(text) {
  return text
    .split(/(?<=[.!?])\s+|(?<=:)\s+/u)
    .map((sentence) => sentence.trim())
    .filter(Boolean);
}

export function words(sentence) {
  // A placeholder is one word: what it holds is not ours.
  return sentence.replace(/\{\w+\}/g, 'x').split(/[\s·]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
}

export function placeholders(text) {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
}

/** All findings: `{ level, key, text }`. */
export function checkCopy(nl, en, notes) {
  const findings = [];
  const error = (key, text) => findings.push({ level: 'error', key, text });
  const warning = (key, text) => findings.push({ level: 'warning', key, text });
  const keys = (messages) => Object.keys(messages).filter((key) => !key.startsWith('$'));

  for (const key of keys(en)) if (!(key in nl)) error(key, 'is missing in nl.json');
  for (const key of keys(nl)) {
    const text = nl[key];
    if (!(key in en)) error(key, 'is missing in en.json');
    else if (placeholders(text).join() !== placeholders(en[key]).join()) error(key, 'has other placeholders in en.json');
    if (!notes[key]) error(key, 'has no note in notes.json that says where it appears');
    if (text.trim() === '') error(key, 'is empty');

    for (const match of text.matchAll(bannedPattern)) error(key, `says "${match[0]}"`);
    if (/(?<![\p{L}])(u|uw)(?![\p{L}])/iu.test(text)) error(key, 'says "u": write "je"');
    const title = key.endsWith('_title');
    const button = key.endsWith('_button');
    for (const sentence of sentences(text)) {
      const count = words(sentence).length;
      if (title && count > 6) error(key, `is a title of ${count} words: "${sentence}" (at most 6)`);
      else if (count > 15) error(key, `has a sentence of ${count} words: "${sentence}" (at most 15)`);
      else if (count > 12) warning(key, `has a sentence of ${count} words: "${sentence}" (better 12)`);
    }
    if (button) {
      const all = words(text);
      if (all.length > 3) error(key, `is a button of ${all.length} words (at most 3)`);
      const first = (all[0] ?? '').toLowerCase().replace(/[^\p{L}]/gu, '');
      if (!verbs.has(first)) error(key, `is a button that does not start with a known verb: "${text}"`);
    }
    // A name from a badge is never glued into a word.
    if (/[\p{L}\p{N}]\{\w+\}|\{\w+\}[\p{L}\p{N}]/u.test(text)) error(key, 'glues a placeholder to a word');
  }
  for (const key of Object.keys(notes)) if (!(key in nl)) warning(key, 'has a note but no text');
  return findings;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const read = (name) => JSON.parse(readFileSync(new URL(`../messages/${name}.json`, import.meta.url), 'utf8'));
  const findings = checkCopy(read('nl'), read('en'), read('notes'));
  for (const { level, key, text } of findings) console.log(`${level}: ${key} ${text}`);
  const errors = findings.filter((finding) => finding.level === 'error').length;
  console.log(`copy: ${errors} errors, ${findings.length - errors} warnings`);
  process.exitCode = errors > 0 ? 1 : 0;
}
