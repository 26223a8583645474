import { urlOf } from '../app/urls';

/** What stands after the `#` of a share link, and the origin of its host where that is another than the page's. */
export type Link = { kind: 'link'; id: string; key: string; host?: string } | { kind: 'none' } | { kind: 'broken' } | { kind: 'newer' };

/** Reads `#1.{id}.{key}`: 16 and 32 bytes in base64url. */
export function readLink(hash: string): Link {
  const text = hash.replace(/^#/, '');
  if (text === '') return { kind: 'none' };
  const version = /^(\d+)\./.exec(text)?.[1];
  if (version !== undefined && version !== '1') return { kind: 'newer' };
  const parts = /^1\.([\w-]{22})\.([\w-]{43})$/.exec(text);
  return parts?.[1] && parts[2] ? { kind: 'link', id: parts[1], key: parts[2] } : { kind: 'broken' };
}

/** Reads a whole link that somebody pasted: its host may be another than `own`, the page's. */
export function readPasted(text: string, own: string): Link {
  const url = urlOf(text.trim());
  if (!url || url.pathname !== '/v' || !/^https?:$/.test(url.protocol)) return { kind: 'none' };
  const link = readLink(url.hash);
  return link.kind === 'link' && url.origin !== own ? { ...link, host: url.origin } : link;
}
