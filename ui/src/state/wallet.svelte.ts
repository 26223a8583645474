import { offlineIsChosen } from '../app/errors';
import { asWalletError, call, listen, type AppState, type Language, type Settings, type Theme, type WalletError } from '../backend';
import { setLocale } from '../paraglide/runtime';
import { badges } from './badges.svelte';
import { claims } from './claims.svelte';
import { discover } from './discover.svelte';
import { incoming } from './incoming.svelte';
import { navigation } from './navigation.svelte';

/** Whether there is a wallet, whether it is open, and what was chosen for it. */
class WalletLife {
  app = $state.raw<AppState | undefined>();
  error = $state.raw<WalletError | undefined>();
  language = $state<Language>('nl');
  theme = $state<Theme>('system');
  offline = $state(false);
  /** Where share links live: what the learner set, else this app's default. */
  shareHost = $state<string | undefined>();
  #ownHost: string | null = null;
  /** Where the map's streets come from; `null` while it draws none. */
  tileServer = $state<string | null>(null);
  /** Whether signing in to a city, an experiment, is offered. */
  citySignIn = $state(false);
  /** The device says that it has no network. */
  unconnected = $state(!navigator.onLine);
  #chose = false;
  #turn = 0;
  #writing: Promise<unknown> = Promise.resolve();

  constructor() {
    const system = navigator.language.toLowerCase().startsWith('nl') ? 'nl' : 'en';
    this.#speak(system);
    window.addEventListener('online', () => {
      this.unconnected = false;
      if (this.ready) void call('retry_checks', {}).catch(() => undefined);
    });
    window.addEventListener('offline', () => (this.unconnected = true));
  }

  get ready(): boolean {
    return this.app?.wallet === 'ready';
  }

  async start(): Promise<void> {
    listen((event) => {
      if (event === 'opened') void this.#takeOpened();
      else if (event === 'locked') void this.#refresh();
      else if (event === 'claims_changed') void claims.load();
      else {
        // What is done in a playlist follows from the badges.
        discover.changed();
        if (event !== 'activities_changed') badges.changed(typeof event === 'object' ? event.rechecked.id : undefined);
      }
    });
    await this.#refresh();
  }

  /** Takes a new state from the core and acts on it. */
  async take(app: AppState): Promise<void> {
    const was = this.app;
    this.error = undefined;
    // A wallet that was made just now speaks the language that the person read until here.
    if (was?.wallet === 'new' || (was && !was.demo && app.demo)) this.#chose = true;
    if (app.language && !this.#chose) this.#speak(app.language);
    if (app.theme && !this.#chose) this.#colour(app.theme);
    if (was?.demo !== app.demo || was.wallet !== app.wallet) this.#forget();
    this.app = app;
    if (app.wallet !== 'ready') {
      incoming.forget();
      return;
    }
    if (this.#chose) await this.#write();
    const settings = await call('settings', {}).catch(() => undefined);
    if (settings) this.#apply(settings);
    navigation.start();
    await this.#takeOpened();
  }

  async setLanguage(language: Language): Promise<void> {
    this.#speak(language);
    this.#chose = true;
    if (this.ready) await this.#write();
    this.#forget();
  }

  async setTheme(theme: Theme): Promise<void> {
    this.#colour(theme);
    this.#chose = true;
    if (this.ready) await this.#write();
  }

  async setOffline(offline: boolean): Promise<void> {
    this.offline = offline;
    await this.#write();
  }

  /** Sets where share links live; `null` for the default. Throws what the core says of the address. */
  async setShareHost(host: string | null): Promise<void> {
    const before = this.#ownHost;
    this.#ownHost = host;
    try {
      await this.#write();
    } catch (error) {
      this.#ownHost = before;
      throw error;
    }
  }

  /** Sets where the map's streets come from; `null` for no streets. Throws what the core says of the address. */
  async setTileServer(server: string | null): Promise<void> {
    const before = this.tileServer;
    this.tileServer = server;
    try {
      await this.#write();
    } catch (error) {
      this.tileServer = before;
      throw error;
    }
  }

  async setCitySignIn(offered: boolean): Promise<void> {
    this.citySignIn = offered;
    await this.#write();
  }

  /** To the demo wallet, or back from it. */
  async demo(enter: boolean): Promise<void> {
    const app = await call(enter ? 'enter_demo' : 'leave_demo', {});
    navigation.reset({ name: 'badges' });
    await this.take(app);
  }

  #forget(): void {
    badges.forget();
    discover.forget();
    claims.forgetAll();
  }

  async #refresh(): Promise<void> {
    try {
      await this.take(await call('app_state', {}));
    } catch (error) {
      this.error = asWalletError(error);
    }
  }
  retry = (): Promise<void> => this.#refresh();

  /** One after the other, and only the newest answer counts: of two taps that pass each other the older would win. */
  async #write(): Promise<void> {
    const { language, theme, offline, tileServer, citySignIn } = this;
    const settings = { language, theme, offline, share_host: this.#ownHost, tile_server: tileServer, city_sign_in: citySignIn };
    const turn = ++this.#turn;
    const answer = this.#writing.then(() => call('update_settings', { settings }));
    this.#writing = answer.catch(() => undefined);
    const written = await answer;
    if (turn === this.#turn) this.#apply(written);
    this.#chose = false;
  }

  async #takeOpened(): Promise<void> {
    // What came before the wallet was open stays with the core until it is.
    if (!this.ready) return;
    const opened = await call('take_opened', {}).catch(() => null);
    if (opened) incoming.take([opened]);
  }

  #apply(settings: Settings): void {
    if (settings.language !== this.language) this.#speak(settings.language);
    this.#colour(settings.theme);
    this.offline = settings.offline;
    offlineIsChosen(settings.offline);
    this.#ownHost = settings.share_host;
    this.tileServer = settings.tile_server;
    this.citySignIn = settings.city_sign_in;
    this.shareHost = settings.share_host ?? this.app?.share_host_default ?? undefined;
  }

  #speak(language: Language): void {
    this.language = language;
    void setLocale(language, { reload: false });
    document.documentElement.lang = language;
  }

  #colour(theme: Theme): void {
    this.theme = theme;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }
}

export const wallet = new WalletLife();
