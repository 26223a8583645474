/** The address as a URL. `URL.canParse` is younger than the phones that the page of a share link is for. */
export function urlOf(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** The host in an address; the address as it is, when it holds none. */
export function hostOf(address: string): string {
  return urlOf(address)?.host || address;
}
