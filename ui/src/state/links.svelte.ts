import { urlOf } from '../app/urls';

/** An address that waits for a yes before it is opened outside the app. */
class Links {
  asked = $state.raw<URL | undefined>();

  /** Asks first. Anything but http(s) and mailto is not opened at all. */
  ask(address: string): void {
    const url = urlOf(address);
    if (url && ['https:', 'http:', 'mailto:'].includes(url.protocol)) this.asked = url;
  }

  close(): void {
    this.asked = undefined;
  }
}

export const links = new Links();
