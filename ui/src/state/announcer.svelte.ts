/** What is said to screen readers, and the one short notice at the bottom of the screen. */
class Announcer {
  /** Read out when it changes. */
  spoken = $state('');
  notice = $state.raw<{ text: string; undo?: () => void } | undefined>();
  /** How high the actions at the bottom of this screen are, in pixels: the notice stands above them. */
  foot = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ends = 0;

  /** Says something without showing it. */
  say(text: string): void {
    // An equal text is said again too.
    this.spoken = this.spoken === text ? `${text} ` : text;
  }

  /** Shows a notice for six seconds, and says it. */
  show(text: string, undo?: () => void): void {
    this.notice = { text, undo };
    this.say(text);
    this.#last(6000);
  }

  /** The pointer or the focus is on the notice: it waits. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  release(): void {
    if (this.notice) this.#last(Math.max(2000, this.#ends - Date.now()));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.notice = undefined;
  }

  #last(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#ends = Date.now() + milliseconds;
    this.#timer = setTimeout(() => this.close(), milliseconds);
  }
}

export const announcer = new Announcer();
