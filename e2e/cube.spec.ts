// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@playwright/test';
import { signIn } from './people';

test('cube: a pivot is asked, a cell becomes people and a saved segment', async ({ page }) => {
  await signIn(page);
  await page.goto('/pivot');
  const table = page.getByRole('region', { name: '피벗 표' });
  await expect(table.getByRole('rowheader', { name: '서울특별시' })).toBeVisible();
  await expect(table.getByRole('rowheader', { name: '합계' })).toBeVisible();
  await table.getByRole('row', { name: /서울특별시/ }).getByRole('button').last().click();
  const people = page.getByTestId('cell-people');
  await expect(people).toBeVisible();
  const count = Number((await people.innerText()).replace(/[^\d]/g, ''));
  expect(count).toBeGreaterThan(0);
  await page.getByRole('button', { name: '이 사람들로 세그먼트 만들기' }).click();
  await expect(page).toHaveURL(/segments\/0/);
  await expect(page.getByTestId('segment-count')).toHaveText(count.toLocaleString('ko-KR'));
  const name = `서울 구매 고객 ${Date.now()}`;
  await page.getByLabel('이름').first().fill(name);
  await page.getByRole('button', { name: '저장', exact: true }).click();
  await expect(page.getByText('저장했습니다')).toBeVisible();
  await page.goto('/segments');
  await expect(page.getByRole('link', { name })).toBeVisible();
});

test('mining: the RFM map and the Pareto curve show the demo company', async ({ page }) => {
  await signIn(page);
  await page.goto('/rfm');
  await expect(page.getByRole('group', { name: 'RFM 지도' }).getByRole('button')).toHaveCount(25);
  await page.getByRole('button', { name: /^R5 F5:/ }).click();
  await page.getByRole('button', { name: 'R5 F5 고객으로 세그먼트 만들기' }).click();
  await expect(page.getByTestId('segment-count')).not.toHaveText('0');
  await page.goto('/pareto');
  await expect(page.getByText('상위 20 % 고객')).toBeVisible();
});
