/** What stands after the `#` of a share link. */
export type Link = { kind: 'link'; id: string; key: string } | { kind: 'none' } | { kind: 'broken' } | { kind: 'newer' };

/** Reads `#1.{id}.{key}`: 16 and 32 bytes in base64url. */
export function readLink(hash: string): Link {
  const text = hash.replace(/^#/, '');
  if (text === '') return { kind: 'none' };
  const version = /^(\d+)\./.exec(text)?.[1];
  if (version !== undefined && version !== '1') return { kind: 'newer' };
  const parts = /^1\.([\w-]{22})\.([\w-]{43})$/.exec(text);
  return parts?.[1] && parts[2] ? { kind: 'link', id: parts[1], key: parts[2] } : { kind: 'broken' };
}
