// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "@playwright/test";
import { signIn } from "./people";

test("segment: a behaviour rule is said, counted, saved, explained for a customer, and frozen", async ({
  page,
}) => {
  await signIn(page);
  await page.goto("/segments/0");
  const count = page.getByTestId("segment-count");
  await expect(count).not.toHaveText("0");
  const everybody = await count.innerText();
  await page.getByRole("button", { name: "조건 추가" }).click();
  await page.getByRole("textbox", { name: "항목 찾기" }).fill("구매");
  await page.getByRole("option", { name: "구매", exact: true }).click();
  await expect(page.getByTestId("segment-sentence")).toContainText(
    "최근 90일 동안 구매를 한 번이라도 한 고객",
  );
  await page.getByText("전체 기간", { exact: true }).click();
  await page.getByRole("button", { name: "이어진 행동 추가" }).click();
  await expect(page.getByTestId("segment-sentence")).toHaveText(
    "30일 안에 구매가 뒤따른 구매를 한 번이라도 한 고객",
  );
  await expect(count).not.toHaveText(everybody);
  await expect(count).not.toHaveText("0");
  await expect(page.getByTestId("segment-revenue")).toContainText("₩");

  const name = `다시 산 고객 ${Date.now()}`;
  await page.getByLabel("이름").first().fill(name);
  await page.getByRole("button", { name: "저장", exact: true }).click();
  await expect(page).toHaveURL(/segments\/[1-9]/);
  await expect(page.getByText("최신", { exact: true })).toBeVisible();
  const members = await count.innerText();

  await page.getByRole("tab", { name: "구성원" }).click();
  await page.getByRole("button", { name: "왜 있나요?" }).first().click();
  const why = page.getByTestId("segment-why");
  await expect(why.getByText("들어 있음")).toBeVisible();
  await expect(why.getByText(/이 고객: \d+번/)).toBeVisible();

  await page.getByRole("tab", { name: "특징" }).click();
  await expect(page.getByText("다른 고객과 다른 점")).toBeVisible();
  await page.getByRole("tab", { name: "변화" }).click();
  await expect(page.getByText("들어오고 나간 고객")).toBeVisible();

  await page.getByRole("button", { name: "더 보기" }).first().click();
  await page.getByRole("menuitem", { name: "지금 구성원으로 고정" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: "지금 구성원으로 고정" })
    .click();
  await expect(page.getByText("고정했습니다")).toBeVisible();
  await page.getByRole("tab", { name: "조건" }).click();
  await expect(page.getByTestId("segment-sentence")).toHaveText(
    "보관한 목록에 있는 고객",
  );
  await expect(count).toHaveText(members);
});

test("segment: a list of keys becomes a segment, and unknown keys are given back", async ({
  page,
}) => {
  await signIn(page);
  const list = await (await page.request.get("/api/customers?limit=3")).json();
  const ids: number[] = list.items.map((row: { id: number }) => row.id);
  await page.goto("/segments");
  await page.getByRole("button", { name: "목록 가져오기" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("이름").fill(`가져온 목록 ${Date.now()}`);
  await dialog
    .getByLabel("번호 목록")
    .fill([...ids, 987654321, "x-1"].join("\n"));
  await dialog.getByRole("button", { name: "먼저 찾아보기" }).click();
  const outcome = dialog.getByTestId("import-outcome");
  await expect(outcome).toContainText("번호 5개 가운데 3개를 찾았습니다");
  await expect(outcome.getByRole("textbox")).toHaveValue("987654321\nx-1");
  await dialog.getByRole("button", { name: "세그먼트로 저장" }).click();
  await expect(page.getByTestId("segment-count")).toHaveText("3");
});
