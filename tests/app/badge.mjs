// A badge made here, with Node's own cryptography and nothing of ours: Open Badges 3.0 as a JWT by a did:key, baked into a PNG.
import { generateKeyPairSync, sign } from 'node:crypto';
import { deflateSync, crc32 } from 'node:zlib';

const base64url = (value) => Buffer.from(value).toString('base64url');

function base58(bytes) {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = alphabet[Number(number % 58n)] + text;
  return text;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  const check = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A square of one colour with the text in an iTXt chunk. */
function bakedPng(keyword, text, size = 96) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(size * 3, Buffer.from([0x2c, 0x3f, 0xd0]))]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(text)])),
    chunk('IDAT', deflateSync(Buffer.concat(Array(size).fill(row)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A fictitious badge with this name, as the bytes of a PNG. */
export function badgePng(name) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url');
  const multikey = `z${base58(Buffer.concat([Buffer.from([0xed, 0x01]), raw]))}`;
  const did = `did:key:${multikey}`;
  const credential = {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
    id: 'urn:uuid:6f1d2c5e-2f0b-4f0e-9c66-0b6a5f1f7a10',
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: { id: did, type: ['Profile'], name: 'Fictieve Werkplaats' },
    validFrom: '2026-01-05T09:00:00Z',
    name,
    credentialSubject: {
      id: 'did:example:leerling',
      type: ['AchievementSubject'],
      achievement: {
        id: 'urn:uuid:6f1d2c5e-2f0b-4f0e-9c66-0b6a5f1f7a11',
        type: ['Achievement'],
        name,
        description: 'Een verzonnen badge, voor een proef van de echte app.',
        criteria: { narrative: 'Je zette de app aan.' },
      },
    },
  };
  const header = { alg: 'EdDSA', typ: 'vc+jwt', kid: `${did}#${multikey}` };
  const payload = { ...credential, iss: did, jti: credential.id, sub: credential.credentialSubject.id, nbf: 1767603600 };
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}`;
  return bakedPng('openbadgecredential', `${input}.${base64url(sign(null, Buffer.from(input), privateKey))}`);
}
