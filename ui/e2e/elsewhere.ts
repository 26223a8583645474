import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';

const ask = (page: Page, command: string, args: unknown): Promise<unknown> =>
  page.evaluate(async ([command, body]) => (await fetch(`/api/${command}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json(), [command, JSON.stringify(args)] as const);

/** Plans the first activity as if elsewhere: the core tells every screen that something changed. */
export async function planFirst(page: Page): Promise<void> {
  const { activities } = (await ask(page, 'activities', { query: {} })) as { activities: { id: string }[] };
  await ask(page, 'plan_activity', { id: activities[0]?.id, planned: true });
}

/** Keeps a badge as if elsewhere. */
export async function keepBadge(page: Page, path: string): Promise<void> {
  const file = { name: 'badge.json', bytes: (await readFile(path)).toString('base64'), media_type: null };
  const { id } = (await ask(page, 'inspect', { input: { file }, origin: 'person' })) as { id: string };
  await ask(page, 'save', { id, chosen: [0] });
}
