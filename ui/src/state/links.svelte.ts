import { openOutside } from '../backend';

/** An address that waits for a yes before it is opened outside the app. */
class Links {
  asked = $state.raw<URL | undefined>();

  /** Asks first. Anything but http(s) and mailto is not opened at all. */
  ask(address: string): void {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url && ['https:', 'http:', 'mailto:'].includes(url.protocol)) this.asked = url;
  }

  async open(url: URL | undefined): Promise<void> {
    this.asked = undefined;
    if (url) await openOutside(url.href);
  }

  close(): void {
    this.asked = undefined;
  }
}

export const links = new Links();
