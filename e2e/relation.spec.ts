// SPDX-License-Identifier: Apache-2.0
import { expect, test, type Page } from '@playwright/test';
import { axeFaults, signIn, unmask } from './people';

async function make(page: Page, values: Record<string, string>): Promise<number> {
  const response = await page.request.post('/api/customers', {
    headers: { 'X-Dangol': '1' },
    data: { ...values, allow_double: true },
  });
  expect(response.ok(), await response.text()).toBeTruthy();
  return ((await response.json()) as { id: number }).id;
}

test('customer: a place of work is suggested, kept and edited', async ({ page }) => {
  await signIn(page);
  await unmask(page);
  const mark = String(Date.now()).slice(-6);
  const firm = await make(page, {
    full_name: `누리솔라${mark} 주식회사`,
    kind: 'company',
  });
  const person = await make(page, {
    full_name: '관계시험',
    company: `(주)누리솔라${mark}`,
    email: `a${mark}@nurisolar.kr`,
  });
  await page.goto(`/customers/${person}`);
  const suggested = page.getByRole('region', { name: '제안' });
  await expect(suggested.getByText(`누리솔라${mark}`)).toBeVisible();
  expect(await axeFaults(page)).toEqual([]);
  await suggested.getByRole('button', { name: /관계로 받아들이기/ }).click();
  await expect(suggested).toBeHidden();
  await page.getByRole('button', { name: /관계 고치기/ }).click();
  await page.getByLabel('메모').fill('구매팀장');
  await page.getByRole('button', { name: '저장' }).click();
  await expect(page.getByText('구매팀장')).toBeVisible();
  await page.goto(`/customers/${firm}`);
  await expect(page.getByText('구매팀장')).toBeVisible();
});

test('customer: a referral tree opens at the customer and leads to their page', async ({ page }) => {
  await signIn(page);
  await unmask(page);
  const mark = String(Date.now()).slice(-6);
  const introducer = await make(page, { full_name: `소개인${mark}` });
  const friends = [];
  for (let i = 0; i < 12; i++) friends.push(await make(page, { full_name: `소개받은이${mark}${i}` }));
  for (const friend of friends) {
    const made = await page.request.post(`/api/customers/${friend}/relations`, {
      headers: { 'X-Dangol': '1' },
      data: { other_id: introducer, kind: 'introducer' },
    });
    expect(made.ok(), await made.text()).toBeTruthy();
  }
  await page.goto(`/referrals?customer=${introducer}`);
  const tree = page.getByRole('group', { name: '계보' });
  const box = tree.getByRole('button', { name: new RegExp(`소개인${mark}`) });
  await expect(box).toBeInViewport();
  await expect(tree.getByRole('button')).toHaveCount(13);
  expect(await axeFaults(page)).toEqual([]);
  await box.click();
  await expect(page).toHaveURL(new RegExp(`/customers/${introducer}`));
});
