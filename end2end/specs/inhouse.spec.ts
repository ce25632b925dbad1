// The clinic's own layer over the national masters: what it adopts, names and hides, its sets and what patients pay themselves.
//
// The clinic is Minato, which has said nothing about the masters so far.
import { expect, test, type Locator } from "@playwright/test";
import { Actor } from "./support/actors.js";
import { waiting, type Person } from "./support/people.js";
import { look } from "./support/pictures.js";
import { choose, dialog, field, figure, follows, message, panel, part } from "./support/screens.js";

test.describe.configure({ mode: "serial" });

const CARD = { insurer: "06139992", symbol: "汐見三", number: "300411", branch: "01" };
const person = (given: string, givenKana: string, number: string): Person => ({
  family: "入江", given, familyKana: "イリエ", givenKana, sex: "female", birthDate: "1984-08-14", card: { ...CARD, number },
});

let admin: Actor;
let doctor: Actor;
let reception: Actor;

test.beforeAll(async ({ browser }) => {
  admin = await Actor.arrives(browser, "minato", "admin");
  doctor = await Actor.arrives(browser, "minato", "doctor");
  reception = await Actor.arrives(browser, "minato", "reception");
});
test.afterEach(() => {
  for (const actor of [admin, doctor, reception]) actor?.allWell();
});
test.afterAll(async () => {
  for (const actor of [admin, doctor, reception]) await actor?.leaves();
});

/** Opens a part of 院内マスター. */
async function layer(who: Actor, tab: "項目" | "セット" | "自費" | "要修正"): Promise<Locator> {
  await who.opens(who.login === "admin" ? "/admin/inhouse" : "/inhouse");
  const choice = who.page.getByRole("tab", { name: new RegExp(`^${tab}`) });
  await choice.click();
  await expect(choice).toHaveAttribute("aria-selected", "true");
  return who.page.getByRole("tabpanel", { name: new RegExp(`^${tab}`) });
}

/** The names of the lines of a search list, as they stand. */
async function lines(list: Locator): Promise<string[]> {
  await expect(list.getByRole("option").first()).toBeVisible();
  return list.locator(".combobox-name").allTextContents();
}

/** Somebody new is here, and the doctor has the chart open. */
async function comesIn(given: string, givenKana: string, number: string): Promise<{ patient: string; visit: string; name: string }> {
  const here = await waiting(reception, person(given, givenKana, number));
  await doctor.opens(`/patients/${here.patient}/chart`);
  await expect(part(doctor.page, "主観的情報")).toBeEditable();
  return here;
}

test("a drug is adopted with its usual dose under the clinic's own name, and another is hidden", async () => {
  const { page } = admin;
  const items = await layer(admin, "項目");
  const listed = items.getByRole("list", { name: "院内設定の一覧" }).getByRole("listitem");

  await test.step("The administrator finds the drug in the national master; nothing is said about it yet.", async () => {
    await choose(items, "医薬品を国のマスターから探す", "ろきそにんじょう", "ロキソニン錠６０ｍｇ");
    await expect(page.getByRole("region", { name: "新しい院内設定" })).toContainText("620098801");
    await expect(field(page, "院内略称")).toBeFocused();
    await expect(page.getByRole("checkbox", { name: "採用" })).toBeChecked();
  });
  await test.step("A dose of a drug is a whole one: what cannot be is refused where it was typed.", async () => {
    await field(page, "院内略称").fill("ロキ60");
    await field(page, "読み（カナ）").fill("ロキ");
    const dose = page.getByRole("group", { name: "既定の用法・用量" });
    await dose.getByLabel("区分").selectOption({ label: "内服" });
    await field(dose, "いつもの量").fill("三");
    await choose(dose, "いつもの用法", "毎食後", "1日3回 毎食後");
    await field(dose, "いつもの日数・回数").fill("5");
    await page.keyboard.press("Enter");
    await expect(field(dose, "いつもの量")).toHaveAttribute("aria-invalid", "true");
    await expect(field(page, "院内略称")).toHaveValue("ロキ60");
    await field(dose, "いつもの量").fill("3");
    await page.keyboard.press("Enter");
    await expect(message(page, "「ロキソニン錠６０ｍｇ」を保存しました。")).toBeVisible();
  });
  await test.step("It stands in the list under its own name, the national name behind it, with the dose in words.", async () => {
    const line = listed.filter({ hasText: "ロキ60" });
    await expect(line).toContainText("ロキソニン錠６０ｍｇ");
    await expect(line).toContainText("採用");
    await expect(line).toContainText("いつも: 内服・1日量 3・1日3回 毎食後・5日分");
  });
  await test.step("Another one is hidden; what is hidden is not adopted.", async () => {
    await choose(items, "医薬品を国のマスターから探す", "ろきそにんげる", "ロキソニンゲル１％");
    await page.getByRole("checkbox", { name: /^非表示/ }).check();
    await expect(page.getByRole("checkbox", { name: "採用" })).not.toBeChecked();
    await page.getByRole("button", { name: /^保存/ }).click();
    await expect(listed.filter({ hasText: "ロキソニンゲル１％" })).toContainText("非表示");
  });

  const orders = await test.step("The doctor types a few letters: the adopted one comes first, the hidden one not at all.", async () => {
    await comesIn("一花", "イチカ", "300401");
    const orders = await panel(doctor.page, "オーダー");
    const list = orders.getByRole("listbox", { name: "薬を探すの候補" });
    await orders.getByRole("combobox", { name: "薬を探す" }).fill("ろき");
    await expect(list.getByRole("option").first()).toContainText("ロキソニン錠６０ｍｇ");
    expect((await lines(list))[0]).toBe("ロキ60");
    await orders.getByRole("combobox", { name: "薬を探す" }).fill("ろきそにん");
    await expect(list.getByRole("option").filter({ hasText: "ロキソニンパップ" }).first()).toBeVisible();
    expect(await lines(list)).not.toContain("ロキソニンゲル１％");
    return orders;
  });
  await test.step("Chosen, its usual dose, usage and days are there; three Enters prescribe it.", async () => {
    const { page: chart } = doctor;
    await orders.getByRole("combobox", { name: "薬を探す" }).fill("ろき");
    // Enter chooses only from a list that belongs to what is in the field: this line is in no list but that one.
    await expect(chart.getByRole("option").filter({ hasText: "クラビット錠" }).first()).toBeVisible();
    await expect(chart.getByRole("option", { selected: true })).toContainText("ロキ60");
    await chart.keyboard.press("Enter");
    await expect(orders.getByRole("textbox", { name: /の量/ })).toBeFocused();
    await expect(orders.getByRole("textbox", { name: /の量/ })).toHaveValue("3");
    await expect(orders.getByRole("combobox", { name: "用法" })).toHaveValue("1日3回 毎食後");
    await expect(orders.getByLabel("日分", { exact: true })).toHaveValue("5");
    await chart.keyboard.press("Enter");
    await expect(orders.getByRole("combobox", { name: "薬を探す" })).toBeFocused();
    await chart.keyboard.press("Enter");
    await expect(orders.getByLabel("日分", { exact: true })).toBeFocused();
    await chart.keyboard.press("Enter");
    const line = orders.getByRole("list", { name: "本日の処方" }).getByRole("listitem");
    await expect(line).toContainText("ロキソニン錠６０ｍｇ");
    await expect(line).toContainText("1日3回 毎食後");
  });
});

test("a set is made, used in a chart by keyboard, undone, and used again", async () => {
  const name = "架空かぜセット";

  await test.step("The doctor makes the set: a name, a drug with its usual dose, a test; Ctrl+Enter saves it.", async () => {
    const { page } = doctor;
    const sets = await layer(doctor, "セット");
    await sets.getByRole("button", { name: "セットを作る" }).click();
    const editor = page.getByRole("region", { name: "新しいセット" });
    await expect(field(editor, "セットの名称")).toBeFocused();
    await page.keyboard.insertText(name);
    await page.keyboard.press("Tab");
    await page.keyboard.insertText("カクウカゼ");
    await page.keyboard.press("Tab");
    await expect(editor.getByRole("combobox", { name: "薬を探す" })).toBeFocused();
    await page.keyboard.insertText("ろき");
    await expect(page.getByRole("option", { selected: true })).toContainText("ロキ60");
    for (const key of ["Enter", "Enter", "Enter", "Enter"]) await page.keyboard.press(key);
    await expect(editor.getByRole("list", { name: "セットに入っている処方" }).getByRole("listitem")).toContainText("1日3回 毎食後 5日分");
    await choose(editor, "診療行為を探す", "ＣＲＰ", "ＣＲＰ");
    await expect(editor.getByRole("list", { name: "セットに入っている診療行為" }).getByRole("listitem")).toContainText("ＣＲＰ");
    await page.keyboard.press("Control+Enter");
    await expect(message(page, `セット「${name}」を保存しました。`)).toBeVisible();
    await expect(sets.getByRole("list", { name: "セットの一覧" }).getByRole("listitem")).toContainText(name);
  });

  await comesIn("二葉", "フタバ", "300402");
  const { page } = doctor;
  const orders = page.getByRole("tabpanel", { name: /^オーダー/ });
  const drugs = orders.getByRole("list", { name: "本日の処方" }).getByRole("listitem");
  const tests = orders.getByRole("list", { name: "本日の診療行為" }).getByRole("listitem");
  /** From the middle of the note: Alt+S, two letters, Enter. */
  const uses = async () => {
    const known = page.waitForResponse("**/api/order_sets");
    await page.keyboard.press("Alt+s");
    await expect(page.getByRole("combobox", { name: "セットを探す" })).toBeFocused();
    await known;
    for (const letter of "かくう") {
      await page.waitForTimeout(80);
      await page.keyboard.insertText(letter);
    }
    await expect(page.getByRole("option", { selected: true })).toContainText(name);
    await page.keyboard.press("Enter");
    await expect(drugs).toContainText("ロキソニン錠６０ｍｇ");
    await expect(tests).toContainText("ＣＲＰ");
  };

  await test.step("In a chart, three keys and a few letters put all of it into the visit.", async () => {
    await uses();
    await expect(page.getByRole("region", { name: "本日の診療" })).toContainText("ロキソニン錠６０ｍｇ");
    await expect(page.getByRole("combobox", { name: "セットを探す" })).toBeFocused();
  });
  await test.step("Taken back, nothing of it is left.", async () => {
    await message(page, `セット「${name}」を入れました。`).getByRole("button", { name: "元に戻す" }).focus();
    await page.keyboard.press("Enter");
    await expect(drugs).toHaveCount(0);
    await expect(tests).toHaveCount(0);
  });
  await test.step("Used again, everything is there once, also after reloading.", async () => {
    await uses();
    await doctor.reloads();
    await panel(page, "オーダー");
    await expect(drugs).toHaveCount(1);
    await expect(tests).toHaveCount(1);
  });
  await test.step("What is ordered here becomes a set of its own.", async () => {
    await orders.getByRole("button", { name: "この受診のオーダーをセットにする" }).click();
    const question = dialog(page, "この受診のオーダーをセットにする");
    await expect(question).toContainText("ロキソニン錠６０ｍｇ");
    await field(question, "セットの名称").fill(name);
    await page.keyboard.press("Enter");
    await expect(field(question, "セットの名称")).toHaveAttribute("aria-invalid", "true");
    await field(question, "セットの名称").fill("架空かぜセット2");
    await page.keyboard.press("Enter");
    await expect(question).toBeHidden();
    await page.getByRole("combobox", { name: "セットを探す" }).fill("架空かぜ");
    await expect(page.getByRole("listbox", { name: "セットを探すの候補" }).getByRole("option")).toHaveCount(2);
  });
});

test("a favourite diagnosis is offered before a letter is typed", async () => {
  await test.step("The administrator marks a diagnosis as often used.", async () => {
    const { page } = admin;
    const items = await layer(admin, "項目");
    await items.getByLabel("マスター", { exact: true }).selectOption("disease");
    await choose(items, "傷病名を国のマスターから探す", "慢性胃炎");
    await page.getByRole("checkbox", { name: /^よく使う/ }).check();
    await page.getByRole("button", { name: /^保存/ }).click();
    await expect(items.getByRole("list", { name: "院内設定の一覧" }).getByRole("listitem")).toContainText("よく使う");
  });
  await test.step("In the empty field the doctor presses the arrow: it is the first of the list. Enter takes it.", async () => {
    const { page } = doctor;
    await comesIn("三咲", "ミサキ", "300403");
    const diagnoses = await panel(page, "傷病名");
    await diagnoses.getByRole("combobox", { name: "傷病名を探す" }).focus();
    await page.keyboard.press("ArrowDown");
    await expect(diagnoses.getByRole("option").first()).toContainText("慢性胃炎");
    await page.keyboard.press("Enter");
    await expect(diagnoses.locator(".composed-name")).toHaveText("慢性胃炎");
    await page.keyboard.press("Enter");
    await expect(diagnoses.getByRole("list", { name: "現在の傷病名" }).getByRole("listitem")).toContainText("慢性胃炎");
  });
});

test("what a patient pays without insurance is on the statement, the receipt and the details, to the yen", async () => {
  await test.step("The administrator adds a certificate before tax and a vaccination with tax; what a patient pays is shown while typing.", async () => {
    const { page } = admin;
    const paid = await layer(admin, "自費");
    for (const [name, reading, price, tax, kind, pays] of [
      ["架空診断書", "カクウシンダンショ", "3,000", "10", "税抜", "3,300円（税込、うち消費税 300円）"],
      ["架空予防接種", "カクウヨボウセッシュ", "5000", "10", "税込", "5,000円（税込、うち消費税 454円）"],
    ] as const) {
      await paid.getByRole("button", { name: "自費項目を加える" }).click();
      await field(page, "名称").fill(name);
      await field(page, "読み（カナ）").fill(reading);
      await field(page, "価格（円）").fill(price);
      await field(page, "消費税率（%）").fill(tax);
      await page.getByRole("radio", { name: kind }).check();
      await expect(paid.getByRole("status").filter({ hasText: "患者の支払" })).toHaveText(`患者の支払: ${pays}`);
      await page.keyboard.press("Enter");
      await expect(paid.getByRole("list", { name: "自費項目の一覧" }).getByRole("listitem").filter({ hasText: name })).toBeVisible();
    }
  });

  // 2 × 3,000 and 10 % on it; 5,000 with 10 % inside, of which a fraction of a yen is dropped.
  const [certificates, vaccination] = [6_600, 5_000];
  const outside = certificates + vaccination;
  const tax = 600 + 454;
  const here = await comesIn("四季", "シキ", "300404");

  await test.step("The doctor orders two certificates and one vaccination, by reading.", async () => {
    const { page } = doctor;
    await part(page, "主観的情報").fill("診断書と予防接種を希望。");
    const orders = await panel(page, "オーダー");
    await choose(orders, "自費項目を探す", "かくうしん", "架空診断書");
    await choose(orders, "自費項目を探す", "かくうよ", "架空予防接種");
    const own = orders.getByRole("list", { name: "本日の自費項目" }).getByRole("listitem");
    await expect(own).toHaveCount(2);
    await orders.getByLabel("架空診断書の数量").fill("2");
    await page.keyboard.press("Enter");
    await expect(own.filter({ hasText: "架空診断書" })).toContainText("6,600円（税込、うち消費税 600円）");
    const fee = await panel(page, "会計");
    await expect(fee).toContainText(`保険外 ${outside.toLocaleString("ja-JP")}円`);
    await page.keyboard.press("Control+Enter");
    await dialog(page, "診療を確定します").getByRole("button", { name: /^確定する/ }).click();
    await expect(page.getByRole("button", { name: "訂正・追記" })).toBeVisible();
  });

  const { page } = reception;
  let due = 0;
  await test.step("At the till, insured and own share stand apart and add up.", async () => {
    await reception.opens(`/visits/${here.visit}/payment`);
    const insured = figure(await page.locator("[data-due=insured]").innerText());
    expect(insured).toBeGreaterThan(0);
    expect(figure(await page.locator("[data-due=self-paid]").innerText())).toBe(outside);
    due = Number(await page.locator(".due dd[data-due]").getAttribute("data-due"));
    expect(due).toBe(insured + outside);
    await expect(page.getByRole("region", { name: "患者負担" })).toContainText(`うち消費税 ${tax.toLocaleString("ja-JP")}円`);
    await expect(page.locator("[data-total=self-paid]")).toHaveText(`${outside.toLocaleString("ja-JP")}円`);
    await look(page, "49-self-paid-1-payment");
  });
  await test.step("She pays the exact amount.", async () => {
    await expect(page.getByLabel("お預り")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("region", { name: "入金済み" }).locator("[data-change]")).toHaveAttribute("data-change", "0");
  });
  await test.step("The receipt has both columns, every item with its tax, and the total.", async () => {
    await follows(page, page.getByRole("link", { name: "領収証" }), /\/receipt$/);
    await expect(page.locator("[data-receipt-total]")).toHaveAttribute("data-receipt-total", String(due));
    await expect(page.locator("[data-due=self-paid]")).toHaveText(`${outside.toLocaleString("ja-JP")}円`);
    const rows = page.locator(".self-paid-table tbody tr");
    await expect(rows.filter({ hasText: "架空診断書" }).locator("td")).toHaveText(["架空診断書", "2", "10%・600円", "6,600円"]);
    await expect(rows.filter({ hasText: "架空予防接種" }).locator("td")).toHaveText(["架空予防接種", "1", "10%・454円", "5,000円"]);
    await expect(page.getByRole("article")).toContainText(`うち消費税 ${tax.toLocaleString("ja-JP")}円`);
    await look(page, "49-self-paid-2-receipt");
  });
  await test.step("The details name them as well, apart from the points.", async () => {
    await follows(page, page.getByRole("link", { name: "明細書" }), /\/details$/);
    await expect(page.locator(".self-paid-table tbody tr")).toHaveCount(2);
    await expect(page.locator("[data-total=self-paid]")).toHaveText(`${outside.toLocaleString("ja-JP")}円`);
    await expect(page.locator(".details-lines")).not.toContainText("架空診断書");
    await look(page, "49-self-paid-3-details");
  });
  await test.step("A new price tomorrow changes nothing of today's receipt.", async () => {
    const items = await admin.asks<{ id: string; name: string; version: number }[]>("self_paid_items", {});
    const item = items.find((one) => one.name === "架空診断書")!;
    const form = {
      name: item.name, reading: "カクウシンダンショ", price: "9000", tax_percent: "10", tax_included: false, no_visit_fee: false, active: true,
    };
    await admin.asks("put_self_paid_item", { item: [item.id, item.version], form });
    await reception.reloads();
    await expect(page.locator("[data-total=self-paid]")).toHaveText(`${outside.toLocaleString("ja-JP")}円`);
  });
});
