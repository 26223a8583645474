import type { Place } from '../backend';

/** Where the learner is: asked of the device at a tap only, and kept nowhere. */
export class Here {
  asking = $state(false);
  /** What was asked last; an answer to something that was put aside since says nothing. */
  #turn = 0;

  /** Tells the place, or nothing where the device gives none. A second tap asks nothing more. */
  ask(tell: (place: Place | undefined) => void): void {
    if (this.asking) return;
    const turn = ++this.#turn;
    const answer = (place?: Place): void => {
      if (turn !== this.#turn) return;
      this.asking = false;
      tell(place);
    };
    if (!('geolocation' in navigator)) return answer();
    this.asking = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => answer({ lat: coords.latitude, lng: coords.longitude }),
      () => answer(),
      { timeout: 10_000, maximumAge: 60_000 },
    );
  }

  /** The answer is no longer wanted. */
  drop(): void {
    this.#turn += 1;
    this.asking = false;
  }
}
