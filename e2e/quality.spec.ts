// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@playwright/test';
import { signIn, unmask } from './people';

test('household: confirmed and taken back; a worklist by keyboard; a key leads to its customer', async ({ page }) => {
  await signIn(page);
  await unmask(page);
  // A household of the demo company is confirmed, and that is taken back.
  await page.goto('/households');
  const first = page.getByRole('article').first();
  await expect(first).toBeVisible();
  const name = await first.getByRole('link').first().innerText();
  await first.getByRole('button', { name: '확정' }).click();
  await expect(page.getByText('가구를 확정했습니다.')).toBeVisible();
  await expect(page.getByRole('article').first().getByRole('link').first()).not.toHaveText(name);
  const undone = page.waitForResponse((r) => r.url().includes('/undo') && r.request().method() === 'POST');
  await page.getByRole('button', { name: '실행 취소' }).first().click();
  expect((await undone).ok()).toBeTruthy();

  // The next record is one key away, and nobody else gets it meanwhile.
  await page.goto('/quality/work?kind=invalid');
  const customer = page.getByRole('link', { name: /./ }).and(page.locator('section a[href^="/customers/"]')).first();
  const before = await customer.getAttribute('href');
  const taken = page.waitForResponse((r) => r.url().endsWith('/api/worklists/next') && r.status() === 200);
  await page.getByRole('textbox').or(page.locator('input[type="date"]')).last().press('Escape');
  await page.keyboard.press('y');
  await taken;
  await expect(page.getByText('이대로 맞다고 기억합니다.')).toBeVisible();
  await expect(customer).not.toHaveAttribute('href', before ?? '');

  // A key of any system leads to its customer.
  const rows = (await (await page.request.get('/api/keys/conflicts?kind=double&limit=1')).json()) as {
    items: { keys: string[]; customers: { id: number }[] }[];
  };
  const [conflict] = rows.items;
  expect(conflict, 'the demo company has a person with two keys').toBeTruthy();
  await page.goto('/keys');
  await page.getByPlaceholder('번호를 입력하세요').fill(conflict?.keys[0] ?? '');
  await page.getByPlaceholder('번호를 입력하세요').press('Enter');
  await expect(page.locator(`a[href="/customers/${conflict?.customers[0]?.id}"]`).first()).toBeVisible();
});

test('dataquality: departments disagree, one value is chosen, and the next takes its place', async ({ page }) => {
  await signIn(page);
  await unmask(page);
  await page.goto('/quality?tab=reconcile');
  const open = async () => {
    const list = await page.request.get('/api/issues?kind=disagreement&limit=1');
    return ((await list.json()) as { total: { count: number } }).total.count;
  };
  const choose = page.getByRole('button', { name: '이 값으로' });
  await expect(choose.first()).toBeVisible();
  const before = await open();
  await choose.first().click();
  await expect.poll(open).toBe(before - 1);
  await expect(choose.first()).toBeVisible();
  await page.goto('/quality?tab=contributions');
  await expect(page.getByRole('cell', { name: /^[1-9]/ }).first()).toBeVisible();
});
