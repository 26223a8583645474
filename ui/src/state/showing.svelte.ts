import { asWalletError, call, type Presentation, type WalletError } from '../backend';
import { badges } from './badges.svelte';
import { navigation } from './navigation.svelte';

/** What is being shown: the chosen badges, and the codes that carry them. */
class Showing {
  ids = $state.raw<string[]>([]);
  presentation = $state.raw<Presentation | undefined>();
  error = $state.raw<WalletError | undefined>();

  /** Makes the codes and goes to them. */
  async start(ids: string[]): Promise<void> {
    this.ids = ids;
    this.presentation = undefined;
    this.error = undefined;
    if (navigation.route.name === 'choose') navigation.replace({ name: 'code' });
    else navigation.push({ name: 'code' });
    try {
      this.presentation = await call('present', { ids });
    } catch (error) {
      this.error = asWalletError(error);
    }
  }

  /** The names of the chosen badges, from the list where it has them. */
  get chosen(): { id: string; name: string }[] {
    return this.ids.map((id) => ({ id, name: badges.peek(id)?.name ?? '' }));
  }

  stop(): void {
    this.presentation = undefined;
    this.error = undefined;
  }
}

export const showing = new Showing();
