// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "@playwright/test";
import { signIn } from "./people";

test("mining: from a question to scores of customers", async ({ page }) => {
  await signIn(page);
  await page.goto("/questions");
  await page.getByRole("link", { name: /누가 떠나고, 사고, 반응할까/ }).click();
  await expect(
    page.getByRole("heading", { name: "고객 행동 예측" }),
  ).toBeVisible();
  await page.getByRole("button", { name: "시작" }).click();
  await expect(page.getByText("점수가 가장 높은 고객과 이유")).toBeVisible({
    timeout: 90_000,
  });
  await expect(
    page.getByText(/앞으로 90일 동안 아무것도 사지 않은 고객/),
  ).toBeVisible();
  // The settings of the run, folded away below, are not meant: they are for repeating it.
  await expect(page.getByText("_days").locator("visible=true")).toHaveCount(0);
  await page.getByRole("link", { name: "쓰는 모형 보기" }).click();
  await page.getByRole("button", { name: "지금 점수 매기기" }).click();
  await expect(page.getByRole("table", { name: "항목마다 달라진 정도" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("믿지 말아야 할 때")).toBeVisible();
  await page.getByRole("link", { name: "결과 보기" }).click();
  await page.getByRole("table", { name: "점수가 가장 높은 고객과 이유" }).getByRole("link").first().click();
  const scores = page.getByRole("heading", { name: "예측", exact: true }).locator("xpath=ancestor::section");
  await expect(scores).toContainText("이유:");
  await expect(scores).toContainText("높음");
});

test("mining: a rule about people becomes a segment", async ({ page }) => {
  await signIn(page);
  await page.goto("/profile");
  await page.getByRole("combobox", { name: "대상" }).click();
  await page.getByRole("option", { name: "RFM 고객군" }).click();
  await page.getByRole("combobox", { name: "RFM 고객군" }).click();
  await page.getByRole("option", { name: "우수 고객" }).click();
  await page.getByRole("button", { name: "시작" }).click();
  await expect(page.getByRole("table", { name: /규칙/ })).toBeVisible({
    timeout: 60_000,
  });
  await page.getByRole("button", { name: "세그먼트" }).first().click();
  await expect(page).toHaveURL(/segments\/0/);
  await expect(page.getByTestId("segment-count")).not.toHaveText("0");
});

test("mining: statistics and next offers of the demo company", async ({
  page,
}) => {
  await signIn(page);
  await page.goto("/statistics");
  await page.getByRole("button", { name: "시작" }).click();
  const pairs = page.getByRole("table", {
    name: "구매 금액과 다른 항목의 관계",
  });
  await expect(pairs).toBeVisible({ timeout: 60_000 });
  await pairs.getByRole("row", { name: /등급/ }).click();
  await expect(page.getByText(/웰치 F/)).toBeVisible();
  await page.goto("/recommendation");
  await page.getByRole("button", { name: "시작" }).click();
  await expect(page.getByRole("table", { name: "방법 비교" })).toBeVisible({
    timeout: 90_000,
  });
  await page
    .getByRole("table", { name: "가장 많이 권하는 상품" })
    .getByRole("button", { name: "세그먼트" })
    .first()
    .click();
  await expect(page.getByTestId("segment-count")).not.toHaveText("0");
});

test("mining: grades are simulated and given, a scorecard says whom to contact", async ({
  page,
}) => {
  await signIn(page);
  await page.goto("/grades");
  await page.getByRole("button", { name: "누가 움직이는지 보기" }).click();
  await expect(page.getByRole("region", { name: "모의 결과" })).toBeVisible();
  await page.getByRole("button", { name: "새 판으로 저장" }).click();
  await page.getByRole("button", { name: "지금 등급 매기기" }).click();
  await page
    .getByRole("table", { name: "지금 등급" })
    .getByRole("button", { name: "세그먼트" })
    .first()
    .click();
  await expect(page.getByTestId("segment-count")).not.toHaveText("0");
  await page.goto("/scorecards");
  await page.getByRole("button", { name: "시작" }).click();
  await expect(
    page.getByRole("table", { name: "누구에게 어떻게 연락할까" }),
  ).toBeVisible({ timeout: 60_000 });
  await page.goto("/verdict");
  await expect(page.getByText("CRM을 하세요").first()).toBeVisible();
});

test("mining: RFM moves between days, and business lines stand side by side", async ({
  page,
}) => {
  await signIn(page);
  await page.goto("/rfm");
  await page.getByText("5×5×5", { exact: true }).click();
  await page.getByRole("button", { name: /^R5 F5 M5:/ }).click();
  await expect(page.getByRole("region", { name: "R5 F5 M5" })).toContainText(
    "권하는 행동",
  );
  await page.getByRole("tab", { name: "이동" }).click();
  await expect(page.getByRole("table", { name: /이동:/ })).toBeVisible();
  await page.getByRole("tab", { name: "사업 부문" }).click();
  await expect(page.getByRole("table", { name: "사업 부문" })).toContainText(
    "패션",
  );
  await page.getByRole("button", { name: "부문 점수 저장" }).click();
  await page
    .getByRole("table", { name: "사업 부문" })
    .getByRole("button", { name: "세그먼트" })
    .first()
    .click();
  await expect(page.getByTestId("segment-count")).not.toHaveText("0");
});

test("mining: uplift of past campaigns leads to the people whom contact moves", async ({
  page,
}) => {
  await signIn(page);
  await page.goto("/questions");
  await page.getByRole("link", { name: /누구에게 연락해야 달라질까/ }).click();
  await page.getByRole("button", { name: "시작" }).click();
  // Two thousand people may be too few to show it: then the page says so, and has the effects all the same.
  await expect(
    page.getByText(/연락한 .*명과 연락하지 않은 대조군 .*명을 비교했습니다/),
  ).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole("table", { name: "상자별 효과" })).toContainText(
    "R3F3",
  );
  await expect(page.getByText(/누구에게 연락하느냐/)).toBeVisible();
});

test("mining: whether a series is chance or a rule", async ({ page }) => {
  await signIn(page);
  await page.goto("/questions");
  await page.getByRole("link", { name: /우연일까, 규칙일까/ }).click();
  await page.getByRole("button", { name: "계산" }).first().click();
  await expect(page.getByText(/대리 시계열 39개 가운데/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByRole("heading", { name: "위상 공간" })).toBeVisible();
});

test("mining: forecasts of regions add up, and a series brought along is staffed", async ({
  page,
}) => {
  await signIn(page);
  await page.goto("/forecast");
  await page.getByRole("button", { name: "더 고르기" }).click();
  await page.getByRole("combobox", { name: "나누기" }).press("ArrowDown");
  await page.getByRole("option", { name: "채널" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "계산" }).first().click();
  await expect(page.getByRole("table", { name: "나눈 예측" })).toContainText(
    "전체",
    { timeout: 60_000 },
  );
  await page.getByRole("button", { name: "시계열 가져오기" }).click();
  await page.getByLabel("이름").fill("콜");
  const lines = [];
  for (let i = 0; i < 21 * 48; i++) {
    const at = new Date(Date.UTC(2026, 8, 7) + i * 1_800_000);
    const isOpen = at.getUTCHours() >= 9 && at.getUTCHours() < 18;
    lines.push(
      `${at.toISOString().slice(0, 16).replace("T", " ")},${isOpen ? 20 + ((i * 7) % 9) : 0}`,
    );
  }
  await page.getByLabel("또는 붙여 넣기").fill(lines.join("\n"));
  await page.getByRole("button", { name: "가져오기", exact: true }).click();
  await expect(page.getByRole("combobox", { name: "무엇을" })).toHaveValue(
    "콜",
  );
  await page.getByRole("button", { name: "계산" }).first().click();
  await expect(page.getByRole("table", { name: "필요한 인원" })).toBeVisible({
    timeout: 60_000,
  });
});
