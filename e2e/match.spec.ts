// SPDX-License-Identifier: Apache-2.0
import { expect, test, type Page } from '@playwright/test';
import { axeFaults, signIn, unmask } from './people';

interface Run {
  id: number;
  state: string;
  merged: number;
  undone: number;
}

const runs = async (page: Page) => ((await (await page.request.get('/api/match/runs')).json()) as { items: Run[] }).items;
const waiting = async (page: Page) =>
  ((await (await page.request.get('/api/match/pairs?limit=1')).json()) as { total: { count: number } }).total.count;

/** Waits until no run works any more. */
async function settled(page: Page): Promise<Run> {
  await expect
    .poll(async () => (await runs(page)).some((run) => ['queued', 'running', 'undoing'].includes(run.state)), {
      timeout: 180_000,
      intervals: [1000],
    })
    .toBe(false);
  const [newest] = await runs(page);
  return newest as Run;
}

test('match: a run, the review by keyboard, and both taken back', async ({ page }) => {
  test.setTimeout(600_000);
  await signIn(page);
  await unmask(page);
  await settled(page); // the demo company starts with a run of its own
  await page.goto('/match');
  await page.getByRole('button', { name: '같은 사람 찾기' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: '같은 사람 찾기' }).click();
  await expect(page.getByText('지금 같은 사람을 찾고 있습니다')).toBeVisible();
  const run = await settled(page);
  expect(run.state).toBe('done');
  const before = await waiting(page);
  expect(before).toBeGreaterThan(3);

  await page.goto('/match/review');
  await expect(page.getByText(/^1 \/ [\d,]+\+?쌍$/)).toBeVisible();
  await expect(page.getByRole('rowheader', { name: '합계' })).toBeVisible();
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press('s');
  await expect.poll(() => waiting(page)).toBeLessThan(before);
  const afterSame = await waiting(page);
  await page.keyboard.press('d');
  await expect.poll(() => waiting(page)).toBeLessThan(afterSame);
  await page.keyboard.press('u');
  await expect(page.getByText('판정을 되돌렸습니다').first()).toBeVisible();
  await expect.poll(() => waiting(page)).toBe(afterSame);
  await page.keyboard.press('u');
  await expect.poll(() => waiting(page)).toBe(before);
  await page.getByRole('tab', { name: '판정 기록' }).click();
  await expect(page.getByText('되돌림').first()).toBeVisible();

  const merged = (await runs(page)).find((one) => one.merged > one.undone);
  expect(merged, 'the demo company has doubles beyond doubt').toBeTruthy();
  await page.goto(`/match/runs/${(merged as Run).id}`);
  await page.getByRole('button', { name: '통째로 되돌리기' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '통째로 되돌리기' }).click();
  await expect(page.getByText('되돌림', { exact: true }).first()).toBeVisible({ timeout: 180_000 });
});
