// Badges from a short description: Open Badges 3.0 credentials and Open Badges 2.0 assertions, as files and as web documents.

import {createHash, randomUUID} from 'node:crypto';

import {OB_3, OB_3_EXTENSIONS, STATUS_1, VC_1, VC_2} from './contexts.mjs';
import {profile} from './issuers.mjs';
import {compact, embedProof, secureAsJwt} from './sign.mjs';
import {statusEntry} from './status.mjs';

function merge(base, extra) {
  for (const [name, value] of Object.entries(extra ?? {})) {
    const both = value && base[name] && typeof value === 'object' && typeof base[name] === 'object' && !Array.isArray(value);
    if (value === null) {
      delete base[name];
    } else {
      base[name] = both ? merge({...base[name]}, value) : value;
    }
  }
  return base;
}

const sha256 = text => `sha256$${createHash('sha256').update(text).digest('hex')}`;

function identifier({email, hashed, salt = ''}) {
  return {
    type: 'IdentityObject',
    hashed: hashed === true,
    identityHash: hashed ? sha256(email + salt) : email,
    identityType: 'emailAddress',
    ...(hashed && salt ? {salt} : {}),
  };
}

/** The unsigned Open Badges 3.0 credential. */
export function credential(badge, issuer, lists) {
  const version1 = badge.model === '1.1';
  const recipient = badge.recipient ?? {id: 'did:example:learner'};
  const list = badge.status && lists.get(badge.status.list);
  const extended = list?.kind === '1EdTechRevocationList';
  const bitstring = list && !extended;
  const subject = {
    ...(recipient.id ? {id: recipient.id} : {}),
    type: ['AchievementSubject'],
    ...(recipient.email ? {identifier: [identifier(recipient)]} : {}),
    ...(recipient.name ? {name: recipient.name} : {}),
    achievement: {
      id: `urn:uuid:${randomUUID()}`,
      type: ['Achievement'],
      name: badge.title ?? 'Barista',
      description: 'Zet koffie voor gasten.',
      criteria: {narrative: 'Zette zelfstandig koffie voor veertig gasten.'},
      ...badge.achievement,
    },
  };
  return merge({
    '@context': [version1 ? VC_1 : VC_2, OB_3, ...(extended ? [OB_3_EXTENSIONS] : []), ...(version1 && bitstring ? [STATUS_1] : [])],
    id: badge.id ?? `urn:uuid:${randomUUID()}`,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: badge.title ?? 'Barista',
    issuer: profile(issuer, badge.issuerId ?? issuer.id),
    [version1 ? 'issuanceDate' : 'validFrom']: badge.from ?? '2026-03-03T10:00:00Z',
    ...(badge.until ? {[version1 ? 'expirationDate' : 'validUntil']: badge.until} : {}),
    ...(badge.awarded ? {awardedDate: badge.awarded} : {}),
    credentialSubject: subject,
    ...(badge.evidence ? {evidence: badge.evidence} : {}),
    ...(list ? {credentialStatus: statusEntry(list, badge.status)} : {}),
  }, badge.merge);
}

function joseHeader(badge, signer) {
  const {kid = 'full'} = badge;
  const named = {
    full: {kid: signer.kid ?? signer.method},
    // walt.id and others write the DID alone.
    bare: {kid: signer.id},
    jwk: {jwk: signer.key.publicJwk},
    none: {},
  }[kid];
  return {...(named ?? {kid}), ...badge.header};
}

async function openBadge3(badge, issuer, signer, lists) {
  const unsigned = credential(badge, issuer, lists);
  const {suite} = badge;
  if (suite === 'none') {
    return {payload: unsigned, id: unsigned.id};
  }
  if (suite === 'vc-jwt' || suite === 'vc+jwt') {
    const jwt = await secureAsJwt(unsigned, {form: suite, key: signer.key, alg: badge.alg, header: joseHeader(badge, signer), claims: badge.claims});
    return {payload: jwt, id: unsigned.id};
  }
  const payload = await embedProof(unsigned, {
    suite, key: signer.key, method: badge.method?.replace('{key}', signer.key.multibase) ?? signer.method, created: badge.created, proof: badge.proof,
  });
  badge.spoil?.(payload);
  return {payload, id: unsigned.id};
}

async function openBadge2(badge, issuer, signer, web) {
  const origin = `https://${issuer.spec.host}`;
  const context = 'https://w3id.org/openbadges/v2';
  const badgeUrl = `${origin}/badges/${badge.name}.json`;
  const hosted = badge.suite === 'hosted';
  const id = badge.id ?? (hosted ? `${origin}/assertions/${badge.name}.json` : `urn:uuid:${randomUUID()}`);
  const {email, hashed = true, salt = ''} = badge.recipient ?? {email: 'leerling@voorbeeld.example'};
  const badgeClass = {
    '@context': context,
    type: 'BadgeClass',
    id: badgeUrl,
    name: badge.title ?? 'Barista',
    description: 'Zet koffie voor gasten.',
    image: `${origin}/pictures/${badge.name}.png`,
    criteria: {narrative: 'Zette zelfstandig koffie voor veertig gasten.'},
    issuer: badge.embedded ? issuer.profile : issuer.id,
    ...badge.achievement,
  };
  const assertion = merge({
    '@context': context,
    type: 'Assertion',
    id,
    recipient: {type: 'email', hashed, identity: hashed ? sha256(email + salt) : email, ...(hashed && salt ? {salt} : {})},
    issuedOn: badge.from ?? '2026-03-03T10:00:00Z',
    ...(badge.until ? {expires: badge.until} : {}),
    badge: badge.embedded ? badgeClass : badgeUrl,
    ...(badge.evidence ? {evidence: badge.evidence} : {}),
    verification: hosted ? {type: 'HostedBadge'} : {type: 'SignedBadge', creator: badge.creator ?? signer.method},
  }, badge.merge);
  if (badge.published !== false) {
    web.put(badgeUrl, badgeClass);
    if (badge.picture) {
      web.put(badgeClass.image, badge.picture);
    }
  }
  if (hosted && badge.published !== false) {
    if (badge.gone) {
      web.gone(id);
    } else {
      web.put(id, badge.revoked ? {'@context': context, id, revoked: true, revocationReason: 'Per ongeluk gegeven.'} : assertion);
    }
  }
  const payload = hosted ? assertion : await compact(assertion, {key: signer.key, alg: badge.alg, header: badge.header});
  return {payload, id, url: hosted ? id : undefined};
}

/** Signs one badge. Answers its payload (JSON value or JWS text), its id, its standard and, for a hosted one, its address. */
export async function makeBadge(badge, {issuers, lists, web}) {
  const issuer = issuers.get(badge.issuer);
  const signer = issuers.get(badge.key ?? badge.issuer);
  if (!issuer || !signer) {
    throw new Error(`${badge.name}: no issuer ${badge.issuer} or key ${badge.key}`);
  }
  const version2 = badge.suite === 'hosted' || badge.suite === 'signed';
  const made = version2 ? await openBadge2(badge, issuer, signer, web) : await openBadge3(badge, issuer, signer, lists);
  return {...made, standard: version2 ? 2 : 3, issuer: badge.issuerId ?? issuer.id};
}
