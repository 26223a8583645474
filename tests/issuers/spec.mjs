// The badges of the tests: each line is one case, each name says which. `issue.mjs` signs what this prints.

const email = 'noor@voorbeeld.example';
const until = '2026-06-30T00:00:00Z'; // before the tests' "now"
const later = '2027-01-15T00:00:00Z'; // after it

const host = name => ({host: `${name}.example`, name: `${name} (fictief)`, url: `https://${name}.example`});
const issuers = {
  key: {kind: 'did:key', name: 'Koffieschool Domstad (fictief)'},
  key256: {kind: 'did:key', key: 'P-256', name: 'Leerwerkplaats Utrecht (fictief)'},
  key384: {kind: 'did:key', key: 'P-384', name: 'Leerwerkplaats Utrecht (fictief)'},
  jwk: {kind: 'did:jwk', key: 'P-256', name: 'Bibliotheek Lombok (fictief)'},
  jwk25519: {kind: 'did:jwk', name: 'Bibliotheek Lombok (fictief)'},
  jwk384: {kind: 'did:jwk', key: 'P-384', name: 'Bibliotheek Lombok (fictief)'},
  web: {kind: 'did:web', ...host('koffieschool')},
  web256: {kind: 'did:web', key: 'P-256', ...host('leerwerkplaats')},
  web384: {kind: 'did:web', key: 'P-384', document: 'jwk', ...host('bibliotheek')},
  webJwk: {kind: 'did:web', document: 'jwk', ...host('sleutelmaker')},
  webRsa: {kind: 'did:web', key: 'RSA', ...host('buurthuis')},
  webPath: {kind: 'did:web', path: 'scholen/lombok', ...host('wijkteam')},
  webGone: {kind: 'did:web', published: false, ...host('verdwenen')},
  webNoAssertion: {kind: 'did:web', withoutAssertion: true, ...host('alleen-inloggen')},
  https: {kind: 'https', key: 'P-256', ...host('universiteit')},
  https25519: {kind: 'https', path: 'issuers/7', ...host('hogeschool')},
  httpsRsa: {kind: 'https', key: 'RSA', ...host('mbo')},
  httpsController: {kind: 'https', controller: true, keySet: false, ...host('museum')},
  httpsOther: {kind: 'https', key: 'P-256', entryIssuer: 'https://iemand-anders.example/issuer', ...host('gedeeld')},
  httpsGone: {kind: 'https', key: 'P-256', published: false, ...host('verhuisd')},
  impostor: {kind: 'did:key', name: 'Iemand anders (fictief)'},
  impostor256: {kind: 'did:key', key: 'P-256', name: 'Iemand anders (fictief)'},
  hosted: {kind: 'ob2', ...host('gehost')},
  hostedScope: {kind: 'ob2', verification: {type: 'HostedBadge', startsWith: ['https://bereik.example/assertions/']}, ...host('bereik')},
  hostedElsewhere: {kind: 'ob2', verification: {type: 'HostedBadge', allowedOrigins: 'ergens-anders.example'}, ...host('buiten')},
  hostedGone: {kind: 'ob2', ...host('oud')},
  signed: {kind: 'ob2', ...host('getekend')},
  signedEc: {kind: 'ob2', key: 'P-256', ...host('getekend-ec')},
  signedEc384: {kind: 'ob2', key: 'P-384', ...host('getekend-ec384')},
  signedEd: {kind: 'ob2', key: 'Ed25519', ...host('getekend-ed')},
  signedUnlinked: {kind: 'ob2', keyLinked: false, ...host('los')},
  signedOne: {kind: 'ob2', revoked: ['urn:uuid:0b0c8a70-0000-4000-8000-000000000001'], ...host('ingetrokken')},
  signedMany: {
    kind: 'ob2', ...host('ingetrokken-lijst'),
    revoked: ['urn:uuid:0b0c8a70-0000-4000-8000-00000000000f', {id: 'urn:uuid:0b0c8a70-0000-4000-8000-000000000002', revocationReason: 'Vergissing'}],
  },
};

const lists = {
  revocation: {url: 'https://koffieschool.example/status/1', issuer: 'web', set: [0, 7, 94567, 131071]},
  suspension: {url: 'https://koffieschool.example/status/2', issuer: 'web', purpose: 'suspension', set: [3]},
  jwt: {url: 'https://leerwerkplaats.example/status/jwt', issuer: 'web256', suite: 'vc+jwt', set: [9]},
  spoiled: {url: 'https://koffieschool.example/status/spoiled', issuer: 'web', spoiled: true},
  expired: {url: 'https://koffieschool.example/status/expired', issuer: 'web', until},
  short: {url: 'https://koffieschool.example/status/short', issuer: 'web', bits: 1024},
  foreign: {url: 'https://koffieschool.example/status/foreign', issuer: 'impostor'},
  delegated: {url: 'https://leerwerkplaats.example/status/delegated', issuer: 'web256', set: [5]},
  missing: {url: 'https://koffieschool.example/status/missing', issuer: 'web', published: false},
  vcrl: {
    kind: '1EdTechRevocationList', url: 'https://koffieschool.example/revoked.json', issuer: 'web',
    revoked: [{id: 'urn:uuid:0b0c8a70-0000-4000-8000-000000000010', revocationReason: 'Vergissing'}, {id: 'urn:uuid:0b0c8a70-0000-4000-8000-000000000011', revoked: false}],
  },
};

const all = ['json', 'png', 'png-compressed', 'svg', 'svg-escaped'];
const jwt = ['jwt', 'png', 'svg'];
const eddsa = 'eddsa-rdfc-2022';
const ecdsa = 'ecdsa-rdfc-2019';

const badges = [
  // Genuine, by every suite and every kind of issuer.
  {name: 'key-eddsa', issuer: 'key', suite: eddsa, recipient: {email, hashed: true, salt: 'zout'}, as: all},
  {name: 'key-eddsa-1.1', issuer: 'key', suite: eddsa, model: '1.1', recipient: {email, hashed: true}, as: ['json', 'png']},
  {name: 'key-2020', issuer: 'key', suite: 'Ed25519Signature2020', recipient: {email}},
  {name: 'key-2020-1.1', issuer: 'key', suite: 'Ed25519Signature2020', model: '1.1'},
  {name: 'key-ecdsa-256', issuer: 'key256', suite: ecdsa, recipient: {email, hashed: true, salt: 'zout'}},
  {name: 'key-ecdsa-384', issuer: 'key384', suite: ecdsa, recipient: {email, hashed: true, salt: 'zout'}},
  {name: 'key-ecdsa-384-1.1', issuer: 'key384', suite: ecdsa, model: '1.1'},
  {name: 'key-jwt', issuer: 'key', suite: 'vc-jwt', as: jwt},
  {name: 'key-jwt-bare-kid', issuer: 'key', suite: 'vc+jwt', kid: 'bare'},
  {name: 'key-until', issuer: 'key', suite: eddsa, until: later},
  {name: 'key-full', issuer: 'key', suite: eddsa, evidence: [{id: 'https://koffieschool.example/foto/1', type: ['Evidence'], name: 'Foto', narrative: 'Latte art.'}],
    achievement: {
      achievementType: 'Badge', inLanguage: 'nl', tag: ['koffie', 'horeca'],
      alignment: [
        {type: ['Alignment'], targetName: 'koffie bereiden', targetUrl: 'http://data.europa.eu/esco/skill/00000000-0000-4000-8000-000000000000', targetFramework: 'ESCO', targetType: 'ext:ESCOAlignment'},
        {type: ['Alignment'], targetName: 'EQF 2', targetUrl: 'https://voorbeeld.example/eqf/2', targetFramework: 'EQF', targetCode: '2'},
      ],
      resultDescription: [{id: 'urn:uuid:0b0c8a70-0000-4000-8000-00000000aaaa', type: ['ResultDescription'], name: 'Cijfer', resultType: 'LetterGrade', allowedValue: ['A', 'B', 'C']}],
    },
    merge: {credentialSubject: {result: [{type: ['Result'], resultDescription: 'urn:uuid:0b0c8a70-0000-4000-8000-00000000aaaa', value: 'A'}]}}},
  {name: 'jwk-jwt', issuer: 'jwk', suite: 'vc+jwt', as: jwt},
  {name: 'jwk-jwt-1.1', issuer: 'jwk', suite: 'vc-jwt', model: '1.1'},
  {name: 'jwk-ecdsa', issuer: 'jwk', suite: ecdsa},
  {name: 'jwk-eddsa', issuer: 'jwk25519', suite: eddsa},
  {name: 'jwk-jwt-384', issuer: 'jwk384', suite: 'vc+jwt'},
  {name: 'web-eddsa', issuer: 'web', suite: eddsa, recipient: {email, hashed: true, salt: 'zout'}, as: all},
  {name: 'web-eddsa-1.1', issuer: 'web', suite: eddsa, model: '1.1'},
  {name: 'web-2020', issuer: 'web', suite: 'Ed25519Signature2020'},
  {name: 'web-path', issuer: 'webPath', suite: eddsa},
  {name: 'web-jwk-document', issuer: 'webJwk', suite: eddsa},
  {name: 'web-ecdsa-256', issuer: 'web256', suite: ecdsa},
  {name: 'web-ecdsa-384', issuer: 'web384', suite: ecdsa},
  {name: 'web-jwt-eddsa', issuer: 'web', suite: 'vc-jwt', as: jwt},
  {name: 'web-jwt-es256', issuer: 'web256', suite: 'vc-jwt'},
  {name: 'web-jwt-es384', issuer: 'web384', suite: 'vc+jwt'},
  {name: 'web-jwt-rs256', issuer: 'webRsa', suite: 'vc-jwt'},
  {name: 'web-jwt-ps256', issuer: 'webRsa', suite: 'vc+jwt', alg: 'PS256'},
  {name: 'web-jwt-1.1', issuer: 'web', suite: 'vc-jwt', model: '1.1', until: later},
  {name: 'https-jwt', issuer: 'https', suite: 'vc-jwt', as: jwt},
  {name: 'https-jwt-header-jwk', issuer: 'https', suite: 'vc-jwt', kid: 'jwk'},
  {name: 'https-jwt-eddsa', issuer: 'https25519', suite: 'vc+jwt'},
  {name: 'https-jwt-rs256', issuer: 'httpsRsa', suite: 'vc-jwt'},
  {name: 'https-controller', issuer: 'httpsController', suite: eddsa},
  {name: 'hosted', issuer: 'hosted', suite: 'hosted', recipient: {email, salt: 'zout'}, as: [...all, 'png-text', 'png-ztxt', 'png-address', 'svg-address']},
  {name: 'hosted-embedded', issuer: 'hosted', suite: 'hosted', embedded: true},
  {name: 'hosted-scope', issuer: 'hostedScope', suite: 'hosted'},
  {name: 'signed', issuer: 'signed', suite: 'signed', recipient: {email, salt: 'zout'}, as: jwt},
  {name: 'signed-embedded', issuer: 'signed', suite: 'signed', embedded: true},
  {name: 'signed-es256', issuer: 'signedEc', suite: 'signed'},
  {name: 'signed-es384', issuer: 'signedEc384', suite: 'signed'},
  {name: 'signed-eddsa', issuer: 'signedEd', suite: 'signed'},
  {name: 'signed-not-revoked', issuer: 'signedMany', suite: 'signed'},
  {name: 'status-good', issuer: 'web', suite: eddsa, status: {list: 'revocation', index: 42}},
  {name: 'status-good-delegated', issuer: 'web', suite: eddsa, status: {list: 'delegated', index: 4}},
  {name: 'status-good-1.1', issuer: 'web', suite: eddsa, model: '1.1', status: {list: 'revocation', index: 42}},
  {name: 'status-good-jwt', issuer: 'web256', suite: ecdsa, status: {list: 'jwt', index: 8}},
  {name: 'vcrl-good', issuer: 'web', suite: eddsa, id: 'urn:uuid:0b0c8a70-0000-4000-8000-000000000012', status: {list: 'vcrl'}},
  {name: 'vcrl-unrevoked', issuer: 'web', suite: eddsa, id: 'urn:uuid:0b0c8a70-0000-4000-8000-000000000011', status: {list: 'vcrl'}},

  // Something to attend to.
  {name: 'expired', issuer: 'web', suite: eddsa, from: '2025-01-01T00:00:00Z', until},
  {name: 'expired-jwt', issuer: 'web', suite: 'vc-jwt', from: '2025-01-01T00:00:00Z', until},
  {name: 'expired-hosted', issuer: 'hosted', suite: 'hosted', from: '2025-01-01T00:00:00Z', until},
  {name: 'not-yet-valid', issuer: 'web', suite: eddsa, from: later, created: '2026-11-01T00:00:00Z'},

  // Taken back, forged, contradicted.
  {name: 'revoked', issuer: 'web', suite: eddsa, status: {list: 'revocation', index: 7}},
  {name: 'revoked-first', issuer: 'web', suite: eddsa, status: {list: 'revocation', index: 0}},
  {name: 'revoked-last', issuer: 'web', suite: eddsa, status: {list: 'revocation', index: 131071}},
  {name: 'revoked-jwt-list', issuer: 'web256', suite: ecdsa, status: {list: 'jwt', index: 9}},
  {name: 'revoked-and-expired', issuer: 'web', suite: eddsa, until, status: {list: 'revocation', index: 7}},
  {name: 'revoked-delegated', issuer: 'web', suite: eddsa, status: {list: 'delegated', index: 5}},
  {name: 'suspended', issuer: 'web', suite: eddsa, status: {list: 'suspension', index: 3}},
  {name: 'vcrl-revoked', issuer: 'web', suite: eddsa, id: 'urn:uuid:0b0c8a70-0000-4000-8000-000000000010', status: {list: 'vcrl'}},
  {name: 'hosted-revoked', issuer: 'hosted', suite: 'hosted', revoked: true},
  {name: 'hosted-410', issuer: 'hosted', suite: 'hosted', gone: true},
  {name: 'hosted-out-of-scope', issuer: 'hostedElsewhere', suite: 'hosted'},
  {name: 'signed-revoked-single', issuer: 'signedOne', suite: 'signed', id: 'urn:uuid:0b0c8a70-0000-4000-8000-000000000001'},
  {name: 'signed-revoked-object', issuer: 'signedMany', suite: 'signed', id: 'urn:uuid:0b0c8a70-0000-4000-8000-000000000002'},
  {name: 'signed-key-of-another', issuer: 'signed', key: 'signedEc', suite: 'signed'},
  {name: 'signed-wrong-key', issuer: 'signed', key: 'signedOne', suite: 'signed', creator: 'https://getekend.example/key.json'},
  {name: 'signed-es256-wrong-key', issuer: 'signedEc', key: 'impostor256', suite: 'signed', creator: 'https://getekend-ec.example/key.json'},
  {name: 'web-signed-by-impostor', issuer: 'web', key: 'impostor', suite: eddsa},
  {name: 'web-jwt-by-impostor', issuer: 'web256', key: 'impostor256', suite: 'vc-jwt'},
  {name: 'web-method-of-the-issuer-key-of-another', issuer: 'web', key: 'impostor', suite: eddsa, method: 'did:web:koffieschool.example#key-1'},
  {name: 'web-key-not-for-badges', issuer: 'webNoAssertion', suite: eddsa},
  {name: 'https-jwt-by-impostor', issuer: 'https', key: 'impostor256', suite: 'vc-jwt', kid: 'jwk'},
  {name: 'https-key-of-another-issuer', issuer: 'httpsOther', suite: 'vc-jwt'},
  {name: 'jwt-iss-of-another', issuer: 'web', suite: 'vc-jwt', claims: {iss: 'did:web:iemand-anders.example'}},
  {name: 'proof-expired', issuer: 'web', suite: eddsa, proof: {expires: until}},

  // Cannot be told.
  {name: 'did-document-missing', issuer: 'webGone', suite: eddsa},
  {name: 'key-set-missing', issuer: 'httpsGone', suite: 'vc-jwt'},
  {name: 'hosted-missing', issuer: 'hostedGone', suite: 'hosted', published: false},
  {name: 'status-missing', issuer: 'web', suite: eddsa, status: {list: 'missing', index: 1}},
  {name: 'status-spoiled', issuer: 'web', suite: eddsa, status: {list: 'spoiled', index: 1}},
  {name: 'status-foreign', issuer: 'web', suite: eddsa, status: {list: 'foreign', index: 1}},
  {name: 'status-expired', issuer: 'web', suite: eddsa, status: {list: 'expired', index: 1}},
  {name: 'status-short', issuer: 'web', suite: eddsa, status: {list: 'short', index: 1}},
  {name: 'status-out-of-range', issuer: 'web', suite: eddsa, status: {list: 'revocation', index: 131072}},
  {name: 'status-wrong-purpose', issuer: 'web', suite: eddsa, status: {list: 'revocation', index: 1, purpose: 'suspension'}},
  {name: 'urn-issuer', issuer: 'impostor', suite: eddsa, issuerId: 'urn:uuid:0b0c8a70-0000-4000-8000-00000000beef'},
  {name: 'key-in-fragment', issuer: 'impostor', suite: eddsa, issuerId: 'https://issuer.example/x', method: 'https://issuer.example/x#{key}'},
  {name: 'key-in-fragment-of-a-profile', issuer: 'impostor', suite: eddsa, issuerId: 'https://issuer.example/profile', method: 'https://issuer.example/profile#{key}'},
  {name: 'signed-unlinked-key', issuer: 'signedUnlinked', suite: 'signed'},
];

// Documents that no issuer above publishes: a Profile without any key.
const documents = {'https://issuer.example/profile': {id: 'https://issuer.example/profile', type: ['Profile'], name: 'Iemand anders (fictief)'}};

process.stdout.write(JSON.stringify({issuers, lists, documents, badges}, null, 2));
