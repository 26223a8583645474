import type { Language } from '../backend/types.gen';

/** The system's voice, as far as a web view gives it. */
export type Speech = Pick<SpeechSynthesis, 'speak' | 'cancel' | 'getVoices'>;

/** Some engines fall silent in a long utterance, so every sentence is its own. */
export function sentences(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(/(?<=[.!?])\s+/u)).map((sentence) => sentence.trim()).filter(Boolean);
}

/** A voice for the language: one on the device, for a voice elsewhere would hear what is read. */
export function voiceFor(language: Language, voices: readonly SpeechSynthesisVoice[]): SpeechSynthesisVoice | undefined {
  const speaks = voices.filter((voice) => voice.localService && voice.lang.toLowerCase().replace('_', '-').split('-')[0] === language);
  return speaks.find((voice) => voice.default) ?? speaks[0];
}

/** Reads the sentences one after the other, and says when it is done. */
export function read(speech: Speech, voice: SpeechSynthesisVoice, texts: readonly string[], done: () => void): void {
  speech.cancel();
  const spoken = sentences(texts).map((sentence) => Object.assign(new SpeechSynthesisUtterance(sentence), { voice, lang: voice.lang, rate: 0.95 }));
  spoken.at(-1)?.addEventListener('end', done);
  for (const utterance of spoken) {
    utterance.addEventListener('error', done);
    speech.speak(utterance);
  }
}
