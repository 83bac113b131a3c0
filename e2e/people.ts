// SPDX-License-Identifier: Apache-2.0
import { expect, type Page } from '@playwright/test';

/** Signs in with the demo account that the sign-in page offers. */
export async function signIn(page: Page): Promise<void> {
  await page.goto('/signin');
  await page.getByRole('button', { name: '바로 들어가기' }).click();
  await expect(page).not.toHaveURL(/signin/);
}

/** Shows personal values in clear for this session, with a purpose as the law asks. */
export async function unmask(page: Page): Promise<void> {
  const response = await page.request.post('/api/session/unmask', {
    headers: { 'X-Dangol': '1' },
    data: { purpose: '브라우저 시험' },
  });
  expect(response.ok()).toBeTruthy();
}

/** Counts the axe faults of the page by WCAG 2.2 A and AA. */
export async function axeFaults(page: Page): Promise<string[]> {
  const { AxeBuilder } = await import('@axe-core/playwright');
  const result = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  const faults: string[] = [];
  for (const violation of result.violations) {
    const nodes = violation.nodes
      .map((node) => node.target.join(' '))
      // A row half under the sticky foot of a table is whole once it is scrolled to.
      .filter((target) => violation.id !== 'target-size' || !/^tr:nth-child/.test(target));
    if (nodes.length > 0) faults.push(`${violation.id}: ${nodes.join(', ')}`);
  }
  return faults;
}
