// A phone: one column, nothing wider than the screen, and the work can be done.
import { expect, test, type Page } from "@playwright/test";
import { Actor } from "./support/actors.js";
import { waiting } from "./support/people.js";
import { boardLine, choose, dialog, field, isRefused, message, panel, part, saveStatus, standsAt } from "./support/screens.js";

/** The page does not scroll sideways. */
async function fits(page: Page): Promise<void> {
  const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  expect(wide, page.url()).toBeLessThanOrEqual(seen ?? 0);
}

test("the board, the registration and the chart work on a phone @phone", async ({ browser }) => {
  const reception = await Actor.arrives(browser, "aoba", "reception");
  const doctor = await Actor.arrives(browser, "aoba", "doctor");
  const person = await waiting(reception, {
    family: "羽田野", given: "透", familyKana: "ハタノ", givenKana: "トオル", sex: "male", birthDate: "1993-02-11",
  });

  await test.step("The board shows who is here and moves them on.", async () => {
    const { page } = reception;
    await standsAt(page, person.name, "受付");
    await fits(page);
    await boardLine(page, person.name).getByRole("button", { name: `診察へ：${person.name}` }).tap();
    await standsAt(page, person.name, "診察");
  });
  await test.step("Somebody who was found is checked in.", async () => {
    const { page } = reception;
    await page.getByRole("combobox", { name: "患者をさがす" }).fill("はたの とおる");
    await page.getByRole("option").filter({ hasText: person.name }).tap();
    const card = dialog(page, `${person.name} さん`);
    await expect(card).toContainText("受付済みです");
    await fits(page);
    await card.getByRole("button", { name: "閉じる" }).tap();
  });
  await test.step("A new patient can be registered; what is wrong is told at its field.", async () => {
    const { page } = reception;
    await reception.opens("/patients/new");
    await fits(page);
    await field(page, "生年月日").fill("H5.2.31");
    await page.getByRole("button", { name: "登録する" }).tap();
    await isRefused(field(page, "生年月日"), /日付として読めません/, "H5.2.31");
    await expect(field(page, "姓")).toHaveAccessibleDescription(/入力してください/);
    await field(page, "姓").fill("城戸");
    await field(page, "名").fill("鈴");
    await field(page, "セイ").fill("きど");
    await field(page, "メイ").fill("すず");
    await field(page, "生年月日").fill("H5.2.28");
    await page.getByRole("radio", { name: "女" }).check();
    await field(page, "住所").fill("東京都若竹区青葉町");
    await page.getByRole("button", { name: "登録する" }).tap();
    await expect(page.getByText(/患者番号 \d+.*城戸 鈴 さん/)).toBeVisible();
    await fits(page);
    await page.getByRole("link", { name: "患者情報" }).tap();
    await expect(page.getByRole("heading", { level: 1, name: "城戸 鈴" })).toBeVisible();
    await fits(page);
  });
  await test.step("In the chart, the note, the past and the panels take turns.", async () => {
    const { page } = doctor;
    await doctor.opens(`/patients/${person.patient}/chart`);
    await fits(page);
    await part(page, "主観的情報").fill("のどの痛み。");
    await expect(saveStatus(page)).toHaveText(/保存済$/);
    await page.getByRole("button", { name: "履歴" }).tap();
    await expect(page.getByRole("region", { name: "これまでの診療" })).toBeVisible();
    await fits(page);
    const allergies = await panel(page, "アレルギー");
    await choose(allergies, "アレルゲンを探す", "えび", /えび|エビ/);
    await allergies.getByRole("button", { name: /^登録/ }).tap();
    await expect(message(page, "アレルギーを登録しました")).toBeVisible();
    for (const name of ["傷病名", "検査", "オーダー", "会計", "文書"] as const) {
      await panel(page, name);
      await fits(page);
    }
    await page.getByRole("button", { name: "記載" }).tap();
    await expect(part(page, "主観的情報")).toHaveValue("のどの痛み。");
  });
  for (const actor of [reception, doctor]) {
    actor.allWell();
    await actor.leaves();
  }
});
