// Two clinics on one server: what one has, the other cannot find, open or see happen.
import { expect, test } from "@playwright/test";
import { Actor } from "./support/actors.js";
import { waiting } from "./support/people.js";
import { boardLine, dialog } from "./support/screens.js";

test("two clinics cannot see each other", async ({ browser }) => {
  const aoba = await Actor.arrives(browser, "aoba", "reception");
  const desk = await Actor.arrives(browser, "minato", "reception");
  const doctor = await Actor.arrives(browser, "minato", "doctor");

  await test.step("The other clinic has its board open.", async () => {
    await expect(desk.page.getByRole("region", { name: "受付一覧" })).toBeVisible();
    await desk.page.evaluate(() => document.documentElement.setAttribute("data-same-page", "yes"));
  });
  const person = await waiting(aoba, {
    family: "鬼頭",
    given: "千代",
    familyKana: "キトウ",
    givenKana: "チヨ",
    sex: "female",
    birthDate: "1947-12-24",
  });

  await test.step("Somebody is registered and checked in at the first clinic, whose board shows it.", async () => {
    await expect(boardLine(aoba.page, person.name)).toHaveCount(1);
  });
  await test.step("The other clinic's search finds nobody, by kana, kanji or birth date.", async () => {
    const box = desk.page.getByRole("combobox", { name: "患者をさがす" });
    for (const typed of ["きとう ちよ", "鬼頭", "S22.12.24"]) {
      await box.fill(typed);
      await expect(desk.page.getByText("該当する患者がいません。")).toBeVisible();
      await expect(desk.page.getByRole("button", { name: `「${typed}」で新患登録` })).toBeVisible();
    }
    await desk.page.keyboard.press("Escape");
  });
  await test.step("Nothing arrived on the other clinic's board, not even after its own next patient did.", async () => {
    const own = await waiting(desk, {
      family: "名越",
      given: "航",
      familyKana: "ナゴシ",
      givenKana: "ワタル",
      sex: "male",
      birthDate: "1988-08-08",
    });
    await expect(boardLine(desk.page, own.name)).toHaveCount(1);
    await expect(boardLine(desk.page, person.name)).toHaveCount(0);
    await expect(boardLine(aoba.page, own.name)).toHaveCount(0);
    await expect(desk.page.locator("html[data-same-page]")).toHaveCount(1);
  });
  await test.step("Known addresses open nothing there: each says that there is no such thing.", async () => {
    for (const [actor, path] of [
      [doctor, `/patients/${person.patient}/chart`],
      [doctor, `/patients/${person.patient}`],
      [desk, `/patients/${person.patient}`],
      [desk, `/visits/${person.visit}/payment`],
      [desk, `/visits/${person.visit}/receipt`],
      [desk, `/visits/${person.visit}/details`],
    ] as const) {
      const answer = await actor.page.goto(path);
      expect(answer?.status(), path).toBe(404);
      await expect(actor.page.getByRole("main"), path).toContainText("見つかりません");
      await expect(actor.page.getByRole("main"), path).not.toContainText("鬼頭");
    }
  });
  await test.step("A whole registration under the same name and card is no duplicate there.", async () => {
    await desk.opens("/patients/new?name=きとう ちよ");
    await expect(dialog(desk.page, "同じ方かもしれません")).toBeHidden();
    const answer = await desk.calls<{ outcome: string }>("register", {
      form: {
        family: "鬼頭", given: "千代", family_kana: "キトウ", given_kana: "チヨ", sex: "female", birth_date: "1947-12-24",
        postal_code: "", address: "神奈川県汐見市港町1", phone: "",
        insurance: { insurer: "", symbol: "", number: "", branch: "", relation: "", share: "", limit_class: "", valid_from: "", valid_to: "" },
        subsidy: { payer: "", recipient: "", share: "", monthly_cap: "", valid_from: "", valid_to: "" },
      },
      despite_duplicates: false,
    });
    expect(answer).toMatchObject({ status: 200, body: { outcome: "registered" } });
  });
  for (const actor of [aoba, desk, doctor]) {
    actor.allWell();
    await actor.leaves();
  }
});
