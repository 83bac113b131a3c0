// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@playwright/test';
import { signIn } from './people';

test('sign in: a wrong password is refused with words, the demo account enters, sign-out ends it', async ({ page }) => {
  await page.goto('/customers');
  await expect(page).toHaveURL(/signin/);
  await page.getByLabel('이메일').fill('nobody@example.org');
  await page.getByRole('textbox', { name: '비밀번호' }).fill('wrong password');
  await page.getByRole('button', { name: '로그인' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await signIn(page);
  await expect(page.getByRole('heading', { name: '홈' })).toBeVisible();
  const answer = await page.request.get('/api/customers?limit=1');
  expect(answer.status()).toBe(200);
  await page.request.delete('/api/session', { headers: { 'X-Dangol': '1' } });
  expect((await page.request.get('/api/customers?limit=1')).status()).toBe(401);
});

test('sign in: the pages speak English and know the dark', async ({ page }) => {
  await signIn(page);
  await page.getByText('English', { exact: true }).first().click();
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
  await page.getByText('한국어', { exact: true }).first().click();
  await expect(page.getByRole('heading', { name: '홈' })).toBeVisible();
});
