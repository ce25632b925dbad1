// Every screen, at the desk and on the phone: no violation of axe's rules, and a picture for people.
//
// What an import of masters shows is looked at where it is done, in masters.spec.ts.
import { expect, test } from "@playwright/test";
import { Actor, fillSignIn, listening } from "./support/actors.js";
import { registered, waiting, type Person } from "./support/people.js";
import { look } from "./support/pictures.js";
import { choose, dialog, field, panel, part } from "./support/screens.js";

const NOBODY: Person = {
  family: "能登", given: "梓", familyKana: "ノト", givenKana: "アズサ", sex: "female", birthDate: "1979-03-19",
};

test("every screen of reception and doctor passes the axe audit", async ({ browser, page: visitor }) => {
  test.setTimeout(300_000);

  await test.step("Signing in, also after a wrong password.", async () => {
    await visitor.goto("/sign-in");
    await listening(visitor);
    await look(visitor, "01-sign-in");
    await fillSignIn(visitor, "aoba", "nurse", "wrong");
    await expect(visitor.getByText("組み合わせが正しくありません")).toBeVisible();
    await look(visitor, "02-sign-in-refused");
  });

  const reception = await Actor.arrives(browser, "aoba", "reception");
  const desk = reception.page;
  const at = (state: string) => desk.locator(`tr[data-state=${state}]`);
  const chartOf = async (state: string) =>
    (await at(state).getByRole("link", { name: /^カルテ/ }).first().getAttribute("href")) ?? "";

  await test.step("The board, its search, the check-in and the list of keys.", async () => {
    await expect(at("done").first()).toBeVisible();
    await look(desk, "03-reception");
    await desk.getByRole("combobox", { name: "患者をさがす" }).fill("あ");
    await expect(desk.getByRole("listbox", { name: "見つかった患者" }).getByRole("option").first()).toBeVisible();
    await look(desk, "04-reception-search");
    await desk.getByRole("combobox", { name: "患者をさがす" }).fill("ぬるぽ");
    await expect(desk.getByText("該当する患者がいません。")).toBeVisible();
    await look(desk, "05-reception-nobody");
    await desk.getByRole("combobox", { name: "患者をさがす" }).fill("");
    await desk.getByRole("listbox", { name: "見つかった患者" }).getByRole("option").first().click();
    await expect(desk.getByRole("dialog")).toBeVisible();
    await look(desk, "06-check-in");
    await desk.keyboard.press("Escape");
    await expect(desk.getByRole("dialog")).toBeHidden();
    await reception.opens("/reception");
    await desk.keyboard.press("?");
    await expect(dialog(desk, "キーボード操作")).toBeVisible();
    await look(desk, "07-keys");
    await desk.keyboard.press("Escape");
  });
  const [seen, paying, paid] = [await chartOf("in_consultation"), await chartOf("awaiting_payment"), await chartOf("done")];
  const account = (await at("awaiting_payment").getByRole("link", { name: /^会計/ }).first().getAttribute("href")) ?? "";
  const receipt = (await at("done").getByRole("link", { name: /^領収証/ }).first().getAttribute("href")) ?? "";

  await test.step("Registering: empty, refused, a likely duplicate, done.", async () => {
    await registered(reception, NOBODY);
    await reception.opens("/patients/new");
    await look(desk, "08-new-patient");
    await desk.getByText("受給者証があるときに開く").click();
    await field(desk, "保険者番号").fill("06139998");
    await desk.getByRole("button", { name: "登録する" }).click();
    await expect(field(desk, "姓")).toHaveAttribute("aria-invalid", "true");
    await look(desk, "09-new-patient-refused");
    await reception.opens("/patients/new?name=のと あずさ");
    await field(desk, "姓").fill("能登");
    await field(desk, "名").fill("梓");
    await field(desk, "生年月日").fill("1979-03-19");
    await desk.getByRole("radio", { name: "女" }).check();
    await field(desk, "住所").fill("東京都若竹区");
    await desk.getByRole("button", { name: "登録する" }).click();
    await expect(dialog(desk, "同じ方かもしれません")).toBeVisible();
    await look(desk, "10-duplicates");
    await dialog(desk, "同じ方かもしれません").getByRole("button", { name: "別の方として登録する" }).click();
    await expect(desk.getByRole("region", { name: "登録しました" })).toBeVisible();
    await look(desk, "11-registered");
  });
  await test.step("A registration: read, edited, with a new card and a new subsidy.", async () => {
    await reception.opens(seen.replace("/chart", ""));
    await look(desk, "12-patient");
    await desk.getByRole("button", { name: /^編集/ }).click();
    await expect(desk.getByRole("form", { name: "基本情報の編集" })).toBeVisible();
    await look(desk, "13-patient-edited");
    await desk.getByRole("button", { name: "やめる" }).click();
    for (const [button, picture] of [["保険を追加", "14-insurance"], ["公費を追加", "15-subsidy"]] as const) {
      await desk.getByRole("button", { name: button }).click();
      await dialog(desk, button).getByRole("button", { name: "追加する" }).click();
      await expect(dialog(desk, button).locator("[aria-invalid=true]").first()).toBeVisible();
      await look(desk, picture);
      await desk.keyboard.press("Escape");
      await expect(dialog(desk, button)).toBeHidden();
    }
  });
  await test.step("The account, the receipt, the details.", async () => {
    await reception.opens(account);
    await desk.locator(".reason summary").first().click();
    await look(desk, "16-payment");
    await reception.opens(receipt);
    await look(desk, "17-paid");
    await reception.opens(receipt.replace("payment", "receipt"));
    await look(desk, "18-receipt");
    await reception.opens(receipt.replace("payment", "details"));
    await look(desk, "19-details");
  });

  const doctor = await Actor.arrives(browser, "aoba", "doctor");
  const { page } = doctor;
  await test.step("The chart with each of its panels, lists open.", async () => {
    await doctor.opens(seen);
    await expect(part(page, "主観的情報")).toBeEditable();
    await look(page, "20-chart");
    const diagnoses = await panel(page, "傷病名");
    await choose(diagnoses, "傷病名を探す", "高血圧症");
    await expect(diagnoses.locator(".composed-name")).toBeVisible();
    await diagnoses.getByRole("combobox", { name: "修飾語を足す" }).fill("急");
    await expect(diagnoses.getByRole("option").first()).toBeVisible();
    await look(page, "21-chart-diagnosis");
    const allergies = await panel(page, "アレルギー");
    await choose(allergies, "アレルゲンを探す", "そば", /そば|ソバ|蕎麦/);
    await look(page, "22-chart-allergy");
    const orders = await panel(page, "オーダー");
    await choose(orders, "薬を探す", "あむろじぴん", /アムロジピン/);
    await orders.getByRole("combobox", { name: "用法" }).fill("食後");
    await expect(orders.getByRole("option").first()).toBeVisible();
    await look(page, "23-chart-prescription");
    await orders.getByRole("combobox", { name: "診療行為を探す" }).fill("末梢血液");
    await expect(orders.getByRole("option").first()).toBeVisible();
    await look(page, "24-chart-procedure");
    await orders.getByRole("combobox", { name: "セットを探す" }).fill("かぜ");
    await expect(orders.getByRole("option").first()).toBeVisible();
    await look(page, "24-chart-set");
    await orders.getByRole("combobox", { name: "自費項目を探す" }).fill("しんだん");
    await expect(orders.getByRole("option").first()).toBeVisible();
    await look(page, "24-chart-self-paid");
    const fee = await panel(page, "会計");
    await fee.locator("summary").first().click();
    await look(page, "25-chart-fee");
  });
  await test.step("What is asked before confirming.", async () => {
    await page.getByRole("button", { name: /^確定/ }).click();
    await expect(dialog(page, "診療を確定します")).toBeVisible();
    await look(page, "26-confirm");
    await page.keyboard.press("Escape");
  });
  await test.step("Results over time, their graph, and the grid to enter them.", async () => {
    await doctor.opens(paid);
    const labs = await panel(page, "検査");
    await look(page, "27-chart-labs");
    const graph = labs.locator("button[title=推移のグラフ]").first();
    if ((await graph.count()) > 0) {
      await graph.click();
      await look(page, "28-chart-graph");
    }
    await labs.getByRole("button", { name: "結果を入力" }).click();
    await expect(labs.getByLabel("項目をしぼる")).toBeVisible();
    await labs.getByLabel("HbA1c(NGSP)", { exact: true }).fill("9.9");
    await look(page, "29-chart-lab-grid");
  });
  await test.step("A confirmed note and its amendment.", async () => {
    await doctor.opens(paying);
    await look(page, "30-chart-confirmed");
    await page.getByRole("region", { name: "本日の診療" }).getByRole("button", { name: "訂正・追記" }).click();
    await dialog(page, "訂正・追記").getByRole("button", { name: "訂正・追記を記録" }).click();
    await expect(dialog(page, "訂正・追記").locator("[aria-invalid=true]")).toBeVisible();
    await look(page, "31-amend");
    await page.keyboard.press("Escape");
  });
  await test.step("Documents, what others shared, and a letter: written, before it is issued, on paper.", async () => {
    const documents = await panel(page, "文書");
    await documents.getByRole("button", { name: "他院の情報を取り寄せる" }).click();
    await expect(documents.getByText(/閲覧同意が必要です|他院の文書が|他院が共有した記録はありません/).first()).toBeVisible();
    await look(page, "32-chart-documents");
    await documents.getByRole("button", { name: "紹介状を書く" }).click();
    await page.waitForURL("**/letters/**");
    await expect(field(page, "紹介目的")).toBeEditable();
    await look(page, "33-letter");
    await page.getByRole("button", { name: /^発行/ }).click();
    await expect(dialog(page, "紹介状を発行します")).toBeVisible();
    await look(page, "34-letter-issue");
    await dialog(page, "紹介状を発行します").getByRole("button", { name: "書き続ける" }).click();
    await field(page, "紹介先医療機関").fill("中央総合病院");
    await field(page, "紹介目的").fill("ご高診をお願いいたします。");
    await field(page, "主訴").fill("めまい");
    await field(page, "現病歴").fill("1週間前から。");
    await page.getByRole("button", { name: /^発行/ }).click();
    await dialog(page, "紹介状を発行します").getByRole("button", { name: /^発行する/ }).click();
    await expect(page.getByRole("region", { name: "紹介状の状態" })).toBeVisible();
    await look(page, "35-letter-issued");
  });
  await test.step("Two texts of one note; the session that ended; what does not exist.", async () => {
    const { patient, visit } = await waiting(reception, { ...NOBODY, given: "茜", givenKana: "アカネ" });
    await doctor.opens(`/patients/${patient}/chart`);
    await doctor.asks("begin_visit", { visit });
    const soap = { subjective: "ほかの画面から。", objective: "", assessment: "", plan: "" };
    await doctor.asks("save_draft", { visit, soap, version: 0 });
    await part(page, "主観的情報").fill("この画面から。");
    await expect(dialog(page, "ほかの人が先に保存しました")).toBeVisible();
    await look(page, "36-collision");
    await dialog(page, "ほかの人が先に保存しました").getByRole("button", { name: "統合して編集" }).click();
    await doctor.context.clearCookies();
    await part(page, "計画").fill("経過をみる。");
    await expect(dialog(page, "もう一度サインインしてください")).toBeVisible();
    await look(page, "37-sign-in-again");
    await reception.opens("/patients/00000000-0000-0000-0000-000000000000");
    await expect(desk.getByRole("main")).toContainText("見つかりません");
    await look(desk, "38-not-found");
  });

  for (const actor of [reception, doctor]) {
    actor.allWell();
    await actor.leaves();
  }
});

test("every screen of the administrator passes the axe audit", async ({ browser }) => {
  test.setTimeout(180_000);
  const admin = await Actor.arrives(browser, "aoba", "admin");
  await test.step("The administrator's page.", async () => {
    await look(admin.page, "39-admin-staff");
    for (const [tab, picture] of [["監査記録", "40-admin-audit"], ["マスター", "41-admin-masters"]] as const) {
      await admin.page.getByRole("navigation", { name: "管理の内容" }).getByRole("link", { name: tab, exact: true }).click();
      await expect(admin.page.getByRole("main").getByRole("row").nth(1)).toBeVisible();
      await look(admin.page, picture);
    }
  });
  await test.step("The clinic's own layer: items, one of them, sets, one of them, what patients pay themselves, nothing to repair.", async () => {
    const { page: own } = admin;
    const tab = async (name: string) => {
      await own.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
      return own.getByRole("tabpanel", { name: new RegExp(`^${name}`) });
    };
    await admin.opens("/admin/inhouse");
    const items = await tab("項目");
    await expect(items.getByRole("listitem").first()).toBeVisible();
    await look(own, "42-inhouse-items");
    await items.getByRole("combobox", { name: "医薬品を国のマスターから探す" }).fill("ろき");
    await expect(items.getByRole("listbox", { name: /の候補$/ }).first().getByRole("option").first()).toBeVisible();
    await look(own, "43-inhouse-search");
    await own.keyboard.press("Escape");
    await items.getByRole("button", { name: /を編集$/ }).first().click();
    await field(own, "いつもの量").fill("三");
    await field(own, "いつもの量").press("Enter");
    await expect(field(own, "いつもの量")).toHaveAttribute("aria-invalid", "true");
    await look(own, "44-inhouse-item-refused");
    const sets = await tab("セット");
    await look(own, "45-inhouse-sets");
    await sets.getByRole("button", { name: "セットを作る" }).click();
    await choose(sets, "薬を探す", "あむろじぴん", /アムロジピン/);
    await own.keyboard.press("Control+Enter");
    await look(own, "46-inhouse-set");
    const paid = await tab("自費");
    await paid.getByRole("button", { name: "自費項目を加える" }).click();
    await paid.getByRole("button", { name: /^保存/ }).click();
    await expect(field(own, "名称")).toHaveAttribute("aria-invalid", "true");
    await look(own, "47-inhouse-self-paid");
    await tab("要修正");
    await look(own, "48-inhouse-repair");
  });
  admin.allWell();
  await admin.leaves();
});
