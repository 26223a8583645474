import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Badges of organisations that are not in the demo, whose badges only practise: signed here, with keys that are the same in every run. */
export interface Told {
  name: string;
  issuer: string;
  /** A web host that publishes the key; without one the key says all there is to know of the issuer. */
  host?: string;
  issued?: string;
  expires?: string;
  description?: string;
  criteria?: string;
  skills?: string[];
  /** A picture inside the signed bytes. */
  svg?: string;
  /** Whom it was given to, as a hash. */
  email?: string;
}

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
function base58(bytes: Buffer): string {
  let number = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = alphabet[Number(number % 58n)] + text;
  return text;
}
const base64url = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const seconds = (date: string): number => Date.parse(date) / 1000;

/** The signed badge, as a JWT. What its issuer publishes is written below `web`. */
export async function issue(web: string, told: Told): Promise<string> {
  const seed = createHash('sha256').update(told.host ?? told.issuer).digest();
  const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
  const open = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const multibase = `z${base58(Buffer.concat([Buffer.from([0xed, 0x01]), open]))}`;
  const id = told.host ? `did:web:${told.host}` : `did:key:${multibase}`;
  const method = `${id}#${told.host ? 'key-1' : multibase}`;
  if (told.host) {
    const folder = join(web, told.host, '.well-known');
    await mkdir(folder, { recursive: true });
    const keys = [{ id: method, type: 'Multikey', controller: id, publicKeyMultibase: multibase }];
    await writeFile(join(folder, 'did.json'), JSON.stringify({ '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'], id, verificationMethod: keys, assertionMethod: [method] }));
  }
  const issued = told.issued ?? '2026-03-03T10:00:00Z';
  const achievement = {
    id: `urn:uuid:${uuid(told.name)}`,
    type: ['Achievement'],
    name: told.name,
    description: told.description ?? `${told.name}.`,
    criteria: { narrative: told.criteria ?? 'Je liet het zien.' },
    inLanguage: 'nl',
    ...(told.svg ? { image: { id: `data:image/svg+xml;base64,${Buffer.from(told.svg).toString('base64')}`, type: 'Image' } } : {}),
    alignment: (told.skills ?? []).map((targetName, at) => ({ type: ['Alignment'], targetName, targetUrl: `https://vaardigheden.example/${at}` })),
  };
  const identifier = told.email
    ? [{ type: 'IdentityObject', hashed: true, identityHash: `sha256$${createHash('sha256').update(`${told.email}zout`).digest('hex')}`, identityType: 'emailAddress', salt: 'zout' }]
    : undefined;
  const credential = {
    '@context': ['https://www.w3.org/2018/credentials/v1', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
    id: `urn:uuid:${uuid(told.name + told.issuer)}`,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: told.name,
    issuer: { id, type: ['Profile'], name: told.issuer, ...(told.host ? { url: `https://${told.host}` } : {}) },
    issuanceDate: issued,
    ...(told.expires ? { expirationDate: told.expires } : {}),
    credentialSubject: { type: ['AchievementSubject'], ...(identifier ? { identifier } : { id: 'did:example:noor' }), achievement },
  };
  const payload = {
    vc: credential,
    iss: id,
    ...(identifier ? {} : { sub: 'did:example:noor' }),
    nbf: seconds(issued),
    jti: credential.id,
    ...(told.expires ? { exp: seconds(told.expires) } : {}),
  };
  const signed = `${base64url({ alg: 'EdDSA', typ: 'JWT', kid: method })}.${base64url(payload)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}

function uuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
