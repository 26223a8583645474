/** Where the focus goes after a screen changed: to its heading, or on back to what opened it. */

import { tick } from 'svelte';

const patience = 1500;

/** The opener that has the focus now, for the history entry. */
export function focusedOpener(): string | undefined {
  const element = document.activeElement?.closest<HTMLElement>('[data-opener]');
  return element?.dataset.opener;
}

/** Focuses the heading of the screen, as soon as it is there. */
export function focusHeading(): void {
  whenThere('h1', (heading) => heading.focus({ preventScroll: true }));
}

/** Where what had the focus went away with what it did: the heading has it, rather than nothing. */
export async function keepFocus(): Promise<void> {
  await tick();
  if (document.activeElement === document.body) focusHeading();
}

/** More of a list was asked for: the first new one has the focus, instead of the button that went. */
export async function focusNew(list: HTMLElement | undefined, before: number): Promise<void> {
  await tick();
  list?.querySelectorAll<HTMLElement>('input, button')[before]?.focus();
}

/** Focuses what opened the screen that was left; the heading, when that is gone. */
export function focusOpener(opener: string | undefined, scroll: number): void {
  if (opener === undefined) {
    focusHeading();
    window.scrollTo(0, scroll);
    return;
  }
  whenThere(
    `[data-opener="${CSS.escape(opener)}"]`,
    (element) => {
      window.scrollTo(0, scroll);
      element.focus({ preventScroll: true });
    },
    focusHeading,
  );
}

function whenThere(selector: string, act: (element: HTMLElement) => void, otherwise?: () => void): void {
  const until = performance.now() + patience;
  const before = document.activeElement;
  const look = (): void => {
    // Someone was quicker: never take the focus away from what a person chose meanwhile.
    if (document.activeElement !== before && document.activeElement !== document.body && document.activeElement !== null) return;
    const element = document.querySelector<HTMLElement>(selector);
    if (element) act(element);
    else if (performance.now() < until) requestAnimationFrame(look);
    else otherwise?.();
  };
  look();
}
