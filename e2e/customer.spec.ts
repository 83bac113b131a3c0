// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@playwright/test';
import { signIn, unmask } from './people';

interface Row {
  id: number;
  full_name: string;
  mobile?: string;
}

test('customer: search by name, by initial consonants and by the end of a phone number', async ({ page }) => {
  await signIn(page);
  await unmask(page);
  const found = (await (await page.request.get('/api/customers?limit=100&sort=-full_name')).json()) as { items: Row[] };
  const known = found.items.find((c) => /^[가-힣]{3}$/.test(c.full_name) && c.mobile);
  expect(known, 'the demo company has a person with a mobile number').toBeTruthy();
  const { full_name: name, mobile = '' } = known as Row;
  await page.goto('/customers');
  const search = page.getByPlaceholder('이름, 초성, 전화, 이메일, 고객번호');
  const grid = page.getByRole('grid');
  for (const typed of [name, name.slice(1), mobile.slice(-4)]) {
    await search.fill(typed);
    await expect(grid.getByText(name).first()).toBeVisible();
  }
  const initials = [...name].map((c) => 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'[Math.floor((c.charCodeAt(0) - 0xac00) / 588)]).join('');
  await search.fill(initials);
  await expect(grid.getByText(name).first()).toBeVisible();
});

test('customer: two customers are merged and parted again, nothing is lost', async ({ page }) => {
  await signIn(page);
  await unmask(page);
  const make = async (name: string, memo: string) => {
    const answer = await page.request.post('/api/customers', {
      headers: { 'X-Dangol': '1' },
      data: { full_name: name, memo },
    });
    expect(answer.ok(), await answer.text()).toBeTruthy();
    return ((await answer.json()) as { id: number }).id;
  };
  const stamp = String(Date.now()).slice(-5);
  const survivor = await make(`합침일${stamp}`, '첫째');
  const other = await make(`합침이${stamp}`, '둘째');
  await page.goto(`/customers/merge?a=${survivor}&b=${other}`);
  await page.getByRole('button', { name: '합치기', exact: true }).last().click();
  await expect(page).toHaveURL(new RegExp(`/customers/${survivor}`));
  await expect(page.getByRole('tab', { name: /원천 기록/ })).toContainText('2');
  const alias = (await (await page.request.get(`/api/customers/${other}`)).json()) as { id?: number; alias_of?: number };
  expect([alias.id, alias.alias_of]).toContain(survivor);

  await page.getByRole('tab', { name: /원천 기록/ }).click();
  // The record that came with the other customer, so that the other customer comes back to life.
  const card = page
    .locator('article, li, section, div')
    .filter({ hasText: `합침이${stamp}` })
    .filter({ has: page.getByRole('button', { name: '떼어내기', exact: true }) })
    .last();
  await card.getByRole('button', { name: '떼어내기', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: /떼어내기/ }).click();
  await expect(page.getByText('기록을 떼어냈습니다.')).toBeVisible();
  for (const [id, name] of [
    [survivor, `합침일${stamp}`],
    [other, `합침이${stamp}`],
  ] as const) {
    const again = (await (await page.request.get(`/api/customers/${id}`)).json()) as { full_name: string; alias_of?: number };
    expect(again.full_name).toBe(name);
    expect(again.alias_of ?? null).toBeNull();
    await page.goto(`/customers/${id}`); // the timeline of both tells it
    await expect(page.getByText('기록 분리').first()).toBeVisible();
  }
});

test('customer: masked numbers are never asked for; for a purpose they filter and sort', async ({ page }) => {
  await signIn(page);
  const rule = { op: 'and', rules: [{ field: 'mobile', is: 'contains', value: '01' }] };
  await page.goto(`/customers?filter=${encodeURIComponent(JSON.stringify(rule))}`);
  await expect(page.getByRole('heading', { name: '지금은 개인정보가 가려져 있습니다' })).toBeVisible();
  await page.getByRole('alert').getByRole('button', { name: '개인정보 보기' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('고객 문의 응대');
  await dialog.locator('button[type=submit]').click();
  const grid = page.getByRole('grid');
  await expect(grid.getByText(/^01\d-\d{3,4}-\d{4}$/).first()).toBeVisible();
  await page.goto(`/customers?sort=mobile&filter=${encodeURIComponent(JSON.stringify(rule))}`);
  await expect(grid.getByText(/^01\d-\d{3,4}-\d{4}$/).first()).toBeVisible();
});
