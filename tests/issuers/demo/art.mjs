// The pictures of the demo badges, drawn for this project: a strong shape, a pale middle, one symbol.

import {Resvg} from '@resvg/resvg-js';

const svg = body => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${body}</svg>`;
const line = (colour, width = 4) => `fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"`;

const hexagon = (dark, pale) => `<path d="M50 4 90 27v46L50 96 10 73V27Z" fill="${dark}"/><path d="M50 12 83 31v38L50 88 17 69V31Z" fill="${pale}"/>`;
const circle = (dark, pale) => `<circle cx="50" cy="50" r="46" fill="${dark}"/><circle cx="50" cy="50" r="38" fill="${pale}"/>`;
const square = (dark, pale) => `<rect x="8" y="8" width="84" height="84" rx="24" fill="${dark}"/><rect x="16" y="16" width="68" height="68" rx="18" fill="${pale}"/>`;
const points = Array.from({length: 24}, (_, i) => {
  const [angle, radius] = [(i * Math.PI) / 12, i % 2 ? 39 : 47];
  return `${(50 + radius * Math.sin(angle)).toFixed(1)},${(50 - radius * Math.cos(angle)).toFixed(1)}`;
}).join(' ');
const star = (dark, pale) => `<polygon points="${points}" fill="${dark}" stroke="${dark}" stroke-width="3" stroke-linejoin="round"/><circle cx="50" cy="50" r="33" fill="${pale}"/>`;
const shield = (dark, pale) => `<path d="M50 4c12 8 26 11 40 11v33c0 24-16 40-40 48C26 88 10 72 10 48V15c14 0 28-3 40-11Z" fill="${dark}"/><path d="M50 13c10 6 21 9 32 9.600V48c0 20-13 32-32 39.500C31 80 18 68 18 48V22.600C29 22 40 19 50 13Z" fill="${pale}"/>`;
const diamond = (dark, pale) => `<rect x="15" y="15" width="70" height="70" rx="16" fill="${dark}" transform="rotate(45 50 50)"/><rect x="21.500" y="21.500" width="57" height="57" rx="11" fill="${pale}" transform="rotate(45 50 50)"/>`;

/** The drawings by name. */
export const art = {
  coffee: svg(hexagon('#7A3E1D', '#F4D9B0')
    + '<path d="M31 45h32v13a16 16 0 0 1-32 0Z" fill="#7A3E1D"/><path d="M63 48h4a7 7 0 0 1 0 14h-5" fill="none" stroke="#7A3E1D" stroke-width="4"/>'
    + `<path d="M40 38c-4-5 4-7 0-12M50 38c-4-5 4-7 0-12M36 77h22" ${line('#7A3E1D', 3.5)}/>`),
  bike: svg(circle('#0E6B74', '#D8F1EC')
    + `<g ${line('#0E6B74')}><circle cx="33" cy="59" r="12"/><circle cx="68" cy="59" r="12"/><path d="m33 59 9-20h17l9 20M42 39l10 20 11-16M33 59h19M38 36h8M60 34h6"/></g>`),
  digital: svg(square('#3B2FB8', '#E4E1FF')
    + `<g ${line('#3B2FB8', 4.5)}><rect x="28" y="33" width="44" height="30" rx="4"/><path d="M42 72h16M50 63v9M41 48l6 6 12-12"/></g>`),
  language: svg(star('#B3261E', '#FFE3DC')
    + '<path transform="translate(3 0)" d="M34 40h22a5 5 0 0 1 5 5v8a5 5 0 0 1-5 5H45l-8 8v-8h-3a5 5 0 0 1-5-5v-8a5 5 0 0 1 5-5Z" fill="#B3261E"/>'),
  garden: svg(shield('#2F6B2A', '#E3F3D6')
    + `<path d="M50 74V46" ${line('#2F6B2A', 4.5)}/><path d="M50 52c-1-13-9-20-22-20 0 13 8 21 22 20ZM50 46c0-11 7-18 20-19 0 12-7 20-20 19Z" fill="#2F6B2A"/><path d="M38 75h24" ${line('#2F6B2A', 4.5)}/>`),
  kitchen: svg(circle('#A6451B', '#FFE8D6')
    + '<path d="M28 47h44v12a15 15 0 0 1-15 15H43a15 15 0 0 1-15-15Z" fill="#A6451B"/>'
    + `<path d="M24 47h52M44 38h12M50 38v-5M22 53h4M74 53h4" ${line('#A6451B', 4.5)}/>`),
  care: svg(hexagon('#9B1B5A', '#FBE1EE')
    + '<path d="M50 72C34 61 27 53 27 43.500 27 36 32.500 31 39 31c4.500 0 8.500 2.500 11 6.500 2.500-4 6.500-6.500 11-6.500 6.500 0 12 5 12 12.500C73 53 66 61 50 72Z" fill="#9B1B5A"/>'
    + '<path d="M50 42v16M42 50h16" stroke="#FBE1EE" stroke-width="5" stroke-linecap="round"/>'),
  sound: svg(diamond('#6A2C91', '#F0E2FA')
    + '<rect x="42" y="26" width="16" height="28" rx="8" fill="#6A2C91"/>'
    + `<path d="M34 46a16 16 0 0 0 32 0M50 62v9M41 72h18" ${line('#6A2C91')}/>`),
  code: svg(square('#155799', '#DCEBFA')
    + `<path d="m38 38-13 12 13 12M62 38l13 12-13 12M55 33 45 67" ${line('#155799', 5)}/>`),
  wood: svg(shield('#6B4A1F', '#F3E6CF')
    + `<path d="M28 62 60 30l12 12-32 32Z" ${line('#6B4A1F')}/><path d="m36 54 5 5M43 47l5 5M50 40l5 5M57 33l5 5" ${line('#6B4A1F', 3)}/>`),
  energy: svg(diamond('#A86400', '#FFF1CC')
    + '<path d="M53 24 33 54h14l-3 22 22-32H51Z" fill="#A86400"/>'),
  welcome: svg(star('#00695C', '#D5F2EC')
    + `<path d="M36 63V45l14-12 14 12v18Z" ${line('#00695C')}/><path d="M46 63V52h8v11" ${line('#00695C')}/>`),
};

/** A drawing as a `data:` address. */
export function dataUri(name) {
  return `data:image/svg+xml;base64,${Buffer.from(art[name]).toString('base64')}`;
}

/** A drawing as a PNG of `size` pixels. */
export function png(name, size = 256) {
  return Buffer.from(new Resvg(art[name], {fitTo: {mode: 'width', value: size}}).render().asPng());
}
