// Two people change the same thing at once: the second is shown both texts and chooses; no word is lost.
import { expect, test, type Page } from "@playwright/test";
import { Actor } from "./support/actors.js";
import { registered, waiting } from "./support/people.js";
import { dialog, field, message, part, saveStatus } from "./support/screens.js";

/** Holds back what a page wants to save until the returned function is called. */
async function holdBack(page: Page, what: string): Promise<() => void> {
  let release = () => {};
  const open = new Promise<void>((resolve) => (release = resolve));
  await page.route(`**/api/${what}`, async (route) => {
    await open;
    await route.continue();
  });
  return release;
}

test("a stale edit is answered with both texts", async ({ browser }) => {
  const desk = await Actor.arrives(browser, "aoba", "reception");
  const first = await Actor.arrives(browser, "aoba", "doctor");
  const second = await Actor.arrives(browser, "aoba", "doctor2");
  const person = await waiting(desk, {
    family: "七海",
    given: "亮",
    familyKana: "ナナミ",
    givenKana: "リョウ",
    sex: "male",
    birthDate: "1972-07-03",
  });

  await test.step("Two doctors have the same note open; both write, and the first one's text arrives first.", async () => {
    for (const actor of [first, second]) await actor.opens(`/patients/${person.patient}/chart`);
    await first.asks("begin_visit", { visit: person.visit });
    const goOn = await holdBack(second.page, "save_draft");
    await part(second.page, "主観的情報").fill("昨夜から発熱、38.5度。");
    await part(second.page, "計画").fill("解熱薬。");
    await part(first.page, "主観的情報").fill("3日前から咳が続く。");
    await part(first.page, "計画").fill("解熱薬。");
    await expect(saveStatus(first.page)).toHaveText(/保存済$/);
    goOn();
  });
  const question = dialog(second.page, "ほかの人が先に保存しました");
  await test.step("The second one is shown who saved, and both texts side by side.", async () => {
    await expect(question).toContainText("青葉 恵一");
    const row = question.getByRole("row").filter({ hasText: "38.5度" });
    await expect(row.getByRole("cell").nth(0)).toHaveText("昨夜から発熱、38.5度。");
    await expect(row.getByRole("cell").nth(1)).toHaveText("3日前から咳が続く。");
    await expect(row).toContainText("違い");
  });
  await test.step("The dialog does not go away unanswered.", async () => {
    await second.page.keyboard.press("Escape");
    await expect(question).toBeVisible();
  });
  await test.step("Taken together, both texts stand in the note, and are saved.", async () => {
    await question.getByRole("button", { name: "統合して編集" }).click();
    await expect(part(second.page, "主観的情報")).toHaveValue(/昨夜から発熱、38\.5度。[\s\S]*3日前から咳が続く。/);
    await expect(part(second.page, "計画")).toHaveValue("解熱薬。");
    await expect(saveStatus(second.page)).toHaveText(/保存済$/);
    await second.reloads();
    await expect(part(second.page, "主観的情報")).toHaveValue(/昨夜から発熱、38\.5度。[\s\S]*3日前から咳が続く。/);
  });
  for (const actor of [desk, first, second]) {
    actor.allWell();
    await actor.leaves();
  }
});

test("stale registration data is answered with both texts", async ({ browser }) => {
  const left = await Actor.arrives(browser, "aoba", "reception");
  const right = await Actor.arrives(browser, "aoba", "reception");
  const { patient } = await registered(left, {
    family: "若宮",
    given: "紗江",
    familyKana: "ワカミヤ",
    givenKana: "サエ",
    sex: "female",
    birthDate: "1984-01-15",
  });
  const edit = (actor: Actor) => actor.page.getByRole("form", { name: "基本情報の編集" });

  await test.step("Two people edit the same registration.", async () => {
    for (const actor of [left, right]) {
      await actor.opens(`/patients/${patient}`);
      await actor.page.getByRole("button", { name: /^編集/ }).click();
    }
    await field(edit(left), "電話番号").fill("03-0000-1111");
    await field(edit(right), "住所").fill("東京都若竹区桜町2-2");
    await edit(left).getByRole("button", { name: "保存する" }).click();
    await expect(message(left.page, "患者情報を保存しました")).toBeVisible();
  });
  const question = dialog(right.page, "ほかの人が先に保存しました");
  await test.step("The second one is shown both texts, and goes back to editing with everything still there.", async () => {
    await edit(right).getByRole("button", { name: "保存する" }).click();
    await expect(question).toContainText("野村 千夏");
    await expect(question.getByRole("region", { name: "あなたの内容" })).toContainText("桜町2-2");
    await expect(question.getByRole("region", { name: "保存されている内容" })).toContainText(/03-?0000-?1111/);
    await question.getByRole("button", { name: "編集に戻る" }).click();
    await expect(field(edit(right), "住所")).toHaveValue("東京都若竹区桜町2-2");
  });
  await test.step("Asked again, one's own text is saved on purpose.", async () => {
    await edit(right).getByRole("button", { name: "保存する" }).click();
    await question.getByRole("button", { name: "自分の内容で保存する" }).click();
    await expect(message(right.page, "患者情報を保存しました")).toBeVisible();
    await expect(right.page.getByRole("region", { name: "基本情報" })).toContainText("桜町2-2");
  });
  for (const actor of [left, right]) {
    actor.allWell();
    await actor.leaves();
  }
});
