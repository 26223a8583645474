// The demo: a dozen badges of invented organisations in and around Utrecht. Nobody here exists; every host is reserved.

import {art, dataUri, png} from './art.mjs';

const email = 'noor@voorbeeld.example';
const site = (host, name, description) => ({host: `${host}.example`, name: `${name} (fictief)`, url: `https://${host}.example`, email: `badges@${host}.example`, description: `${description} Deze organisatie is verzonnen voor de demo.`});
const image = (name, caption) => ({id: dataUri(name), type: 'Image', caption});
const remote = (host, name, caption) => ({id: `https://${host}.example/pictures/${name}.png`, type: 'Image', caption});

const esco = (code, targetName) => ({type: ['Alignment'], targetName, targetUrl: `http://data.europa.eu/esco/isco/C${code}`, targetCode: code, targetFramework: 'ESCO', targetType: 'ext:ESCOAlignment'});
const eqf = level => ({type: ['Alignment'], targetName: `EQF niveau ${level}`, targetUrl: `http://data.europa.eu/snb/eqf/${level}`, targetCode: String(level), targetFramework: 'EQF', targetType: 'ext:EQF'});
const competent = (slug, targetName) => ({type: ['Alignment'], targetName: `${targetName} (voorbeeld)`, targetUrl: `https://competentnl.voorbeeld.example/vaardigheid/${slug}`, targetFramework: 'CompetentNL'});
const proof = (name, narrative, url, genre) => ({...(url ? {id: url} : {}), type: ['Evidence'], name, narrative, ...(genre ? {genre} : {})});

const issuers = {
  coffee: {kind: 'did:web', ...site('koffieschool-domstad', 'Koffieschool Domstad', 'Wij leren mensen koffie zetten, van boon tot kopje.')},
  bike: {kind: 'did:web', key: 'P-256', ...site('de-spaak', 'Leerwerkplaats De Spaak', 'Een fietsenmakerij waar je leert door te doen.')},
  kitchen: {kind: 'ob2', ...site('buurtkeuken-zuilen', 'Buurtkeuken Zuilen', 'Samen koken en eten in de wijk.')},
  language: {kind: 'ob2', revoked: [], ...site('taalhuis-aan-de-vecht', 'Taalhuis aan de Vecht', 'Nederlands leren en oefenen met anderen.')},
  digital: {kind: 'did:web', ...site('bibliotheek-oog-in-al', 'Bibliotheek Oog in Al', 'Boeken, cursussen en hulp bij computers.')},
  care: {kind: 'did:web', key: 'P-384', ...site('zorgwerkplaats-overvecht', 'Zorgwerkplaats Overvecht', 'Korte cursussen over zorg en eerste hulp.')},
  welcome: {kind: 'did:key', ...site('welkom-in-lombok', 'Welkom in Lombok', 'Buren helpen nieuwe buren op weg.')},
  wood: {kind: 'did:web', ...site('houtwerkplaats-rotsoord', 'Houtwerkplaats Rotsoord', 'Werken met hout, voor beginners en doorzetters.')},
  code: {kind: 'did:web', ...site('codeclub-neude', 'Codeclub Neude', 'Leer programmeren op zaterdagmiddag.')},
  sound: {kind: 'did:web', published: false, ...site('studio-de-werf', 'Studio De Werf', 'Een opnamestudio voor jongeren.')},
  garden: {kind: 'did:web', ...site('moestuin-de-wiek', 'Moestuin De Wiek', 'Een tuin van en voor de buurt.')},
  energy: {kind: 'https', key: 'P-256', path: 'issuers/1', ...site('zonnewerk-utrecht', 'Zonnewerk Utrecht', 'Een leerbedrijf voor zonnestroom.')},
};

const lists = {
  wood: {url: 'https://houtwerkplaats-rotsoord.example/status/1', issuer: 'wood', set: [52]},
  bike: {url: 'https://de-spaak.example/status/1', issuer: 'bike', set: [9, 730]},
};

const achievement = (slug, host, fields) => ({id: `https://${host}.example/badges/${slug}`, achievementType: 'Badge', inLanguage: 'nl', ...fields});

const badges = [
  {
    name: 'barista', title: 'Barista', issuer: 'coffee', suite: 'eddsa-rdfc-2022', from: '2026-03-03T10:00:00Z', compact: true,
    recipient: {email, hashed: true, salt: 'domstad'},
    achievement: achievement('barista', 'koffieschool-domstad', {
      description: 'Zet goede koffie en ontvangt gasten.',
      criteria: {id: 'https://koffieschool-domstad.example/badges/barista', narrative: 'Je zette zelfstandig koffie voor 40 gasten.\n\n- Je stelde de molen af.\n- Je schuimde melk op en maakte 3 soorten koffie.\n- Je hield de bar en de machine schoon.\n- Je hielp gasten vriendelijk, ook als het druk was.'},
      image: image('coffee', 'Een kop koffie in een bruine zeshoek'),
      tag: ['koffie', 'horeca', 'gastvrijheid'],
      alignment: [esco('5132', 'Barpersoneel'), eqf(2), competent('gasten-ontvangen', 'Gasten ontvangen')],
    }),
    evidence: [
      proof('Foto van je latte art', 'Een blad van melkschuim, gemaakt op 27 februari 2026.', 'https://koffieschool-domstad.example/bewijs/latte-art', 'Foto'),
      proof('Woorden van je begeleider', 'Noor bleef rustig toen er een rij stond. De koffie was steeds even goed.'),
    ],
  },
  {
    name: 'fietsmaker', title: 'Fietsmaker', issuer: 'bike', suite: 'ecdsa-rdfc-2019', from: '2025-11-21T15:30:00Z', compact: true, as: ['png'], png: png('bike'),
    recipient: {email, hashed: true, salt: 'spaak'}, status: {list: 'bike', index: 1204},
    achievement: achievement('fietsmaker', 'de-spaak', {
      description: 'Maakt een fiets weer veilig en rijklaar.',
      criteria: {narrative: 'Je maakte 10 fietsen rijklaar.\n\n- Je plakte banden en zette nieuwe remblokjes.\n- Je stelde de versnelling af.\n- Je legde uit wat je had gedaan en wat het kostte.'},
      image: image('bike', 'Een fiets in een groene cirkel'),
      tag: ['fiets', 'techniek'],
      alignment: [esco('7234', 'Fietsenmakers'), eqf(2)],
    }),
    evidence: [proof('Werkboekje', 'Tien fietsen, met wat er stuk was en wat Noor deed.')],
  },
  {
    name: 'buurtkok', title: 'Buurtkok', issuer: 'kitchen', suite: 'hosted', from: '2026-06-12T18:00:00Z', picture: png('kitchen'),
    recipient: {email, hashed: true, salt: 'zuilen'},
    achievement: {
      description: 'Kookt met een groep voor de buurt.',
      criteria: {narrative: 'Je kookte 6 keer mee voor 30 mensen.\n\n- Je maakte een boodschappenlijst en bleef binnen het geld.\n- Je werkte schoon en veilig.\n- Je verdeelde de taken in de keuken.'},
      tags: ['koken', 'samenwerken'],
      alignment: [{targetName: 'Koks', targetUrl: 'http://data.europa.eu/esco/isco/C5120', targetCode: '5120', targetFramework: 'ESCO'}],
    },
    evidence: [{id: 'https://buurtkeuken-zuilen.example/bewijs/menu', narrative: 'Het menu van 12 juni, door Noor bedacht.'}],
  },
  {
    name: 'taalmaatje', title: 'Taalmaatje', issuer: 'language', suite: 'signed', from: '2025-12-18T13:00:00Z', as: ['png'], png: png('language'), picture: png('language'),
    recipient: {email, hashed: true, salt: 'vecht'},
    achievement: {
      description: 'Helpt iemand die Nederlands leert.',
      criteria: {narrative: 'Je sprak een half jaar lang elke week Nederlands met iemand die de taal leert.\n\n- Je luisterde en gaf de ander de tijd.\n- Je koos samen waarover jullie praatten.'},
      tags: ['taal', 'vrijwilliger'],
      alignment: [{targetName: 'Luisteren (voorbeeld)', targetUrl: 'https://competentnl.voorbeeld.example/vaardigheid/luisteren', targetFramework: 'CompetentNL'}],
    },
  },
  {
    name: 'moestuinier', title: 'Moestuinier', issuer: 'garden', suite: 'eddsa-rdfc-2022', model: '1.1', from: '2026-09-26T09:00:00Z', compact: true, as: ['svg'], svg: art.garden,
    recipient: {email, hashed: true, salt: 'wiek'},
    achievement: achievement('moestuinier', 'moestuin-de-wiek', {
      description: 'Zaait, verzorgt en oogst groente.',
      criteria: {narrative: 'Je verzorgde een seizoen lang een eigen stukje tuin.\n\n- Je zaaide op het goede moment.\n- Je gaf water en haalde onkruid weg.\n- Je oogstte genoeg om uit te delen.'},
      image: image('garden', 'Een plantje in een groen schild'),
      tag: ['tuin', 'groente'],
      alignment: [esco('6113', 'Tuinders en kwekers')],
    }),
  },
  {
    name: 'zonnepanelen', title: 'Zonnepanelen leggen', issuer: 'energy', suite: 'vc-jwt', from: '2026-05-08T16:00:00Z',
    recipient: {email, id: 'did:example:noor'}, art: 'energy',
    achievement: achievement('zonnepanelen', 'zonnewerk-utrecht', {
      description: 'Helpt bij het leggen van zonnepanelen.',
      criteria: {narrative: 'Je hielp bij 3 daken.\n\n- Je werkte veilig op hoogte.\n- Je legde rails en panelen recht.'},
      image: remote('zonnewerk-utrecht', 'zonnepanelen', 'Een bliksem in een gele ruit'),
      alignment: [esco('7411', 'Elektriciens'), eqf(2)],
    }),
  },
  {
    name: 'welkom-in-de-buurt', title: 'Welkom in de buurt', issuer: 'welcome', suite: 'eddsa-rdfc-2022', from: '2026-01-17T11:00:00Z', compact: true,
    recipient: {email}, art: 'welcome',
    achievement: {
      description: 'Wijst nieuwe buren de weg.',
      criteria: {narrative: 'Je liep met 2 nieuwe buren door de wijk. Je liet zien waar alles is.'},
      image: remote('welkom-in-lombok', 'welkom-in-de-buurt', 'Een huis in een groene ster'),
    },
  },
  {
    name: 'digitaal-op-weg', title: 'Digitaal op weg', issuer: 'digital', suite: 'vc-jwt', model: '1.1', from: '2025-06-10T10:00:00Z', until: '2026-06-10T10:00:00Z',
    recipient: {email, id: 'did:example:noor'}, art: 'digital',
    achievement: achievement('digitaal-op-weg', 'bibliotheek-oog-in-al', {
      description: 'Redt zich op een computer.',
      criteria: {narrative: 'Je volgde 8 lessen.\n\n- Je stuurde een mail met een bijlage.\n- Je vond betrouwbare informatie.\n- Je maakte een sterk wachtwoord.'},
      image: remote('bibliotheek-oog-in-al', 'digitaal-op-weg', 'Een scherm met een vinkje'),
      alignment: [{type: ['Alignment'], targetName: 'Informatie zoeken (voorbeeld)', targetUrl: 'https://digcomp.voorbeeld.example/1.1', targetCode: '1.1', targetFramework: 'DigComp'}],
    }),
  },
  {
    name: 'ehbo-in-de-wijk', title: 'EHBO in de wijk', issuer: 'care', suite: 'ecdsa-rdfc-2019', from: '2027-09-01T00:00:00Z', created: '2026-11-02T09:00:00Z', compact: true,
    recipient: {email, hashed: true, salt: 'overvecht'},
    achievement: achievement('ehbo', 'zorgwerkplaats-overvecht', {
      description: 'Verleent eerste hulp in de buurt.',
      criteria: {narrative: 'Je haalde de toets van de cursus EHBO.\n\n- Je belde op tijd om hulp.\n- Je oefende reanimeren.\n- Je verbond een wond.\n\nDe badge geldt vanaf het begin van het nieuwe jaar van de groep.'},
      image: image('care', 'Een hart met een kruis in een roze zeshoek'),
      alignment: [eqf(2), competent('eerste-hulp', 'Eerste hulp verlenen')],
    }),
  },
  {
    name: 'meubelmaker', title: 'Meubelmaker, stap 1', issuer: 'wood', suite: 'eddsa-rdfc-2022', from: '2025-10-04T14:00:00Z', compact: true, as: ['png'], png: png('wood'),
    recipient: {email, hashed: true, salt: 'rotsoord'}, status: {list: 'wood', index: 52},
    achievement: achievement('meubelmaker-1', 'houtwerkplaats-rotsoord', {
      description: 'Maakt een eenvoudig meubel van hout.',
      criteria: {narrative: 'Je maakte een krukje.\n\n- Je mat en tekende af.\n- Je zaagde, schuurde en lijmde.'},
      image: image('wood', 'Een duimstok in een bruin schild'),
      alignment: [esco('7115', 'Timmerlieden')],
    }),
  },
  {
    name: 'website-bouwen', title: 'Website bouwen', issuer: 'code', suite: 'eddsa-rdfc-2022', from: '2026-02-14T12:00:00Z', compact: true,
    recipient: {email, hashed: true, salt: 'neude'},
    achievement: achievement('website-bouwen', 'codeclub-neude', {
      description: 'Bouwt een eerste eigen website.',
      criteria: {narrative: 'Je bouwde een website van 2 pagina\'s.\n\n- Je schreef HTML en CSS.\n- Je zette de site online.'},
      image: image('code', 'Haakjes van code in een blauw vierkant'),
      alignment: [esco('2513', 'Webontwikkelaars')],
    }),
    // Somebody made more of it after it was signed.
    spoil: credential => { credential.credentialSubject.achievement.criteria.narrative = 'Je bouwde 12 websites voor bedrijven.'; },
  },
  {
    name: 'podcastmaker', title: 'Podcastmaker', issuer: 'sound', suite: 'eddsa-rdfc-2022', from: '2025-05-23T17:00:00Z', compact: true, as: ['png'], png: png('sound'),
    recipient: {email, hashed: true, salt: 'werf'},
    achievement: achievement('podcastmaker', 'studio-de-werf', {
      description: 'Maakt een eigen podcast.',
      criteria: {narrative: 'Je maakte 3 afleveringen van een podcast.\n\n- Je bedacht vragen en nam een gesprek op.\n- Je knipte het geluid.'},
      image: image('sound', 'Een microfoon in een paarse ruit'),
    }),
  },
];

/** What each badge comes out as in the demo wallet, and why. A test holds the judge to it. */
export const expected = {
  barista: ['valid'], fietsmaker: ['valid'], buurtkok: ['valid'], taalmaatje: ['valid'], moestuinier: ['valid'], zonnepanelen: ['valid'],
  'welkom-in-de-buurt': ['attention', 'issuer_unknown'],
  'digitaal-op-weg': ['attention', 'expired'],
  'ehbo-in-de-wijk': ['attention', 'not_yet_valid'],
  meubelmaker: ['invalid', 'revoked'],
  'website-bouwen': ['invalid', 'tampered'],
  podcastmaker: ['cannot_tell', 'unreachable'],
};

/** The issuers on the demo learner's own list. */
export const known = ['coffee', 'garden'];

export default {issuers, lists, badges};
