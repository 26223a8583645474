// Issuers of every kind: fresh keys, an id, and the documents they publish.

import {didJwk, didKey, didWeb, newKey, pem} from './keys.mjs';

/**
 * One issuer. `kind`: `did:key`, `did:jwk`, `did:web`, `https` (a key set and a controller document on the issuer's host),
 * `ob2` (an Open Badges 2.0 Profile). `published: false` keeps its documents off the web.
 */
export async function makeIssuer(spec, web) {
  const key = await newKey(spec.key ?? (spec.kind === 'ob2' ? 'RSA' : 'Ed25519'));
  const make = {'did:key': byDidKey, 'did:jwk': byDidJwk, 'did:web': byDidWeb, https: byHttps, ob2: byProfile}[spec.kind];
  if (!make) {
    throw new Error(`An issuer of kind ${spec.kind} is not known here.`);
  }
  const issuer = {...make(spec, key), key, spec};
  if (spec.published !== false) {
    for (const [url, body] of issuer.documents) {
      web.put(url, body);
    }
  }
  return issuer;
}

function byDidKey(spec, key) {
  const id = didKey(key);
  return {id, method: `${id}#${key.multibase}`, documents: []};
}

function byDidJwk(spec, key) {
  const id = didJwk(key);
  return {id, method: `${id}#0`, documents: []};
}

function byDidWeb(spec, key) {
  const id = didWeb(spec.host, spec.path);
  const method = `${id}#key-1`;
  const jwk = spec.document === 'jwk' || key.kind === 'RSA';
  const verificationMethod = jwk
    ? {id: method, type: 'JsonWebKey', controller: id, publicKeyJwk: {...key.publicJwk}}
    : {id: method, type: 'Multikey', controller: id, publicKeyMultibase: key.multibase};
  const document = {
    '@context': ['https://www.w3.org/ns/did/v1', jwk ? 'https://w3id.org/security/jwk/v1' : 'https://w3id.org/security/multikey/v1'],
    id,
    verificationMethod: [verificationMethod],
    authentication: [method],
    // A key that may sign other things and no badges.
    assertionMethod: spec.withoutAssertion ? [] : [method],
  };
  const path = spec.path ? `${spec.path}/did.json` : '.well-known/did.json';
  return {id, method, documents: [[`https://${spec.host}/${path}`, document]]};
}

function byHttps(spec, key) {
  const id = `https://${spec.host}/${spec.path ?? 'issuer'}`;
  const method = `${id}#key-1`;
  const kid = `https://${spec.host}/keys/1`;
  const documents = [];
  if (spec.keySet !== false) {
    const entry = {...key.publicJwk, kid, use: 'sig', ...(spec.entryIssuer ? {iss: spec.entryIssuer} : {})};
    documents.push([`https://${spec.host}/.well-known/jwks.json`, {keys: [entry]}], [kid, entry]);
  }
  if (spec.controller) {
    documents.push([id, {
      '@context': ['https://www.w3.org/ns/cid/v1'],
      id,
      verificationMethod: [{id: method, type: 'Multikey', controller: id, publicKeyMultibase: key.multibase}],
      assertionMethod: [method],
    }]);
  }
  return {id, method, kid, documents};
}

function byProfile(spec, key) {
  const origin = `https://${spec.host}`;
  const id = `${origin}/issuer.json`;
  const keyUrl = `${origin}/key.json`;
  const revocationUrl = `${origin}/revoked.json`;
  const profile = {
    '@context': 'https://w3id.org/openbadges/v2',
    type: 'Issuer',
    id,
    name: spec.name,
    url: spec.url ?? origin,
    ...(spec.description ? {description: spec.description} : {}),
    email: spec.email ?? `badges@${spec.host}`,
    ...(spec.keyLinked === false ? {} : {publicKey: keyUrl}),
    ...(spec.revoked ? {revocationList: revocationUrl} : {}),
    ...(spec.verification ? {verification: spec.verification} : {}),
  };
  const documents = [
    [id, profile],
    [keyUrl, {'@context': 'https://w3id.org/openbadges/v2', type: 'CryptographicKey', id: keyUrl, owner: id, publicKeyPem: pem(key)}],
  ];
  if (spec.revoked) {
    // A single entry is written bare, as JSON-LD compaction does and as some validators miss.
    const revokedAssertions = spec.revoked.length === 1 ? spec.revoked[0] : spec.revoked;
    documents.push([revocationUrl, {'@context': 'https://w3id.org/openbadges/v2', type: 'RevocationList', id: revocationUrl, issuer: id, revokedAssertions}]);
  }
  return {id, method: keyUrl, profile, documents};
}

/** The issuer as an Open Badges 3.0 Profile. */
export function profile(issuer, id = issuer.id) {
  const {name, description, url, email, image} = issuer.spec;
  return Object.fromEntries(Object.entries({id, type: ['Profile'], name, description, url, email, image}).filter(([, value]) => value !== undefined));
}

