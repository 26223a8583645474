#!/usr/bin/env node
// The demo badges with @digitalbazaar/vc and jose, warm, beside what criterion measured of ours just before (`make bench`).

import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import {cryptosuite as ecdsaRdfc2019} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsaRdfc2022} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {compactVerify, importJWK, importSPKI} from 'jose';

import {unbakePng} from './lib/bake.mjs';
import {documentLoader} from './lib/contexts.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const demo = path => readFile(join(root, 'wallet-core/demo', path));
const json = async path => JSON.parse(await demo(path));
const now = '2026-11-23T12:00:00Z';

/** The documents that a verifier dereferences: the key and its controller. */
async function controllerDocuments(credential) {
  const id = credential.proof.verificationMethod;
  const did = id.split('#')[0];
  const documents = new Map();
  if (did.startsWith('did:web:')) {
    const document = await json(`web/${did.slice('did:web:'.length)}/.well-known/did.json`);
    documents.set(did, document);
    documents.set(id, {'@context': 'https://w3id.org/security/multikey/v1', ...document.verificationMethod[0]});
  } else {
    const key = {'@context': 'https://w3id.org/security/multikey/v1', id, type: 'Multikey', controller: did, publicKeyMultibase: id.split('#')[1]};
    documents.set(id, key);
    documents.set(did, {'@context': 'https://www.w3.org/ns/did/v1', id: did, assertionMethod: [key], verificationMethod: [key]});
  }
  return documents;
}

async function dataIntegrity(bytes, cryptosuite) {
  const credential = JSON.parse(bytes);
  const loader = documentLoader(await controllerDocuments(credential));
  // A status list is more work than this: ours is judged with it, theirs without.
  const checkStatus = async () => ({verified: true});
  return async () => {
    const suite = new DataIntegrityProof({cryptosuite});
    const from = credential.validFrom ?? credential.issuanceDate;
    const result = await vc.verifyCredential({credential, suite, documentLoader: loader, checkStatus, now: from > now ? from : now});
    if (!result.verified) {
      throw result.error;
    }
  };
}

async function jws(text, key) {
  return async () => {
    const {payload} = await compactVerify(text, key);
    JSON.parse(new TextDecoder().decode(payload));
  };
}

const text = async path => (await demo(path)).toString();
const [solar] = (await json('web/zonnewerk-utrecht.example/.well-known/jwks.json')).keys;
const library = (await json('web/bibliotheek-oog-in-al.example/.well-known/did.json')).verificationMethod[0];
const ed25519 = await import('@digitalbazaar/ed25519-multikey');
const libraryJwk = await ed25519.toJwk({keyPair: await ed25519.from(library)});
const {publicKeyPem} = await json('web/taalhuis-aan-de-vecht.example/key.json');

const measured = {
  'eddsa-rdfc-2022': await dataIntegrity(await demo('badges/barista.json'), eddsaRdfc2022),
  'eddsa-rdfc-2022-small': await dataIntegrity(await demo('badges/welkom-in-de-buurt.json'), eddsaRdfc2022),
  'ecdsa-rdfc-2019-p256': await dataIntegrity(unbakePng(await demo('badges/fietsmaker.png')), ecdsaRdfc2019),
  'ecdsa-rdfc-2019-p384': await dataIntegrity(await demo('badges/ehbo-in-de-wijk.json'), ecdsaRdfc2019),
  'vc-jwt-eddsa': await jws(await text('badges/digitaal-op-weg.jwt'), await importJWK(libraryJwk, 'EdDSA')),
  'vc-jwt-es256': await jws(await text('badges/zonnepanelen.jwt'), await importJWK(solar, 'ES256')),
  'ob2-signed-rs256': await jws(unbakePng(await demo('badges/taalmaatje.png')).toString(), await importSPKI(publicKeyPem, 'RS256')),
};

/** The median of single runs in milliseconds, after a warm-up. */
async function median(run, {warm = 100, runs = 400} = {}) {
  for (let i = 0; i < warm; i++) {
    await run();
  }
  const times = [];
  for (let i = 0; i < runs; i++) {
    const start = process.hrtime.bigint();
    await run();
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return times.sort((a, b) => a - b)[runs / 2];
}

/** What criterion found in this target folder, in milliseconds. */
async function ours(name) {
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
  try {
    const estimates = JSON.parse(await readFile(join(target, 'criterion/judge', name, 'new/estimates.json')));
    return estimates.median.point_estimate / 1e6;
  } catch {
    return undefined;
  }
}

console.log('\none badge, verified              Node, warm      ours    ratio');
for (const [name, run] of Object.entries(measured)) {
  const theirs = await median(run);
  const mine = await ours(name);
  const columns = mine === undefined ? ['-', '-'] : [`${mine.toFixed(3)} ms`, `${(theirs / mine).toFixed(1)}x`];
  console.log(`${name.padEnd(30)} ${`${theirs.toFixed(3)} ms`.padStart(12)} ${columns[0].padStart(9)} ${columns[1].padStart(8)}`);
}
console.log('Node: @digitalbazaar/vc for Data Integrity (without status), jose alone for JWS (signature and JSON, no rules).');
