// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@playwright/test';
import { signIn } from './people';

test('intake: a file is dropped, understood, tried, loaded with its bad row told, and undone', async ({ page }) => {
  await signIn(page);
  const stamp = String(Date.now()).slice(-6);
  const rows = ['회원번호,이름,휴대폰,이메일,가입일', ...Array.from({ length: 30 }, (_, i) =>
    `77${stamp}${String(i).padStart(2, '0')},시험${'가나다라마바사아자차'[i % 10]}${'하파타'[i % 3]},010-45${String(i).padStart(2, '0')}-${stamp.slice(-4)},e2e${stamp}.${i}@example.org,2026-01-${String((i % 28) + 1).padStart(2, '0')}`,
  )];
  rows.push(`,이름만있는사람,1.01235E+10,no-at-sign,2026-13-45`);
  await page.goto('/import');
  await page.locator('input[type=file]').first().setInputFiles({
    name: `members-${stamp}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(`\ufeff${rows.join('\r\n')}\r\n`, 'utf-8'),
  });
  await expect(page.getByText('회원번호').first()).toBeVisible();
  const source = page.getByLabel('출처', { exact: false }).first();
  await source.fill(`e2e-${stamp}`);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '열 연결로' }).click();
  await page.getByRole('button', { name: '미리 점검' }).click();
  await expect(page.getByText('새 고객이 될 행')).toBeVisible();
  await page.getByRole('button', { name: /가져오기/ }).last().click();
  await expect(page.getByText('완료').first()).toBeVisible({ timeout: 60_000 });

  const batches = (await (await page.request.get('/api/batches?limit=5')).json()) as {
    items: { id: number; source: string; file_name: string; counts: { created: number; rejected: number } }[];
  };
  const batch = batches.items.find((b) => b.source === `e2e-${stamp}`);
  expect(batch?.counts).toMatchObject({ created: 30, rejected: 1 });
  expect(batch?.file_name).toBe(`members-${stamp}.csv`);
  const found = await page.request.get(`/api/customers?q=e2e${stamp}.3@example.org`);
  expect(((await found.json()) as { items: unknown[] }).items).toHaveLength(1);

  const undo = await page.request.post(`/api/batches/${batch?.id}/undo`, { headers: { 'X-Dangol': '1' }, data: {} });
  expect(undo.ok(), await undo.text()).toBeTruthy();
  await expect
    .poll(async () => {
      const again = await page.request.get(`/api/customers?q=e2e${stamp}.3@example.org`);
      return ((await again.json()) as { items: unknown[] }).items.length;
    }, { timeout: 60_000 })
    .toBe(0);
});
