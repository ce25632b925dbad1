// The clinic's settings: what is typed wrongly is said at its field, two who save at once lose nothing, and the trail says so.
//
// Only days of the past are changed, so that no other test's fee depends on when this one runs.
import { expect, test } from "@playwright/test";
import { Actor } from "./support/actors.js";

test("an administrator keeps closed days and holidays; who saves second sees both texts", async ({ browser }) => {
  const first = await Actor.arrives(browser, "minato", "admin");
  const second = await Actor.arrives(browser, "minato", "admin");
  const closed = (who: Actor) => who.page.getByLabel("臨時休診", { exact: true });
  const holidays = (who: Actor) => who.page.getByLabel("休日一覧（国民の祝日）");
  const saved = (who: Actor) => who.page.getByText("医院の設定を保存しました。");
  for (const who of [first, second]) await who.opens("/admin/clinic");

  await test.step("Without holidays the page says what that means.", async () => {
    await expect(first.page.getByText("祝日は登録されていません。")).toBeVisible();
  });
  await test.step("What cannot be read is said at its field, and nothing is saved.", async () => {
    await first.page.getByLabel("月曜日").fill("9:00-8:00");
    await holidays(first).fill("2025-01-01 元日\n2025-02-30 ない日");
    await first.page.keyboard.press("Control+Enter");
    await expect(first.page.getByText("終わりが始まりより前です")).toBeVisible();
    await expect(first.page.getByText("2行目の「2025-02-30」は日付として読めません")).toBeVisible();
  });
  await test.step("Mended, it is saved and stands after a reload.", async () => {
    await first.page.getByLabel("月曜日").fill("9:00-12:00、15:00-18:00");
    await holidays(first).fill("2025-01-01 元日");
    await first.page.getByRole("button", { name: "保存する" }).click();
    await expect(saved(first)).toBeVisible();
    await first.reloads();
    await expect(holidays(first)).toHaveValue("2025-01-01 元日");
  });
  await test.step("The standards are looked through by their words.", async () => {
    await first.page.getByLabel("施設基準をさがす").fill("検体");
    await expect(first.page.getByRole("checkbox", { name: "検体検査管理加算1" })).toBeVisible();
    await expect(first.page.getByRole("checkbox", { name: "機能強化加算" })).toBeHidden();
  });
  await test.step("The other one, who saw the page before, gets both texts and saves the own one.", async () => {
    await closed(second).fill("2025-08-14 夏季休診");
    await second.page.getByRole("button", { name: "保存する" }).click();
    const dialog = second.page.getByRole("dialog");
    await expect(dialog.getByText("ほかの人が先に保存しました")).toBeVisible();
    await expect(dialog.locator("[data-stale=theirs]")).toContainText("元日");
    await expect(dialog.locator("[data-stale=yours]")).toContainText("2025-08-14");
    await dialog.getByRole("button", { name: "自分の内容で保存する" }).click();
    await expect(saved(second)).toBeVisible();
  });
  await test.step("The trail names what was changed.", async () => {
    await first.opens("/admin/audit");
    await expect(first.page.getByText("医院の設定の変更").first()).toBeVisible();
  });
  for (const who of [first, second]) {
    who.allWell();
    await who.leaves();
  }
});

test("the clinic's settings fit a phone @phone", async ({ browser }) => {
  const admin = await Actor.arrives(browser, "aoba", "admin", { viewport: { width: 390, height: 844 } });
  await admin.opens("/admin/clinic");
  await expect(admin.page.getByRole("heading", { name: "診療時間" })).toBeVisible();
  const sideways = await admin.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);
  admin.allWell();
  await admin.leaves();
});
