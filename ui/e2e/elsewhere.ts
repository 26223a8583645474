import type { Page } from '@playwright/test';

/** Plans the first activity as if elsewhere: the core tells every screen that something changed. */
export async function planFirst(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ask = async (command: string, args: unknown): Promise<unknown> => (await fetch(`/api/${command}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(args) })).json();
    const { activities } = (await ask('activities', { query: {} })) as { activities: { id: string }[] };
    await ask('plan_activity', { id: activities[0]?.id, planned: true });
  });
}
