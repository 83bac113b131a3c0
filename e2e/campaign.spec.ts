// SPDX-License-Identifier: Apache-2.0
import { expect, test, type Page } from '@playwright/test';
import { signIn } from './people';

interface Campaign {
  id: number;
  state: string;
  counts: { total: number; treatment: number; control: number; planned: number; handed_over: number; skipped: number };
}

const head = { headers: { 'X-Dangol': '1' } };

async function campaignOf(page: Page, id: number): Promise<Campaign> {
  return (await (await page.request.get(`/api/campaigns/${id}`)).json()) as Campaign;
}

test('campaign: planned through the gate, sent with a control group, refused by a recipient, measured', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page);
  const segments = (await (await page.request.get('/api/segments')).json()) as { items: { id: number; name: string }[] };
  const templates = (await (await page.request.get('/api/templates')).json()) as { items: { id: number; class: string }[] };
  const segment = segments.items.find((s) => s.name === '최근 90일 구매 고객') ?? segments.items[0];
  const template = templates.items.find((t) => t.class === 'ad');
  const made = await page.request.post('/api/campaigns', {
    ...head,
    data: { name: `시험 캠페인 ${Date.now()}`, segment_id: segment?.id, template_id: template?.id, message_cost: 5000 },
  });
  expect(made.ok(), await made.text()).toBeTruthy();
  const { id } = (await made.json()) as Campaign;

  await page.goto(`/campaigns/${id}/edit?step=check`);
  await page.getByRole('button', { name: '대상 확인하기' }).click();
  await expect(page.getByRole('button', { name: '보내기 시작' })).toBeVisible();
  const planned = await campaignOf(page, id);
  expect(planned.counts.treatment).toBeGreaterThan(0);
  expect(planned.counts.control).toBeGreaterThan(0);
  expect(planned.counts.skipped).toBeGreaterThan(0);
  expect(planned.counts.treatment + planned.counts.control + planned.counts.skipped).toBe(planned.counts.total);

  await page.getByRole('button', { name: '보내기 시작' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '보내기 시작' }).click();
  await expect.poll(async () => (await campaignOf(page, id)).state, { timeout: 60_000 }).toBe('finished');
  expect((await campaignOf(page, id)).counts.handed_over).toBe(planned.counts.treatment);

  // One of the mails in the local outbox: its links work, altered ones do not, a look does not unsubscribe.
  await page.request.post('/api/session/unmask', { ...head, data: { purpose: '브라우저 시험' } });
  const outbox = (await (await page.request.get('/api/mail/outbox?limit=1')).json()) as { items: { id: string }[] };
  const mail = await (await page.request.get(`/api/mail/outbox/${outbox.items[0]?.id}`)).text();
  const unsubscribe = /\/u\/[\w.~-]+/.exec(mail)?.[0] ?? '';
  expect(unsubscribe).not.toBe('');
  expect((await page.request.get(`${unsubscribe}x`)).status()).toBe(404);
  await page.request.get(unsubscribe);
  const unsubscribed = async () =>
    ((await (await page.request.get(`/api/campaigns/${id}`)).json()) as { counts: { unsubscribed: number } }).counts.unsubscribed;
  expect(await unsubscribed()).toBe(0);
  expect((await page.request.post(unsubscribe, { form: { 'List-Unsubscribe': 'One-Click' } })).ok()).toBeTruthy();
  await expect.poll(unsubscribed).toBe(1);

  await page.goto(`/campaigns/${id}/result`);
  await expect(page.getByText('대조군').first()).toBeVisible();
  await expect(page.getByText('실험군').first()).toBeVisible();
});
