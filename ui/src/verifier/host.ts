/** The page's own host: the only one that it talks to. */

/** One document that a verdict rests on. */
export interface Need {
  purpose: string;
  url: string;
}

/** What the host's relay fetched; `null` where it could not. */
export interface Document extends Need {
  answer: unknown;
}

/** Why the host gave no capsule. */
export type Refusal = { code: 'unknown' | 'ended' | 'passcode_needed' | 'wrong_passcode' | 'locked' | 'busy' | 'unreachable' | 'odd'; left?: number };

const refusals: Record<string, Refusal['code']> = {
  '404 unknown': 'unknown',
  '410 ended': 'ended',
  '401 passcode_needed': 'passcode_needed',
  '403 wrong_passcode': 'wrong_passcode',
  '423 locked': 'locked',
  '429 too_many': 'busy',
  '403 address_refused': 'unreachable',
};

/** Ends after so many milliseconds. `AbortSignal.timeout` is younger than the browsers that the page is for. */
function within(patience: number): AbortSignal {
  const stop = new AbortController();
  setTimeout(() => { stop.abort(); }, patience);
  return stop.signal;
}

async function post(path: string, body: unknown, patience: number): Promise<Response> {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    credentials: 'omit',
    redirect: 'error',
    signal: within(patience),
  });
}

/** The sealed bytes of a link; of one that another host keeps, through this page's own. Rejects with a `Refusal`. */
export async function openLink(id: string, auth: string | undefined, host: string | undefined): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await (host ? post('/v1/elsewhere', { host, id, auth }, 30_000) : post('/v1/open', auth ? { id, auth } : { id }, 20_000));
  } catch {
    throw { code: 'unreachable' } satisfies Refusal;
  }
  if (response.ok && response.headers.get('content-type') === 'application/octet-stream') return new Uint8Array(await response.arrayBuffer());
  const why: unknown = await response.json().catch(() => null);
  const told = typeof why === 'object' && why !== null ? (why as { error?: unknown; left?: unknown }) : {};
  const code = refusals[`${String(response.status)} ${String(told.error)}`] ?? (response.status >= 502 ? 'unreachable' : 'odd');
  throw { code, ...(typeof told.left === 'number' ? { left: told.left } : {}) } satisfies Refusal;
}

/** Has the host fetch one document. Silence is no news about a badge. */
export async function relay(need: Need): Promise<Document> {
  try {
    const response = await post('/v1/relay', { purpose: need.purpose, url: need.url }, 25_000);
    return { purpose: need.purpose, url: need.url, answer: response.ok ? await response.json() : null };
  } catch {
    return { purpose: need.purpose, url: need.url, answer: null };
  }
}

/** The keys by which this host says what it witnessed, as JSON; an empty list when it does not say. */
export async function witnessKeys(): Promise<string> {
  try {
    const response = await fetch('/v1/keys', { credentials: 'omit', signal: within(10_000) });
    const told = (await response.json()) as { keys?: unknown };
    return JSON.stringify(Array.isArray(told.keys) ? told.keys : []);
  } catch {
    return '[]';
  }
}
