// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@playwright/test';
import { axeFaults, signIn, unmask } from './people';

test('customer: a held person cannot be erased; an erased one is gone for good, and a key finds nobody', async ({
  page,
}) => {
  await signIn(page);
  await unmask(page);
  const mark = String(Date.now()).slice(-6);
  const key = `E${mark}`;
  const made = await page.request.post('/api/customers', {
    headers: { 'X-Dangol': '1' },
    data: { full_name: `파기시험${mark}`, memo: key, allow_double: true },
  });
  expect(made.ok(), await made.text()).toBeTruthy();
  const { id } = (await made.json()) as { id: number };
  await page.goto(`/customers/${id}`);

  // A hold, with its reason and last day.
  await page.getByRole('button', { name: '더 보기 메뉴' }).click();
  await page.getByRole('menuitem', { name: '파기 보류' }).click();
  const hold = page.getByRole('dialog');
  await hold.getByLabel('보류하는 이유').fill('2026가합1234');
  await hold.getByLabel('마지막 날').fill(`${new Date().getFullYear() + 1}-05-05`);
  await hold.getByLabel('보류하는 이유').click(); // closes the calendar
  await hold.getByRole('button', { name: '보류', exact: true }).click();
  await expect(page.getByText('2026가합1234').first()).toBeVisible();

  // The plan shows what would go and what stands in the way.
  const openErase = async () => {
    await page.getByRole('button', { name: '더 보기 메뉴' }).click();
    await page.getByRole('menuitem', { name: '개인정보 파기' }).click();
  };
  await openErase();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('region', { name: '지우는 것' })).toContainText('원천 기록');
  await dialog.getByLabel('본인이 요청함').check();
  await dialog.getByRole('textbox').fill(String(id));
  await expect(dialog.getByRole('button', { name: '영구히 파기' })).toBeDisabled();
  expect(await axeFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: '보류 해제' }).click();
  await expect(dialog.getByRole('button', { name: '보류 해제' })).toBeHidden();
  await dialog.getByRole('button', { name: '영구히 파기' }).click();
  await expect(page.getByText(`고객 #${id}의 개인정보를 파기했습니다.`)).toBeVisible();

  // It is explained, and nothing takes it back.
  await page.goto(`/customers/${id}`);
  await expect(page.getByText('개인정보를 파기한 고객입니다.')).toBeVisible();
  await expect(page.getByText(`파기시험${mark}`)).toHaveCount(0);
  const change = await page.request.patch(`/api/customers/${id}`, {
    headers: { 'X-Dangol': '1' },
    data: { full_name: '다시' },
  });
  expect(change.status()).toBe(409);
  await page.goto('/erasures');
  await expect(page.getByRole('row', { name: new RegExp(`#${id} `) })).toContainText('본인이 요청함');
  expect(await axeFaults(page)).toEqual([]);
  await page.goto(`/keys?key=${key}`);
  await expect(page.getByText(/없습니다/).first()).toBeVisible();
});
