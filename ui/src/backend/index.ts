import { asWalletError, type Backend, type Command, type Commands } from './backend';
import type { WalletEvent } from './types.gen';
import { httpBackend } from './http';

export { WalletError, asWalletError } from './backend';
export type * from './types.gen';

/** Whether the page runs inside the app rather than in a browser tab. */
export const inApp = '__TAURI_INTERNALS__' in globalThis;

// A browser tab never loads the shell's code.
const chosen: Promise<Backend> = inApp ? import('./tauri').then((module) => module.tauriBackend()) : Promise.resolve(httpBackend());

/** Runs a command on whichever backend this page has. */
export async function call<C extends Command>(command: C, args: Commands[C]['args']): Promise<Commands[C]['answer']> {
  try {
    return await (await chosen).call(command, args);
  } catch (error) {
    throw asWalletError(error);
  }
}

/** Listens to the wallet's events until the answer is called. */
export function listen(heard: (event: WalletEvent) => void): () => void {
  let stopped = false;
  let stop: (() => void) | undefined;
  void chosen.then((backend) => {
    if (!stopped) stop = backend.listen(heard);
  });
  return () => {
    stopped = true;
    stop?.();
  };
}

/** Opens an address outside the app. Only after the person said yes to its host. */
export async function openOutside(url: string): Promise<void> {
  await (await chosen).open(url);
}
