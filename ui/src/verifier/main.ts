import '../design/tokens.css';
import '../design/base.css';
import { mount } from 'svelte';
import { setLocale } from '../paraglide/runtime';
import { readLink } from './link';
import Page from './Page.svelte';

// Dutch for who reads Dutch, English for all others.
const dutch = navigator.languages.find((language) => /^(nl|en)\b/i.test(language))?.toLowerCase().startsWith('nl') ?? false;
const language = dutch ? 'nl' : 'en';
void setLocale(language, { reload: false });
document.documentElement.lang = language;

// The key leaves the address bar before anything else happens: a photo of the screen, a shared tab, a history must not hold it.
const link = readLink(location.hash);
history.replaceState(null, '', location.pathname);
// Another link, pasted over this one, changes only the part after the #.
addEventListener('hashchange', () => { location.reload(); });

const target = document.getElementById('page');
if (target) mount(Page, { target, props: { link, language } });
