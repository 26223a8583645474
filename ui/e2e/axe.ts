import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { expect } from './wallet';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** WCAG 2.2 A and AA and best practices, colour contrast on. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  // The page's own policy forbids injected scripts; the debugger may evaluate.
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(readFileSync(axePath, 'utf8'));
  }
  const results = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (context: unknown, options: unknown) => Promise<AxeResults> } };
    const all = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] });
    // What lies half under the bar at the bottom can be scrolled out from under it: it is measured where a person would tap it.
    const cut = all.violations.find((violation) => violation.id === 'target-size');
    const still = [];
    for (const node of cut?.nodes ?? []) {
      document.querySelector(String(node.target[0]))?.scrollIntoView({ block: 'center', behavior: 'instant' });
      const again = await axe.run({ include: [node.target] }, { runOnly: { type: 'rule', values: ['target-size'] }, resultTypes: ['violations'] });
      if (again.violations.length > 0) still.push(node);
    }
    if (cut) {
      cut.nodes = still;
      window.scrollTo({ top: 0, behavior: 'instant' });
    }
    return { violations: all.violations.filter((violation) => violation.nodes.length > 0) };
  });
  const told = results.violations.map((violation) => `${name}: ${violation.id} ${violation.nodes.map((node) => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')).join(' | ')}`);
  expect.soft(told).toEqual([]);
}
