// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@playwright/test';
import { signIn } from './people';

const head = { headers: { 'X-Dangol': '1' } };

interface Journey {
  id: number;
  version: number;
  graph: { steps: { id: string; kind: string }[] };
  counts: { entered: number; active: number; done: number; control: number; steps: Record<string, { taken: number; campaign_id?: number }> };
}

test('journey: built on the canvas, tried on last month, started, people walk through', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page);
  await page.goto('/journeys');
  await page.getByRole('button', { name: '새 여정' }).first().click();
  await expect(page).toHaveURL(/journeys\/\d+/);
  const id = Number(/journeys\/(\d+)/.exec(page.url())?.[1]);
  const find = async () => (await (await page.request.get(`/api/journeys/${id}`)).json()) as Journey;
  await page.getByLabel('여정 이름').fill(`시험 여정 ${Date.now()}`);
  await page.getByRole('combobox', { name: '시작하는 일' }).click();
  await page.getByRole('option', { name: '세그먼트 전원, 한 번' }).click();
  await page.getByRole('combobox', { name: '세그먼트', exact: true }).click();
  await page.getByRole('option').first().click();
  await page.getByLabel('보내지 않는 시각, 부터').fill('');
  await page.getByLabel('까지', { exact: true }).fill('');
  // A mail after the entry, then the end.
  await page.getByRole('button', { name: /다음에 단계 넣기/ }).first().click();
  await page.getByRole('menuitem', { name: '메일 보내기' }).click();
  await page.getByRole('combobox', { name: '템플릿' }).click();
  await page.getByRole('option').first().click();
  await page.getByRole('button', { name: /다음에 단계 넣기/ }).last().click();
  await page.getByRole('menuitem', { name: '여정 끝내기' }).click();

  await page.getByRole('button', { name: '지난달로 미리 해 보기' }).click();
  await expect(page.getByText('지난 30일이었다면')).toBeVisible();
  expect((await find()).counts.entered).toBe(0);

  await page.getByRole('button', { name: '시작', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '시작', exact: true }).click();
  await expect.poll(async () => (await find()).counts.done, { timeout: 60_000 }).toBeGreaterThan(0);
  const walked = await find();
  expect(walked.counts.done + walked.counts.control).toBe(walked.counts.entered);
  const mail = Object.values(walked.counts.steps).find((step) => step.campaign_id);
  expect(mail?.taken).toBe(walked.counts.done);
  const ledger = async () =>
    ((await (await page.request.get(`/api/campaigns/${mail?.campaign_id}`)).json()) as { counts: { handed_over: number; skipped: number } }).counts;
  await expect.poll(async () => (await ledger()).handed_over, { timeout: 60_000 }).toBeGreaterThan(0);
  await expect(page.getByText(/명 지남/).first()).toBeVisible();
});

test('offer: added, asked for, the same at another place, accepted', async ({ page }) => {
  await signIn(page);
  await page.goto('/offers');
  await page.getByRole('button', { name: '새 제안' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('이름').fill(`시험 쿠폰 ${Date.now()}`);
  await dialog.getByLabel('수락하면 버는 돈').fill('5000');
  await dialog.getByRole('button', { name: '저장' }).click();
  await expect(dialog).toBeHidden();
  const customers = (await (await page.request.get('/api/customers?limit=1')).json()) as { items: { id: number }[] };
  const customer = customers.items[0]?.id;
  const ask = async (place: string) =>
    (await (await page.request.post(`/api/customers/${customer}/offers`, { ...head, data: { place } })).json()) as {
      shows: { id: number; is_held: boolean; offer: { id: number } }[];
    };
  const web = await ask('web');
  const call = await ask('call');
  expect(call.shows[0]?.id).toBe(web.shows[0]?.id);
  expect(call.shows[0]?.is_held).toBe(true);
  await page.goto(`/customers/${customer}`);
  await page.getByRole('button', { name: '제안 고르기' }).click();
  await page.getByRole('button', { name: '수락', exact: true }).click();
  await expect(page.getByText('답을 적었습니다.')).toBeVisible();
  const again = await page.request.post(`/api/offer-shows/${web.shows[0]?.id}/answer`, { ...head, data: { answer: 'declined' } });
  expect(again.status()).toBe(409);
});
