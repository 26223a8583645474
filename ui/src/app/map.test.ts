import { describe, expect, it } from 'vitest';
import { begun, clustered, dragged, fitted, inLines, metres, metresPerPixel, niceLength, onWorld, overlap, placed, project, tiles, unproject, width, zoomed, type Box, type View } from './map';

const dom = { lat: 52.0907, lng: 5.1214 };
const random = (() => {
  let seed = 7;
  return () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
})();
const around = (count: number, spread = 0.05) => Array.from({ length: count }, () => ({ lat: dom.lat + (random() - 0.5) * spread, lng: dom.lng + (random() - 0.5) * spread }));

describe('the plane', () => {
  it('gives back the place that was put on it', () => {
    for (const place of [dom, { lat: 0, lng: 0 }, { lat: -33.9, lng: 151.2 }, { lat: 69.6, lng: 18.9 }, ...around(200, 10)]) {
      const back = unproject(project(place));
      expect(back.lat).toBeCloseTo(place.lat, 9);
      expect(back.lng).toBeCloseTo(place.lng, 9);
    }
  });

  it('has north up and east to the right', () => {
    const middle = project(dom);
    expect(project({ ...dom, lat: dom.lat + 0.01 }).y).toBeLessThan(middle.y);
    expect(project({ ...dom, lng: dom.lng + 0.01 }).x).toBeGreaterThan(middle.x);
  });

  it('knows real distances', () => {
    // The towers of Utrecht and Amersfoort, and two cathedrals far apart.
    expect(metres(dom, { lat: 52.1552, lng: 5.3875 })).toBeGreaterThan(19_300);
    expect(metres(dom, { lat: 52.1552, lng: 5.3875 })).toBeLessThan(19_700);
    expect(metres({ lat: 48.853, lng: 2.3499 }, { lat: 51.5138, lng: -0.0984 })).toBeGreaterThan(340_000);
    expect(metres({ lat: 48.853, lng: 2.3499 }, { lat: 51.5138, lng: -0.0984 })).toBeLessThan(347_000);
  });
});

describe('the scale bar', () => {
  it('is as long as it says, within 1 %, at every latitude and zoom', () => {
    for (const lat of [0, 28, 45, 52.09, 60, 69.6]) {
      for (let zoom = 9; zoom <= 18; zoom += 0.7) {
        const view: View = { ...project({ lat, lng: 5 }), zoom };
        const perPixel = metresPerPixel(view);
        const said = niceLength(perPixel, 110);
        const pixels = said / perPixel;
        expect(pixels).toBeLessThanOrEqual(110);
        expect(pixels).toBeGreaterThan(110 / 2.6);
        const west = unproject({ x: view.x - pixels / 2 / width(zoom), y: view.y });
        const east = unproject({ x: view.x + pixels / 2 / width(zoom), y: view.y });
        expect(Math.abs(metres(west, east) / said - 1)).toBeLessThan(0.01);
        const north = unproject({ x: view.x, y: view.y - pixels / 2 / width(zoom) });
        const south = unproject({ x: view.x, y: view.y + pixels / 2 / width(zoom) });
        expect(Math.abs(metres(north, south) / said - 1)).toBeLessThan(0.01);
        expect(onWorld(said, lat) * width(zoom)).toBeCloseTo(pixels, 6);
      }
    }
  });

  it('says 1, 2 or 5 with noughts', () => {
    for (let perPixel = 0.3; perPixel < 3000; perPixel *= 1.17) expect(String(niceLength(perPixel, 100))).toMatch(/^(1|2|5)0*$/);
  });
});

describe('moving', () => {
  it('zooms around the finger', () => {
    const view: View = { ...project(dom), zoom: 13 };
    const finger = { x: 120, y: -80 };
    const under = (one: View) => ({ x: one.x + finger.x / width(one.zoom), y: one.y + finger.y / width(one.zoom) });
    const after = zoomed(view, 15.5, finger);
    expect(under(after).x).toBeCloseTo(under(view).x, 12);
    expect(under(after).y).toBeCloseTo(under(view).y, 12);
    expect(zoomed(view, 40).zoom).toBe(18);
    expect(zoomed(view, -4).zoom).toBe(3);
  });

  it('drags what is under the finger along', () => {
    const view: View = { ...project(dom), zoom: 13 };
    const after = dragged(view, { x: 50, y: 20 });
    expect((view.x - after.x) * width(13)).toBeCloseTo(50);
    expect((view.y - after.y) * width(13)).toBeCloseTo(20);
  });

  it('fits everything in', () => {
    const points = around(60).map(project);
    const size = { width: 360, height: 400 };
    const view = fitted(points, size);
    for (const point of points) {
      expect(Math.abs(point.x - view.x) * width(view.zoom)).toBeLessThanOrEqual(180 - 55);
      expect(Math.abs(point.y - view.y) * width(view.zoom)).toBeLessThanOrEqual(200 - 55);
    }
    expect(fitted([project(dom)], size).zoom).toBe(16);
  });

  it('begins around the middle, also with one far away', () => {
    const points = [...around(50, 0.02), { lat: 48.8, lng: 2.3 }].map(project);
    const view = begun(points, project(dom), { width: 360, height: 400 });
    expect(view.x).toBeCloseTo(project(dom).x, 9);
    expect(view.zoom).toBeGreaterThan(12);
    expect(begun([], undefined, { width: 360, height: 400 }).zoom).toBe(12);
    expect(begun([], project(dom), { width: 360, height: 400 }).zoom).toBe(12);
  });
});

describe('clusters', () => {
  it('keep every mark exactly once, and keep their distance', () => {
    const points = [...around(2000), ...Array.from({ length: 12 }, () => dom)].map(project);
    for (const zoom of [9, 12, 14.5, 18]) {
      const found = clustered(points, zoom, 56);
      expect(found.flatMap((one) => one.members).sort((a, b) => a - b)).toEqual(points.map((_, place) => place));
      let least = Infinity;
      found.forEach((one, place) => {
        for (let next = place + 1; next < found.length; next += 1) {
          const other = found[next];
          if (other) least = Math.min(least, (one.x - other.x) ** 2 + (one.y - other.y) ** 2);
        }
      });
      expect(Math.sqrt(least) * width(zoom)).toBeGreaterThanOrEqual(56 - 1e-6);
    }
  });

  it('of 5,000 marks are quick to find', () => {
    const points = around(5000).map(project);
    const start = performance.now();
    for (let zoom = 10; zoom < 18; zoom += 0.5) clustered(points, zoom, 56);
    expect((performance.now() - start) / 16).toBeLessThan(200);
  });
});

describe('names', () => {
  it('do not touch each other or what is taken', () => {
    const box = (): Box => ({ x: random() * 800, y: random() * 600, width: 60 + random() * 90, height: 20 });
    const taken = Array.from({ length: 20 }, () => ({ ...box(), width: 48, height: 48 }));
    const found = placed(Array.from({ length: 120 }, (_, what) => ({ what, boxes: [box(), box(), box()] })), taken);
    expect(found.length).toBeGreaterThan(10);
    found.forEach(({ box: one }, place) => {
      for (const other of [...taken, ...found.slice(place + 1).map((each) => each.box)]) expect(overlap(one, other)).toBe(false);
    });
  });

  it('stand in at most two lines', () => {
    expect(inLines('Bibliotheek Neude', 18)).toEqual(['Bibliotheek Neude']);
    expect(inLines('Leerwerkplaats Domstad (fictief)', 18)).toEqual(['Leerwerkplaats', 'Domstad (fictief)']);
    expect(inLines('Stichting Vakmanschap en Veiligheid Midden-Nederland', 18)).toEqual(['Stichting', 'Vakmanschap en…']);
    expect(inLines('Bouwvakkersopleidingsinstituut', 18)).toEqual(['Bouwvakkersopleidi…']);
  });
});

describe('tiles', () => {
  it('cover the view and lie where they belong', () => {
    const view: View = { ...project(dom), zoom: 13.3 };
    const size = { width: 360, height: 420 };
    const found = tiles(view, size);
    const west = view.x - 180 / width(view.zoom);
    expect(Math.min(...found.map((tile) => tile.x))).toBeLessThanOrEqual(west);
    expect(Math.max(...found.map((tile) => tile.x + tile.size))).toBeGreaterThanOrEqual(view.x + 180 / width(view.zoom));
    // The tile of the Dom tower, as every tile server numbers it.
    expect(found).toContainEqual(expect.objectContaining({ z: 13, column: 4212, row: 2702 }));
    expect(found.length).toBeLessThanOrEqual(12);
  });
});
