import { describe, expect, it } from 'vitest';
import { sentences, voiceFor } from './speech';

const voice = (lang: string, more: Partial<SpeechSynthesisVoice> = {}): SpeechSynthesisVoice =>
  ({ lang, name: lang, voiceURI: lang, default: false, localService: true, ...more });

describe('reading aloud', () => {
  it('goes sentence by sentence', () => {
    expect(sentences(['Echt en geldig.', 'Komt van x.example, noemt zich Y. Klaar!', ''])).toEqual(['Echt en geldig.', 'Komt van x.example, noemt zich Y.', 'Klaar!']);
  });
  it('takes a voice of the language that is on the device', () => {
    const near = voice('nl_NL');
    const liked = voice('nl-BE', { default: true });
    expect(voiceFor('nl', [voice('en-GB'), near])).toBe(near);
    expect(voiceFor('nl', [near, liked])).toBe(liked);
  });
  it('takes none that would send the words elsewhere, or speaks another language', () => {
    expect(voiceFor('nl', [voice('nl-NL', { localService: false }), voice('en-GB')])).toBeUndefined();
  });
});
