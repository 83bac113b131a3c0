// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@playwright/test';
import { axeFaults, signIn, unmask } from './people';

test.describe("mail", () => {
  test("a customer changes what they receive on a page of their own", async ({
    page,
    browser,
  }) => {
    await signIn(page);
    const link = await page.request.post("/api/customers/1/preference-link", {
      headers: { "X-Dangol": "1" },
      data: {},
    });
    const { url } = (await link.json()) as { url: string };
    const stranger = await (
      await browser.newContext({ locale: "ko-KR" })
    ).newPage();
    await stranger.goto(new URL(url).pathname);
    await expect(
      stranger.getByRole("heading", { name: "수신 설정" }),
    ).toBeVisible();
    expect(await axeFaults(stranger)).toEqual([]);
    const post = stranger.locator('input[name=on][value="ad.post"]');
    const before = await post.isChecked();
    await post.setChecked(!before);
    await stranger.getByRole("button", { name: "저장" }).click();
    await expect(stranger.getByText("저장했습니다.")).toBeVisible();
    await expect(
      stranger.locator('input[name=on][value="ad.post"]'),
    ).toBeChecked({ checked: !before });
    await stranger.getByRole("link", { name: "English" }).click();
    await expect(
      stranger.getByRole("heading", { name: "Communication preferences" }),
    ).toBeVisible();
    await stranger.context().close();
  });

  test("staff write a mail to a customer and see where it stands", async ({
    page,
  }) => {
    await signIn(page);
    await unmask(page);
    await page.goto("/mails?tab=triggers");
    await expect(
      page.getByRole("heading", { name: "개별 메일" }),
    ).toBeVisible();
    await page.goto("/inbox");
    await page.getByRole("button", { name: "메일 쓰기" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("또는 이메일 주소").fill("journey@example.org");
    await dialog.getByLabel("제목").fill("요청하신 서류");
    await dialog.getByLabel("본문").fill("요청하신 서류를 보내 드립니다.");
    await dialog.getByLabel("광고가 아닌 이유").fill("요청하신 서류");
    await dialog.getByRole("button", { name: "보내기" }).click();
    await expect(dialog).toBeHidden();
    await page.goto("/mails");
    const row = page.getByRole("row", { name: /요청하신 서류/ });
    await expect(row.first()).toContainText(
      /메일 서버에 넘김|보내지 않음|대기|보내는 중/,
    );
    await row.first().click();
    await expect(
      page.getByText("요청하신 서류를 보내 드립니다."),
    ).toBeVisible();
    expect(await axeFaults(page)).toEqual([]);
  });
});
