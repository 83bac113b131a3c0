// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@playwright/test';
import { axeFaults, signIn } from './people';

for (const scheme of ['light', 'dark'] as const) {
  test(`access: no axe fault on the main pages, ${scheme}`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.addInitScript((s) => localStorage.setItem('dangol-scheme', s), scheme);
    await signIn(page);
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme);
    const faults: string[] = [];
    for (const path of ['/', '/customers', '/import', '/pivot', '/rfm', '/pareto', '/segments/0', '/campaigns', '/templates', '/match', '/match/model']) {
      await page.goto(path, { waitUntil: 'networkidle' });
      await expect(page.getByRole('heading').first()).toBeVisible();
      for (const fault of await axeFaults(page)) faults.push(`${path} ${fault}`);
    }
    expect(faults).toEqual([]);
  });
}
