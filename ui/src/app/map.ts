import type { Place } from '../backend/types.gen';

/** A point on a plane: of the world (0 to 1, Web Mercator) or of a picture (pixels). */
export interface Point {
  x: number;
  y: number;
}

/** What a map shows: its middle on the plane of the world, and how near. North is up. */
export interface View extends Point {
  zoom: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

const earth = 6_378_137;
const round = 2 * Math.PI * earth;
export const nearest = 18;
export const farthest = 3;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const between = (least: number, value: number, most: number): number => Math.min(most, Math.max(least, value));

export function project({ lat, lng }: Place): Point {
  const sine = between(-0.9999, Math.sin(radians(lat)), 0.9999);
  return { x: lng / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

export function unproject({ x, y }: Point): Place {
  return { lat: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI, lng: (x - 0.5) * 360 };
}

/** How many pixels the world is wide. */
export const width = (zoom: number): number => 256 * 2 ** zoom;

/** How many metres a pixel is. Mercator stretches with the latitude, so it is that of the middle. */
export function metresPerPixel(view: View): number {
  return (round * Math.cos(radians(unproject(view).lat))) / width(view.zoom);
}

/** How far two places are from each other, in metres. */
export function metres(one: Place, other: Place): number {
  const half = (angle: number): number => Math.sin(radians(angle) / 2) ** 2;
  const chord = half(other.lat - one.lat) + Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * half(other.lng - one.lng);
  return 2 * earth * Math.asin(Math.sqrt(Math.min(1, chord)));
}

/** The longest length of 1, 2 or 5 tens that fits in so many pixels, in metres. */
export function niceLength(perPixel: number, most: number): number {
  const room = perPixel * most;
  const ten = 10 ** Math.floor(Math.log10(room));
  const times = room / ten;
  return (times >= 5 ? 5 : times >= 2 ? 2 : 1) * ten;
}

/** A length in metres on the plane of the world, at a latitude. */
export const onWorld = (length: number, lat: number): number => length / (round * Math.cos(radians(lat)));

/** The view after a zoom that leaves what is under a pixel, counted from the middle, where it is. */
export function zoomed(view: View, zoom: number, at: Point = { x: 0, y: 0 }): View {
  const next = between(farthest, zoom, nearest);
  const moved = 1 / width(view.zoom) - 1 / width(next);
  return { x: view.x + at.x * moved, y: between(0, view.y + at.y * moved, 1), zoom: next };
}

/** The view after it was dragged by so many pixels. */
export function dragged(view: View, by: Point): View {
  return { ...view, x: between(0, view.x - by.x / width(view.zoom), 1), y: between(0, view.y - by.y / width(view.zoom), 1) };
}

/** The view in which all points are seen, with room around them; at most so near. */
export function fitted(points: Point[], size: { width: number; height: number }, room = 56, most = 16): View {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [west, east, north, south] = [min(xs), -min(xs.map((x) => -x)), min(ys), -min(ys.map((y) => -y))];
  const across = Math.max(1, size.width - 2 * room) / Math.max(east - west, 1e-12);
  const down = Math.max(1, size.height - 2 * room) / Math.max(south - north, 1e-12);
  return { x: (west + east) / 2, y: (north + south) / 2, zoom: between(farthest, Math.log2(Math.min(across, down) / 256), most) };
}
const min = (values: number[]): number => values.reduce((least, value) => Math.min(least, value), Infinity);

/** The view with which a map begins: around its middle, with most of what is there and not the few far away. */
export function begun(points: Point[], middle: Point | undefined, size: { width: number; height: number }): View {
  if (!middle) return points.length > 0 ? fitted(points, size) : { ...project({ lat: 52.09, lng: 5.12 }), zoom: 12 };
  const by = points.map((point) => Math.max(Math.abs(point.x - middle.x), Math.abs(point.y - middle.y))).sort((a, b) => a - b);
  const most = by[Math.floor((by.length - 1) * 0.8)] ?? 0;
  const corners = [{ x: middle.x - most, y: middle.y - most }, { x: middle.x + most, y: middle.y + most }];
  const view = fitted(corners, size, 36);
  return { ...view, zoom: points.length > 0 ? between(10, view.zoom, 15) : 12 };
}

/** Things that would be drawn upon each other. It stands where its first one is. */
export interface Cluster extends Point {
  /** Places in the list that was given. */
  members: number[];
}

/** Puts together what is less than so many pixels apart: each point is in one cluster, and clusters are never nearer than that. */
export function clustered(points: Point[], zoom: number, apart: number): Cluster[] {
  const cell = apart / width(zoom);
  const cells = new Map<number, Cluster[]>();
  const key = (column: number, row: number): number => column * 2 ** 24 + row;
  const all: Cluster[] = [];
  points.forEach((point, place) => {
    const [column, row] = [Math.floor(point.x / cell), Math.floor(point.y / cell)];
    let best: Cluster | undefined;
    let least = cell;
    for (let x = column - 1; x <= column + 1; x += 1) {
      for (let y = row - 1; y <= row + 1; y += 1) {
        for (const one of cells.get(key(x, y)) ?? []) {
          const far = Math.hypot(one.x - point.x, one.y - point.y);
          if (far < least) [best, least] = [one, far];
        }
      }
    }
    if (best) {
      best.members.push(place);
      return;
    }
    const cluster = { ...point, members: [place] };
    all.push(cluster);
    const there = cells.get(key(column, row));
    if (there) there.push(cluster);
    else cells.set(key(column, row), [cluster]);
  });
  return all;
}

export function overlap(one: Box, other: Box): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
}

/** A name that wants a place: the boxes in which it may stand, the best first. */
export interface Wanted<T> {
  what: T;
  boxes: Box[];
}

/** Names that do not touch each other or what is taken; those that came first go first. A name without room is left out. */
export function placed<T>(wanted: Wanted<T>[], taken: Box[]): { what: T; box: Box }[] {
  const full = [...taken];
  return wanted.flatMap(({ what, boxes }) => {
    const box = boxes.find((one) => !full.some((other) => overlap(one, other)));
    if (!box) return [];
    full.push(box);
    return [{ what, box }];
  });
}

/** A name in at most two lines of about so many letters. What is left over is left out: the list beside the map has it whole. */
export function inLines(name: string, most: number): string[] {
  const lines: string[] = [''];
  for (const word of name.split(/\s+/)) {
    const line = lines[lines.length - 1] ?? '';
    if (line === '' || line.length + word.length < most + 2) lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    else lines.push(word);
  }
  const cut = (line: string): string => (line.length > most + 4 ? `${line.slice(0, most)}…` : line);
  const [first = '', second] = lines;
  if (second === undefined) return [cut(first)];
  return [cut(first), lines.length > 2 && second.length <= most + 4 ? `${second}…` : cut(second)];
}

/** A square of a street map, and where it is on the plane of the world. */
export interface Tile extends Point {
  z: number;
  column: number;
  row: number;
  /** How wide and high, on the plane of the world. */
  size: number;
}

/** The squares that a view needs. */
export function tiles(view: View, size: { width: number; height: number }): Tile[] {
  const z = between(0, Math.round(view.zoom), nearest);
  const count = 2 ** z;
  const across = size.width / 2 / width(view.zoom);
  const down = size.height / 2 / width(view.zoom);
  const last = (value: number): number => between(0, Math.floor(value * count), count - 1);
  const found: Tile[] = [];
  for (let row = last(view.y - down); row <= last(view.y + down); row += 1) {
    for (let column = last(view.x - across); column <= last(view.x + across); column += 1) {
      found.push({ z, column, row, x: column / count, y: row / count, size: 1 / count });
    }
  }
  return found;
}
