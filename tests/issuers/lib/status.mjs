// Status lists: BitstringStatusListCredential, signed; 1EdTechRevocationList, unsigned.

import {gzipSync} from 'node:zlib';

import {VC_2} from './contexts.mjs';
import {embedProof, secureAsJwt} from './sign.mjs';

/** `u` + base64url of the gzip of the bits; bit 0 is the left-most. */
export function encodeBits(set, bits = 131072) {
  const bytes = Buffer.alloc(bits / 8);
  for (const index of set) {
    bytes[index >> 3] |= 0x80 >> (index & 7);
  }
  return 'u' + gzipSync(bytes).toString('base64url');
}

/** Makes, signs and publishes one list. */
export async function publishList(spec, issuer, web) {
  if (spec.kind === '1EdTechRevocationList') {
    web.put(spec.url, {id: spec.url, issuer: issuer.id, revokedCredential: spec.revoked});
    return;
  }
  const list = {
    '@context': [VC_2],
    id: spec.url,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: issuer.id,
    validFrom: spec.from ?? '2025-01-01T00:00:00Z',
    ...(spec.until ? {validUntil: spec.until} : {}),
    credentialSubject: {
      id: `${spec.url}#list`,
      type: 'BitstringStatusList',
      statusPurpose: spec.purpose ?? 'revocation',
      encodedList: encodeBits(spec.set ?? [], spec.bits),
    },
  };
  const key = issuer.key;
  if (spec.suite === 'vc+jwt') {
    web.put(spec.url, await secureAsJwt(list, {form: 'vc+jwt', key, header: {kid: issuer.kid ?? issuer.method}}));
    return;
  }
  const suite = spec.suite ?? (key.kind === 'Ed25519' ? 'eddsa-rdfc-2022' : 'ecdsa-rdfc-2019');
  const signed = await embedProof(list, {suite, key, method: issuer.method});
  if (spec.spoiled) {
    // One bit turned after signing.
    signed.credentialSubject.encodedList = encodeBits([...(spec.set ?? []), 131071], spec.bits);
  }
  web.put(spec.url, signed);
}

/** What a credential says of its place in a list. */
export function statusEntry(list, {index, purpose}) {
  return list.kind === '1EdTechRevocationList'
    ? {id: list.url, type: '1EdTechRevocationList'}
    : {
      id: `${list.url}#${index}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: purpose ?? list.purpose ?? 'revocation',
      statusListIndex: String(index),
      statusListCredential: list.url,
    };
}
