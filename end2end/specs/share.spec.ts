// Two clinics that share: a letter goes out, is read and taken over, and answered; what is taken back disappears; what is
// refused is mended in the chart and goes out; what the patient is not to know stays out of the patient's hands.
//
// The tests follow one patient and stand in this order.
import { expect, test, type Locator } from "@playwright/test";
import { Actor, listening } from "./support/actors.js";
import { registered, waiting, type Person } from "./support/people.js";
import { look } from "./support/pictures.js";
import { dialog, field, follows, message, panel } from "./support/screens.js";

test.describe.configure({ mode: "serial" });

const PATIENT: Person = {
  family: "榎戸",
  given: "小春",
  familyKana: "エノキド",
  givenKana: "コハル",
  sex: "female",
  birthDate: "1962-05-14",
  card: { insurer: "06139992", symbol: "若竹九", number: "700931", branch: "01" },
};
/** The platform tells of an opened letter when it is asked, once a minute. */
const A_MINUTE = 80_000;

interface Hit {
  code: string;
  name: string;
}

let aobaDesk: Actor;
let aoba: Actor;
let minatoDesk: Actor;
let minato: Actor;
/** The patient here and there. */
let here: string;
let there: string;

/** The code of a master's row by its whole name. */
async function code(actor: Actor, kind: string, name: string): Promise<string> {
  const hits = await actor.asks<Hit[]>("search_masters", { kind, query: name, on: null });
  const found = hits.find((hit) => hit.name === name) ?? hits[0];
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found.code;
}

/** The line of a document this clinic shared. */
function sent(actor: Actor, what: string | RegExp): Locator {
  return actor.page.getByRole("list", { name: "共有した文書", exact: true }).getByRole("listitem").filter({ hasText: what });
}

test.beforeAll(async ({ browser }) => {
  aobaDesk = await Actor.arrives(browser, "aoba", "reception");
  aoba = await Actor.arrives(browser, "aoba", "doctor");
  minatoDesk = await Actor.arrives(browser, "minato", "reception");
  minato = await Actor.arrives(browser, "minato", "doctor");
  ({ patient: here } = await registered(aobaDesk, PATIENT));
  ({ patient: there } = await registered(minatoDesk, PATIENT));
});
test.afterEach(() => {
  for (const actor of [aobaDesk, aoba, minatoDesk, minato]) actor?.allWell();
});
test.afterAll(async () => {
  for (const actor of [aobaDesk, aoba, minatoDesk, minato]) await actor?.leaves();
});

test("a referral written in one clinic is read and taken over in the other, and the reply comes back", async () => {
  test.setTimeout(300_000);
  let letter = "";

  await test.step("The first clinic knows a disease, an allergy and a result, and writes a letter.", async () => {
    const form = { code: await code(aoba, "disease", "高血圧症"), modifiers: [], started_on: "2024-04-01", principal: true };
    await aoba.asks("add_diagnosis", { patient: here, form });
    await aoba.asks("add_allergy", {
      patient: here,
      form: { code: await code(aoba, "allergen", "そば"), severe: true, reaction: "全身の膨疹" },
    });
    await aoba.opens(`/patients/${here}/chart`);
    const documents = await panel(aoba.page, "文書");
    await follows(aoba.page, documents.getByRole("button", { name: "紹介状を書く" }), /\/letters\//);
    letter = aoba.page.url();
    await field(aoba.page, "紹介先医療機関").fill("みなと内科クリニック");
    await field(aoba.page, "医療機関番号").fill("1419999902");
    await field(aoba.page, "紹介目的").fill("娘さんのお宅の近くでの血圧の管理をお願いいたします。");
    await field(aoba.page, "主訴").fill("自覚症状なし");
    await field(aoba.page, "現病歴").fill("2年前より降圧薬を内服されています。\n家庭血圧は130台です。");
    await field(aoba.page, "家族歴").fill("父：脳出血");
    await aoba.page.getByRole("button", { name: /^発行/ }).click();
    await dialog(aoba.page, "紹介状を発行します").getByRole("button", { name: /^発行する/ }).click();
    await expect(aoba.page.getByRole("region", { name: "紹介状の状態" })).toContainText("送信済", { timeout: 20_000 });
  });
  await test.step("Reception of the other clinic looks into the mailbox and sees whose letter came, not what it says.", async () => {
    const { page } = minatoDesk;
    await minatoDesk.opens("/inbox");
    await page.getByRole("button", { name: "いま確かめる" }).click();
    const line = page.getByRole("table", { name: "届いた紹介状" }).getByRole("row").filter({ hasText: "榎戸 小春" });
    await expect(line).toContainText("青葉内科クリニック");
    await expect(line).toContainText("未読");
    await expect(line.getByRole("link", { name: /読む/ })).toHaveCount(0);
    await look(page, "70-inbox");
  });
  await test.step("The doctor reads it as a letter.", async () => {
    const { page } = minato;
    await minato.opens("/inbox");
    const line = page.getByRole("table", { name: "届いた紹介状" }).getByRole("row").filter({ hasText: "榎戸 小春" });
    await follows(page, line.getByRole("link", { name: /読む$|を読む/ }).last(), /\/inbox\/[0-9a-f-]{36}/);
    const main = page.getByRole("main");
    await expect(main).toContainText("娘さんのお宅の近くでの血圧の管理をお願いいたします。");
    await expect(main).toContainText("家庭血圧は130台です。");
    await expect(main).toContainText("父：脳出血");
    await expect(page.getByRole("region", { name: "患者", exact: true })).toContainText("榎戸 小春");
    await look(page, "71-incoming");
  });
  await test.step("One press takes the parts over; they stand in the chart with where they came from.", async () => {
    const { page } = minato;
    const parts = page.getByRole("region", { name: "取り込み" });
    await parts.getByRole("button", { name: "高血圧症を取り込む" }).click();
    await expect(message(page, /取り込みました/).last()).toBeVisible();
    await parts.getByRole("button", { name: /そば.*を取り込む|蕎麦.*を取り込む/ }).click();
    await expect(parts.getByText("取り込み済")).toHaveCount(2);
    const letterAt = page.url();
    await minato.opens(`/patients/${there}/chart`);
    await expect(await panel(page, "傷病名")).toContainText(/高血圧症[\s\S]*青葉内科クリニック/);
    await expect(await panel(page, "アレルギー")).toContainText(/そば[\s\S]*青葉内科クリニック/);
    await page.goto(letterAt);
    await listening(page);
  });
  await test.step("The reply starts from the letter and goes back.", async () => {
    const { page } = minato;
    await follows(page, page.getByRole("button", { name: "返書を書く" }), /\/letters\//);
    await expect(field(page, "紹介先医療機関")).toHaveValue("青葉内科クリニック");
    await expect(field(page, "医療機関番号")).toHaveValue("1319999901");
    await look(page, "72-reply");
    await field(page, "紹介目的").fill("ご紹介ありがとうございます。拝見いたしましたのでご報告いたします。");
    await field(page, "主訴").fill("自覚症状なし");
    await field(page, "現病歴").fill("診察室血圧は128/76でした。内服を継続します。");
    await page.getByRole("button", { name: /^発行/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: /^発行する/ }).click();
    await expect(page.getByRole("region", { name: "紹介状の状態" })).toContainText("送信済", { timeout: 20_000 });
  });
  await test.step("The first clinic sees that its letter was opened and answered, and reads the answer.", async () => {
    const { page } = aoba;
    await aoba.opens("/inbox");
    await page.getByRole("button", { name: "いま確かめる" }).click();
    const line = page.getByRole("table", { name: "届いた紹介状" }).getByRole("row").filter({ hasText: "榎戸 小春" });
    await expect(line).toContainText("返書");
    await aoba.opens(letter.replace(/^https?:\/\/[^/]+/, ""));
    const state = page.getByRole("region", { name: "紹介状の状態" });
    await expect(state).toContainText("受領（済）", { timeout: A_MINUTE });
    await follows(page, page.getByRole("link", { name: "返書を読む" }), /\/inbox\//);
    await expect(page.getByRole("main")).toContainText("診察室血圧は128/76でした。");
    await expect(page.getByRole("region", { name: "患者", exact: true })).toContainText("への返書です");
  });
});

test("a document that is taken back disappears in the other clinic", async () => {
  const { page } = minato;
  const ask = async () => {
    await page.getByRole("button", { name: "他院の情報を取り寄せる" }).click();
  };

  await test.step("With consent the other clinic sees our lists beside its own; what it has is recognised.", async () => {
    await minatoDesk.opens(`/patients/${there}`);
    await minatoDesk.page.getByRole("button", { name: "同意を記録する" }).click();
    await expect(minatoDesk.page.getByRole("region", { name: "閲覧同意" })).toContainText("同意あり");
    const soap = { subjective: "定期受診。", objective: "", assessment: "", plan: "" };
    const { id: visit } = await aobaDesk.asks<{ id: string }>("check_in", { patient: here, remark: "" });
    await aoba.asks("begin_visit", { visit });
    await aoba.asks("confirm", { visit, soap, version: 0 });
    await aoba.opens(`/patients/${here}/chart`);
    await panel(aoba.page, "文書");
    await expect(sent(aoba, "アレルギー 1件")).toContainText("送信済", { timeout: 20_000 });
    await expect(sent(aoba, "傷病名 1件")).toContainText("送信済", { timeout: 20_000 });
    await minato.opens(`/patients/${there}/chart`);
    await panel(page, "文書");
    await ask();
    const theirs = page.getByRole("region", { name: "他院の記録" });
    await expect(theirs).toContainText("青葉内科クリニック");
    await expect(theirs.getByText("登録済み").first()).toBeVisible();
    await look(page, "73-comparison");
    await expect(theirs).toContainText(/そば/);
  });
  await test.step("The first clinic takes its list of allergies back.", async () => {
    await sent(aoba, "アレルギー 1件").getByRole("button", { name: /取り消す/ }).click();
    await dialog(aoba.page, "共有した文書を取り消す").getByRole("button", { name: "取り消す" }).click();
    await expect(sent(aoba, "アレルギー 1件")).toContainText("取消済", { timeout: 20_000 });
  });
  await test.step("Asked again, the platform no longer has it, and the other clinic shows it no longer.", async () => {
    await ask();
    await expect(page.getByText(/共有元が取り消した文書1件は表示しません/)).toBeVisible();
    const theirs = page.getByRole("region", { name: "他院の記録" });
    await expect(theirs).toContainText("高血圧症");
    const allergies = theirs.getByRole("list", { name: /^アレルギー/ });
    await expect(allergies).toHaveCount(0);
  });
});

test("a refusal is mended in the chart and goes out", async () => {
  const { page } = aoba;
  const uninsured = await waiting(aobaDesk, {
    family: "祖父江",
    given: "匠",
    familyKana: "ソブエ",
    givenKana: "タクミ",
    sex: "male",
    birthDate: "1990-10-10",
  });

  await test.step("Without insurance the platform knows nobody: the document does not leave, and the chart says where to mend it.", async () => {
    await aoba.asks("add_allergy", {
      patient: uninsured.patient,
      form: { code: await code(aoba, "allergen", "えび"), severe: false, reaction: "" },
    });
    await aoba.asks("begin_visit", { visit: uninsured.visit });
    const soap = { subjective: "初診。", objective: "", assessment: "", plan: "" };
    await aoba.asks("confirm", { visit: uninsured.visit, soap, version: 0 });
    await aoba.opens(`/patients/${uninsured.patient}/chart`);
    await panel(page, "文書");
    await expect(sent(aoba, "アレルギー")).toContainText("受付不可");
    await look(page, "74-refused");
    await expect(sent(aoba, "アレルギー").getByRole("listitem").first()).toHaveText(/保険|被保険者/);
    await expect(page.getByRole("tab", { name: /文書/ })).toContainText("受付不可あり");
    await expect(sent(aoba, "アレルギー").getByRole("button", { name: /再送/ })).toBeVisible();
    await follows(page, sent(aoba, "アレルギー").getByRole("link", { name: /直す/ }).first(), new RegExp(`/patients/${uninsured.patient}`));
  });
  await test.step("The card is entered.", async () => {
    await aobaDesk.asks("add_insurance", {
      patient: uninsured.patient,
      form: {
        insurer: "06139992", symbol: "若竹九", number: "700932", branch: "01", relation: "insured", share: "30",
        limit_class: "", valid_from: "2026-04-01", valid_to: "",
      },
    });
  });
  await test.step("Sent again, the document is taken.", async () => {
    await aoba.opens(`/patients/${uninsured.patient}/chart`);
    await panel(page, "文書");
    const again = sent(aoba, "アレルギー").getByRole("button", { name: /再送/ });
    if (await again.isVisible()) await again.click();
    await expect(sent(aoba, "アレルギー")).toContainText("送信済", { timeout: 20_000 });
    await expect(sent(aoba, "アレルギー")).toContainText(/受付番号 \d{8}-\d{8}/);
  });
});

test("what the patient has not been told stays out of the patient's account", async () => {
  const { page } = aoba;

  await test.step("The doctor marks a diagnosis as not told; the chart warns.", async () => {
    const form = { code: await code(aoba, "disease", "胃癌"), modifiers: [], started_on: "2026-06-01", principal: false };
    await aoba.asks("add_diagnosis", { patient: here, form });
    await aoba.opens(`/patients/${here}/chart`);
    await panel(page, "傷病名");
    await page.getByRole("button", { name: "胃癌の共有設定" }).click();
    await page.getByRole("checkbox", { name: /未告知/ }).check();
    await look(page, "75-flags");
    await expect(message(page, "未告知にしました。")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("main")).toContainText(/未告知/);
  });
  await test.step("It was shared, with its flag, and the account for the patient does not show it.", async () => {
    await aoba.opens(`/patients/${here}/account`);
    const paper = page.getByRole("main");
    await expect(paper).toContainText("当院から送った情報");
    await expect(paper).toContainText("高血圧症");
    await expect(paper).not.toContainText("胃癌");
    await look(page, "76-account");
  });
});

test("a plan of care and a health check go out as documents", async () => {
  const { page } = aoba;
  const issues = async (kind: string) => {
    await page.getByRole("button", { name: /^発行/ }).click();
    await dialog(page, `${kind}を発行します`).getByRole("button", { name: /^発行する/ }).click();
  };

  await test.step("The plan begins with the diagnoses of the chart; the goal is all that is missing. What is not told stands in none.", async () => {
    await aoba.opens(`/patients/${here}/chart`);
    const documents = await panel(page, "文書");
    await follows(page, documents.getByRole("button", { name: /^療養計画書/ }), /\/papers\//);
    await expect(page.getByRole("main")).toContainText("高血圧症");
    await expect(page.getByRole("checkbox", { name: /胃癌/ })).toHaveCount(0);
    await look(page, "77-care-plan");
    await issues("患者サマリー（療養計画書）");
    await expect(field(page, "目標")).toHaveAccessibleDescription(/入力してください/);
    await field(page, "目標").fill("家庭血圧 135/85 未満");
    await field(page, "食事").fill("塩分を1日6g未満に");
    await issues("患者サマリー（療養計画書）");
    await expect(page.getByRole("region", { name: "文書の状態" })).toContainText("送信済", { timeout: 20_000 });
    await look(page, "78-care-plan-issued");
  });
  await test.step("A health check names every item that is missing before it may go out.", async () => {
    await aoba.opens(`/patients/${here}/chart`);
    const documents = await panel(page, "文書");
    await follows(page, documents.getByRole("button", { name: /^健診結果/ }), /\/papers\//);
    await look(page, "79-checkup");
    await issues("健診結果報告書");
    await expect(page.getByRole("main")).toContainText(/あと\d+か所の入力が必要です/);
  });
  await test.step("The other clinic reads the plan.", async () => {
    const there_ = minato.page;
    await minato.opens(`/patients/${there}/chart`);
    await panel(there_, "文書");
    await there_.getByRole("button", { name: "他院の情報を取り寄せる" }).click();
    const theirs = there_.getByRole("region", { name: "他院の記録" });
    await expect(theirs).toContainText("家庭血圧 135/85 未満");
  });
});
