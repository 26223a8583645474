/** Shows the codes of a sequence in turn, over and over. Knows no screen: it is told the time. */
export class Sequence {
  #count: number;
  #interval: number;
  #shown = 0;
  #since: number | undefined;

  /** `count` codes, `perSecond` of them a second. */
  constructor(count: number, perSecond: number) {
    this.#count = Math.max(1, count);
    this.#interval = 1000 / perSecond;
  }

  /** The code to show now. Never skips one: a reader needs them all, also after a slow frame. */
  at(now: number): number {
    if (this.#since === undefined) this.#since = now;
    if (now - this.#since >= this.#interval) {
      this.#shown = (this.#shown + 1) % this.#count;
      // Keeps the pace, but does not hurry to catch up after a pause.
      this.#since = Math.max(this.#since + this.#interval, now - this.#interval);
    }
    return this.#shown;
  }
}

/** Eight a second; one a second for who asked for less movement. Under three flashes a second is not needed: a code is no flash, but calm is asked. */
export function pace(calm: boolean): number {
  return calm ? 1 : 8;
}
