// Signs a credential: Data Integrity and Ed25519Signature2020 by @digitalbazaar's libraries, JOSE by jose.

import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';
import {cryptosuite as ecdsaRdfc2019} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsaRdfc2022} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {CompactSign} from 'jose';

import {documentLoader} from './contexts.mjs';
import {dataIntegritySigner} from './keys.mjs';

const CRYPTOSUITES = {'eddsa-rdfc-2022': eddsaRdfc2022, 'ecdsa-rdfc-2019': ecdsaRdfc2019};
const loader = documentLoader();

/** The JOSE algorithm for a key, or the one that is asked for. */
export function algorithm(key, asked) {
  return asked ?? {Ed25519: 'EdDSA', 'P-256': 'ES256', 'P-384': 'ES384', RSA: 'RS256'}[key.kind];
}

/** Embeds a proof under the verification method `method`. */
export async function embedProof(credential, {suite, key, method, created, proof}) {
  const date = created ?? credential.validFrom ?? credential.issuanceDate;
  const signer = dataIntegritySigner(key, method);
  const prover = suite === 'Ed25519Signature2020'
    ? new Ed25519Signature2020({signer, date})
    : new DataIntegrityProof({signer, date, cryptosuite: CRYPTOSUITES[suite]});
  // The library takes further proof options (`expires`) from a template.
  prover.proof = proof;
  return vc.issue({credential: structuredClone(credential), suite: prover, documentLoader: loader, now: date});
}

/**
 * Secures a credential as a JWS. `form`: `vc-jwt` (Open Badges 3.0 §8.2, registered claims; VCDM 1.1 in `vc`) or
 * `vc+jwt` (VC-JOSE-COSE).
 */
export async function secureAsJwt(credential, {form, key, alg, header, claims}) {
  const version1 = credential.issuanceDate !== undefined;
  let payload = credential;
  if (form === 'vc-jwt') {
    const seconds = text => Math.floor(Date.parse(text) / 1000);
    const issuer = typeof credential.issuer === 'string' ? credential.issuer : credential.issuer.id;
    const until = credential.validUntil ?? credential.expirationDate;
    payload = {
      ...(version1 ? {vc: credential} : credential),
      iss: issuer,
      ...(credential.credentialSubject.id ? {sub: credential.credentialSubject.id} : {}),
      nbf: seconds(credential.validFrom ?? credential.issuanceDate),
      jti: credential.id,
      ...(until ? {exp: seconds(until)} : {}),
    };
  }
  payload = {...payload, ...claims};
  const types = form === 'vc-jwt' ? {typ: 'JWT'} : {typ: 'vc+jwt', cty: 'vc'};
  return compact(payload, {key, alg, header: {...types, ...header}});
}

/** A compact JWS around any JSON. */
export async function compact(payload, {key, alg, header = {}}) {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({alg: algorithm(key, alg), ...header})
    .sign(key.privateKey);
}
