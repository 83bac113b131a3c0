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

test('cube: time is compared, a look is chosen, a range of cells becomes people', async ({ page }) => {
  await signIn(page);
  await page.goto('/pivot');
  const table = page.getByRole('region', { name: '피벗 표' });
  await expect(table.getByRole('rowheader', { name: '서울특별시' })).toBeVisible();
  // Compare with the year before: three columns for each value.
  await page.getByRole('combobox', { name: '비교' }).click();
  await page.getByRole('option', { name: '전년 같은 기간' }).click();
  await expect(table.getByRole('columnheader', { name: '매출 증감률' })).toBeVisible();
  // Months across, then the value as a running sum by the chip's menu.
  await page.getByRole('combobox', { name: '비교' }).click();
  await page.getByRole('option', { name: '비교 안 함' }).click();
  await page.getByRole('button', { name: '열에 더하기' }).click();
  await page.getByRole('combobox', { name: '열에 더하기' }).fill('주문 월');
  await page.getByRole('option', { name: '주문 월', exact: true }).click();
  await page.getByRole('group', { name: '값' }).getByRole('button', { name: '매출', exact: true }).click();
  await page.getByRole('menuitem', { name: '누계' }).click();
  await expect(table.getByRole('columnheader', { name: '매출 누계' }).first()).toBeVisible();
  await expect(page).toHaveURL(/order\.revenue\.running/);
  // Keys walk the cells; Shift and Enter take the range since the last one.
  await table.locator('[data-r="0"][data-c="0"]').click();
  await expect(page.getByTestId('cell-people')).toBeVisible();
  await page.keyboard.press('Escape');
  await table.locator('[data-r="1"][data-c="2"]').click({ modifiers: ['Shift'] });
  await expect(page.getByRole('dialog', { name: '선택 범위 2행 × 2열' })).toBeVisible();
  await expect(page.getByTestId('cell-people')).toBeVisible();
});

test('cube: the executives’ board explains a change and is saved as one’s own', async ({ page }) => {
  await signIn(page);
  await page.goto('/boards');
  await expect(page.getByRole('region', { name: '매출', exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: '유지율' })).toContainText('%');
  await expect(page.getByRole('region', { name: '만족도' })).toContainText('만족도 자료가 없습니다');
  await page.getByRole('button', { name: '왜 바뀌었나: 매출', exact: true }).click();
  await expect(page.getByRole('dialog').getByRole('heading', { name: /시·도|나이|성별|등급/ }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '편집' }).click();
  await page.getByRole('menuitem', { name: '새 대시보드로 저장' }).click();
  const name = `내 현황 ${Date.now()}`;
  await page.getByLabel('이름').fill(name);
  await page.getByRole('button', { name: '저장', exact: true }).click();
  await expect(page.getByRole('tab', { name })).toHaveAttribute('aria-selected', 'true');
});

test('cube: analysts ask in SQL and are kept inside the policy', async ({ page }) => {
  await signIn(page);
  await page.goto('/sql');
  await page.getByRole('button', { name: '실행' }).click();
  const answer = page.getByRole('region', { name: '결과' });
  await expect(answer.getByRole('cell', { name: '서울특별시' })).toBeVisible();
  await page.getByRole('textbox', { name: 'SQL 문' }).fill("SELECT * FROM read_csv('/etc/passwd')");
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('alert')).toContainText('read_csv');
  await page.getByRole('textbox', { name: 'SQL 문' }).fill('SELECT mobile FROM customers');
  await page.getByRole('button', { name: '실행' }).click();
  await expect(page.getByRole('alert')).toContainText('mobile');
});

test('cube: a measure is defined by a formula and asked in the pivot', async ({ page }) => {
  await signIn(page);
  await page.goto('/measures');
  await page.getByRole('button', { name: '계산 지표 만들기' }).click();
  const dialog = page.getByRole('dialog');
  const name = `each_${Date.now()}`;
  await dialog.getByLabel('이름 (한국어)').fill(`고객당 ${name}`);
  await dialog.getByLabel('짧은 영문 이름').fill(name);
  await dialog.getByLabel('계산식').fill('order.revenue /');
  await expect(dialog.getByText('계산식을 쓸 수 없습니다')).toBeVisible();
  await dialog.getByLabel('계산식').fill('order.revenue / order.customers');
  await expect(dialog.getByText(/쓰인 지표: 매출, 구매 고객 수/)).toBeVisible();
  await dialog.getByRole('button', { name: '저장' }).click();
  await page.getByRole('button', { name: `피벗에서 보기: 고객당 ${name}` }).click();
  await expect(page.getByRole('region', { name: '피벗 표' }).getByRole('columnheader', { name: `고객당 ${name}` })).toBeVisible();
});

test('mining: the RFM map and the Pareto curve show the demo company', async ({ page }) => {
  await signIn(page);
  await page.goto('/rfm');
  await expect(page.getByRole('group', { name: 'RFM 지도' }).getByRole('button')).toHaveCount(25);
  await page.getByRole('button', { name: /^R5 F5:/ }).click();
  await page.getByRole('button', { name: 'R5 F5 고객으로 세그먼트 만들기' }).click();
  await expect(page.getByTestId('segment-count')).not.toHaveText('0');
  await page.goto('/pareto');
  await expect(page.getByText('상위 20 %는 누구인가')).toBeVisible();
});

test('cube: old rows move to the cold tier and answers stay', async ({ page }) => {
  await signIn(page);
  const ask = async () => {
    const response = await page.request.post('/api/cube/query', {
      headers: { 'X-Dangol': '1' },
      data: { measures: ['order.revenue', 'order.customers'], dimensions: ['order.month'], limit: 500 },
    });
    return (await response.json()).rows;
  };
  const before = await ask();
  await page.goto('/tiers');
  await page.getByRole('switch', { name: '오래된 자료 옮기기' }).check();
  await page.getByLabel('이 개월 수보다 오래되면').fill('6');
  await page.getByRole('button', { name: '저장', exact: true }).click();
  await expect(page.getByText('이전을 옮김')).toBeVisible();
  await expect(async () => {
    const status = await (await page.request.get('/api/cube/tiers')).json();
    expect(status.tables[0].cold.rows).toBeGreaterThan(0);
  }).toPass({ timeout: 30_000 });
  expect(await ask()).toEqual(before);
});

test('cube: why customers were lost is told by who they are', async ({ page }) => {
  await signIn(page);
  await page.goto('/boards');
  await page.getByRole('button', { name: '왜 바뀌었나: 이탈 고객' }).click();
  await expect(page.getByRole('dialog').getByText('기준')).toBeVisible();
  await expect(page.getByRole('dialog').getByRole('heading', { name: /시·도|등급|나이|성별/ }).first()).toBeVisible();
});
