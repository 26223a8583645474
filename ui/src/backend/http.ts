import { asWalletError, WalletError, type Backend, type Command, type Commands } from './backend';
import type { WalletEvent } from './types.gen';

/** `badge-wallet serve`: POST /api/<command> with the cookie of this origin, and server-sent events. */
export function httpBackend(base = '/api'): Backend {
  return {
    async call<C extends Command>(command: C, args: Commands[C]['args']): Promise<Commands[C]['answer']> {
      let response: Response;
      try {
        response = await fetch(`${base}/${command}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          credentials: 'same-origin',
          body: JSON.stringify(args),
        });
      } catch {
        // The wallet itself went away; the network has nothing to do with it.
        throw new WalletError('internal');
      }
      const text = await response.text();
      let answer: unknown = null;
      try {
        answer = text === '' ? null : JSON.parse(text);
      } catch {
        throw new WalletError('internal');
      }
      if (!response.ok) throw asWalletError(answer);
      return answer as Commands[C]['answer'];
    },
    listen(heard) {
      const source = new EventSource(`${base}/events`);
      source.onmessage = (message) => heard(JSON.parse(message.data) as WalletEvent);
      return () => source.close();
    },
    async open(url) {
      window.open(url, '_blank', 'noopener,noreferrer');
    },
  };
}
