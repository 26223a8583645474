import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { openUrl } from '@tauri-apps/plugin-opener';
import { asWalletError, type Backend, type Command, type Commands } from './backend';
import type { WalletEvent } from './types.gen';

/** The shell: Tauri commands of the same names, and the event "wallet". */
export function tauriBackend(): Backend {
  return {
    async call<C extends Command>(command: C, args: Commands[C]['args']): Promise<Commands[C]['answer']> {
      try {
        return await invoke<Commands[C]['answer']>(command, args as Record<string, unknown>);
      } catch (error) {
        throw asWalletError(error);
      }
    },
    listen(heard) {
      const stop = listen<WalletEvent>('wallet', (event) => heard(event.payload));
      return () => void stop.then((end) => end());
    },
    open: (url) => openUrl(url),
  };
}
