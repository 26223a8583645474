/** A colour from outside, when it is one: `#rrggbb`. */
export function colourOf(text: string | null | undefined): string | undefined {
  return text && /^#[0-9a-f]{6}$/i.test(text) ? text : undefined;
}
