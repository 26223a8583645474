// Fresh keys at each run, and the identifiers made of them.

import {generateKeyPairSync} from 'node:crypto';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {exportJWK} from 'jose';

/** A key pair of kind `Ed25519`, `P-256`, `P-384` or `RSA`: public JWK, private key for jose, and a multikey pair. */
export async function newKey(kind = 'Ed25519') {
  const {publicKey, privateKey} =
    kind === 'RSA' ? generateKeyPairSync('rsa', {modulusLength: 2048})
    : kind === 'Ed25519' ? generateKeyPairSync('ed25519')
    : generateKeyPairSync('ec', {namedCurve: kind});
  const publicJwk = await exportJWK(publicKey);
  const key = {kind, publicKey, privateKey, publicJwk};
  if (kind !== 'RSA') {
    const jwk = await exportJWK(privateKey);
    const library = kind === 'Ed25519' ? Ed25519Multikey : EcdsaMultikey;
    // The libraries take the curve's public part from the JWK; key_ops keeps ecdsa-multikey from reading it as a key agreement key.
    key.pair = await library.fromJwk({jwk: {...jwk, key_ops: ['sign']}, secretKey: true});
    key.multibase = (await key.pair.export({publicKey: true, includeContext: false})).publicKeyMultibase;
  }
  return key;
}

/** A signer for Data Integrity under the verification method `id`. */
export function dataIntegritySigner(key, id) {
  if (key.kind === 'RSA') {
    throw new Error('There is no Data Integrity suite for RSA here.');
  }
  const signer = key.pair.signer();
  return {id, algorithm: signer.algorithm, sign: data => signer.sign(data)};
}

export function didKey(key) {
  return `did:key:${key.multibase}`;
}

export function didJwk(key) {
  return `did:jwk:${Buffer.from(JSON.stringify(key.publicJwk)).toString('base64url')}`;
}

export function didWeb(host, path = '') {
  return ['did:web', encodeURIComponent(host), ...path.split('/').filter(Boolean)].join(':');
}

/** The public key as PEM, as Open Badges 2.0 publishes it. */
export function pem(key) {
  return key.publicKey.export({type: 'spki', format: 'pem'});
}
