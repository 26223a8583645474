import { afterEach, describe, expect, it, vi } from 'vitest';
import { asWalletError, WalletError } from './backend';
import { httpBackend } from './http';

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: string) {
  const fetch = vi.fn(async () => new Response(body, { status }));
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

describe('the http backend', () => {
  it('posts the arguments as JSON to the command, with the cookie of this origin', async () => {
    const fetch = answer(200, '{"ids":["a"]}');
    await expect(httpBackend().call('save', { id: 'd', chosen: [0] })).resolves.toEqual({ ids: ['a'] });
    expect(fetch).toHaveBeenCalledWith('/api/save', expect.objectContaining({ method: 'POST', credentials: 'same-origin', body: '{"id":"d","chosen":[0]}' }));
  });
  it('reads an empty answer as nothing', async () => {
    answer(200, '');
    await expect(httpBackend().call('erase', {})).resolves.toBeNull();
  });
  it('gives the code of an error', async () => {
    answer(409, '{"code":"wrong_passphrase"}');
    await expect(httpBackend().call('unlock', { passphrase: 'x' })).rejects.toMatchObject({ code: 'wrong_passphrase' });
  });
  it.each([[500, 'oops'], [502, ''], [400, '"text"'], [200, '<html>']])('calls %i %j a fault of ours', async (status, body) => {
    answer(status, body);
    await expect(httpBackend().call('app_state', {})).rejects.toMatchObject({ code: 'internal' });
  });
  it('never says offline when only the wallet is gone', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('failed')));
    await expect(httpBackend().call('app_state', {})).rejects.toMatchObject({ code: 'internal' });
  });
  it('listens to events until it is stopped', () => {
    const closed = vi.fn();
    let source: { onmessage?: (message: { data: string }) => void } = {};
    vi.stubGlobal('EventSource', function EventSource(this: typeof source & { close: () => void }) {
      source = this;
      this.close = closed;
    });
    const heard: unknown[] = [];
    const stop = httpBackend().listen((event) => heard.push(event));
    source.onmessage?.({ data: '"badges_changed"' });
    source.onmessage?.({ data: '{"rechecked":{"id":"x"}}' });
    stop();
    expect(heard).toEqual(['badges_changed', { rechecked: { id: 'x' } }]);
    expect(closed).toHaveBeenCalledOnce();
  });
});

describe('an error from the core', () => {
  it('keeps its code, whatever it came in', () => {
    expect(asWalletError({ code: 'busy' }).code).toBe('busy');
    expect(asWalletError(new WalletError('locked')).code).toBe('locked');
    expect(asWalletError('text').code).toBe('internal');
    expect(asWalletError(null).code).toBe('internal');
  });
});
