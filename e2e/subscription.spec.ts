// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@playwright/test';
import { signIn } from './people';

test('cube: a pivot is mailed as PDF and watched by an alert', async ({ page }) => {
  await signIn(page);
  await page.goto('/pivot');
  await expect(page.getByRole('region', { name: '피벗 표' }).getByRole('rowheader', { name: '합계' })).toBeVisible();
  const name = `지역 매출 ${Date.now()}`;
  await page.getByRole('button', { name: '저장한 피벗' }).click();
  await page.getByRole('menuitem', { name: '새 이름으로 저장' }).click();
  await page.getByRole('dialog').getByLabel('이름').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: '저장', exact: true }).click();
  await page.getByRole('button', { name: '구독', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('이름').fill(`월요일 ${name}`);
  await dialog.getByRole('button', { name: '저장', exact: true }).click();
  await expect(dialog).toBeHidden();
  await page.goto('/subscriptions');
  const row = page.getByRole('row', { name: new RegExp(`월요일 ${name}`) });
  await expect(row).toContainText('PDF');
  await row.getByRole('button').click();
  await page.getByRole('menuitem', { name: '지금 실행' }).click();
  await expect(row).toContainText('1명에게 보냄');
  // The demo company sells nothing in the last whole week, which is unusual.
  await page.getByRole('button', { name: '구독 만들기' }).click();
  await dialog.getByText('알림', { exact: true }).click();
  await dialog.getByLabel('이름').fill(`알림 ${name}`);
  await dialog.getByRole('combobox', { name: '대상' }).click();
  await page.getByRole('option', { name }).click();
  await dialog.getByRole('button', { name: '저장', exact: true }).click();
  const alert = page.getByRole('row', { name: new RegExp(`알림 ${name}`) });
  await alert.getByRole('button').click();
  await page.getByRole('menuitem', { name: '지금 실행' }).click();
  await expect(alert).toContainText('조건에 맞음');
  await expect(page.getByRole('alert').filter({ hasText: '지금 조건에 맞는 알림' })).toBeVisible();
});
