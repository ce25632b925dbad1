// One clinic's day, by role: a new patient walks in, is seen, pays, and the national platform gets the documents.
//
// The tests follow one patient through the day and so stand in this order; each names what it shows.
import { expect, test } from "@playwright/test";
import { Actor } from "./support/actors.js";
import { waiting } from "./support/people.js";
import {
  boardLine,
  choose,
  dialog,
  field,
  figure,
  follows,
  isRefused,
  message,
  panel,
  part,
  saveStatus,
  standsAt,
} from "./support/screens.js";

test.describe.configure({ mode: "serial" });

const NAME = "蜂須賀 みやび";
const CARD = { insurer: "06139992", symbol: "若竹七", number: "700512", branch: "01" };
/** Insurer number whose last digit is not the check digit. */
const MISTYPED = "06139998";
/** The stand-in's second door, for tests: faults on demand. */
const PLATFORM = `http://127.0.0.1:${process.env.KARTE_E2E_PLATFORM_CONTROL_PORT ?? "3119"}`;

let reception: Actor;
let colleague: Actor;
let doctor: Actor;
/** Address of the patient's registration, `/patients/…`. */
let patient: string;
/** Today's visit. */
let visit: string;

test.beforeAll(async ({ browser }) => {
  reception = await Actor.arrives(browser, "aoba", "reception");
});
test.afterEach(() => {
  for (const actor of [reception, colleague, doctor]) actor?.allWell();
});
test.afterAll(async () => {
  for (const actor of [reception, colleague, doctor]) await actor?.leaves();
});

test("reception registers a new patient and checks her in", async () => {
  const { page } = reception;

  await test.step("Reception searches by kana and finds nobody.", async () => {
    await page.getByRole("combobox", { name: "患者をさがす" }).fill("はちすか みやび");
    await expect(page.getByText("該当する患者がいません。")).toBeVisible();
  });

  await test.step("What was searched for is already filled in on the page for a new patient.", async () => {
    await follows(page, page.getByRole("button", { name: /で新患登録/ }), /\/patients\/new/);
    await expect(page.getByRole("heading", { level: 1, name: "新患登録" })).toBeVisible();
    await expect(field(page, "セイ")).toHaveValue("ハチスカ");
    await expect(field(page, "メイ")).toHaveValue("ミヤビ");
  });

  await test.step("Reception fills in who she is; the birth date does not exist.", async () => {
    await field(page, "姓").fill("蜂須賀");
    await field(page, "名").fill("みやび");
    await field(page, "生年月日").fill("S56.2.30");
    await page.getByRole("radio", { name: "女" }).check();
    await field(page, "電話番号").fill("03-0000-7005");
    await field(page, "郵便番号").fill("000-0101");
    await field(page, "住所").fill("東京都若竹区青葉町7-5-12");
  });

  await test.step("The card is typed with a wrong check digit, which is told at once.", async () => {
    const insurance = page.getByRole("region", { name: "保険", exact: true });
    await field(insurance, "保険者番号").fill(MISTYPED);
    await isRefused(field(insurance, "保険者番号"), /検証番号が合いません/, MISTYPED);
    await field(insurance, "記号").fill(CARD.symbol);
    await field(insurance, "番号").fill(CARD.number);
    await field(insurance, "枝番").fill(CARD.branch);
    await field(insurance, "有効期間の開始").fill("R8.4.1");
  });

  await test.step("Saving is refused at both fields, and all that was typed is still there.", async () => {
    await page.getByRole("button", { name: "登録する" }).click();
    await isRefused(field(page, "生年月日"), /日付として読めません/, "S56.2.30");
    await isRefused(field(page, "保険者番号"), /検証番号が合いません/, MISTYPED);
    await expect(field(page, "生年月日")).toBeFocused();
    await expect(field(page, "姓")).toHaveValue("蜂須賀");
    await expect(field(page, "住所")).toHaveValue("東京都若竹区青葉町7-5-12");
    await expect(page.getByRole("radio", { name: "女" })).toBeChecked();
    await expect(field(page.getByRole("region", { name: "保険", exact: true }), "番号")).toHaveValue(CARD.number);
  });

  await test.step("Mended, both fields say what they were understood as.", async () => {
    await field(page, "生年月日").fill("昭和56年2月28日");
    await expect(field(page, "生年月日")).toHaveAccessibleDescription(/1981年.*昭和56年.*45歳/);
    await field(page, "保険者番号").fill(CARD.insurer);
    await expect(field(page, "保険者番号")).toHaveAccessibleDescription(/検証番号は正しい/);
  });

  await test.step("She is registered, and Enter checks her in.", async () => {
    await page.getByRole("button", { name: "登録する" }).click();
    await expect(page.getByText(/患者番号 \d+.*蜂須賀 みやび さん/)).toBeVisible();
    await expect(page.getByRole("button", { name: "受付する" })).toBeFocused();
    patient = new URL(await page.getByRole("link", { name: "患者情報" }).evaluate((a: HTMLAnchorElement) => a.href)).pathname;
    await page.keyboard.press("Enter");
    await page.waitForURL("**/reception");
    await standsAt(page, NAME, "受付");
    await expect(boardLine(page, NAME)).toContainText("初診");
  });

  await test.step("Whoever registers her a second time is shown the likely duplicate before anything is saved.", async () => {
    await reception.opens("/patients/new?name=はちすか みやび");
    await field(page, "姓").fill("蜂須賀");
    await field(page, "名").fill("雅");
    await field(page, "生年月日").fill("S56.2.28");
    await page.getByRole("radio", { name: "女" }).check();
    await field(page, "住所").fill("東京都若竹区青葉町");
    await page.getByRole("button", { name: "登録する" }).click();
    const question = dialog(page, "同じ方かもしれません");
    await expect(question.getByRole("row").filter({ hasText: NAME })).toContainText("カナ氏名と生年月日が同じです");
    await question.getByRole("button", { name: "入力に戻る" }).click();
    await expect(field(page, "名")).toHaveValue("雅");
  });

  await test.step("The search finds her now, by kana and by birth date, and nobody twice.", async () => {
    await reception.opens("/reception");
    const hits = page.getByRole("listbox", { name: "見つかった患者" }).getByRole("option");
    for (const typed of ["はちすか", "蜂須賀", "S56.2.28"]) {
      await page.getByRole("combobox", { name: "患者をさがす" }).fill(typed);
      await expect(hits.filter({ hasText: NAME })).toHaveCount(1);
    }
    await page.keyboard.press("Escape");
  });
});

test("the board shows each change in a second browser", async ({ browser }) => {
  colleague = await Actor.arrives(browser, "aoba", "nurse");
  const { page } = colleague;

  await test.step("The nurse has the board open in another browser.", async () => {
    await standsAt(page, NAME, "受付");
    // A mark that any reload would wipe away.
    await page.evaluate(() => document.documentElement.setAttribute("data-same-page", "yes"));
  });
  await test.step("Reception sends the patient in; the nurse sees it without reloading.", async () => {
    await reception.page.getByRole("button", { name: `診察へ：${NAME}` }).click();
    await standsAt(reception.page, NAME, "診察");
    await standsAt(page, NAME, "診察");
  });
  await test.step("Reception takes it back with the message that went by; the nurse sees that, too.", async () => {
    await message(reception.page, `${NAME} さん`).getByRole("button", { name: "元に戻す" }).click();
    await standsAt(page, NAME, "受付");
  });
  await test.step("Somebody else walks in and appears on the nurse's board.", async () => {
    const next = await waiting(reception, {
      family: "甲斐",
      given: "直人",
      familyKana: "カイ",
      givenKana: "ナオト",
      sex: "male",
      birthDate: "1990-05-05",
      card: { ...CARD, number: "700777" },
    });
    await standsAt(page, next.name, "受付");
    await expect(page.locator("html[data-same-page]")).toHaveCount(1);
  });
});

test("the doctor writes a SOAP note", async ({ browser }) => {
  doctor = await Actor.arrives(browser, "aoba", "doctor");
  const { page } = doctor;

  await test.step("The doctor opens her chart from the board: everything is on one page.", async () => {
    await follows(page, page.getByRole("link", { name: `カルテ：${NAME}` }), /\/chart$/);
    await expect(page.getByRole("heading", { level: 1, name: `${NAME}の診療録` })).toBeAttached();
    for (const region of ["これまでの診療", "本日の診療", "診療情報"]) {
      await expect(page.getByRole("region", { name: region })).toBeVisible();
    }
    visit = "";
  });
  await test.step("The doctor writes all four parts.", async () => {
    await part(page, "主観的情報").fill("2週間前から左膝が痛む。階段の下りでつらい。");
    await part(page, "客観的情報").fill("左膝に軽い腫れ。血圧 152/94。");
    await part(page, "評価").fill("左変形性膝関節症の疑い。高血圧症。");
    await part(page, "計画").fill("採血。降圧薬を始める。2週間後に再診。");
  });
  await test.step("It is kept while typing, and the consultation has begun on the board.", async () => {
    await expect(saveStatus(page)).toHaveText(/保存済$/);
    await standsAt(colleague.page, NAME, "診察");
  });
  await test.step("After reloading, every word is there.", async () => {
    await doctor.reloads();
    await expect(part(page, "主観的情報")).toHaveValue("2週間前から左膝が痛む。階段の下りでつらい。");
    await expect(part(page, "計画")).toHaveValue("採血。降圧薬を始める。2週間後に再診。");
  });
});

test("the doctor codes a diagnosis with modifiers", async () => {
  const { page } = doctor;
  const diagnoses = await panel(page, "傷病名");
  const current = diagnoses.getByRole("list", { name: "現在の傷病名" });

  await test.step("The doctor picks the disease and puts 左 before it and の疑い behind it.", async () => {
    await choose(diagnoses, "傷病名を探す", "変形性膝関節症");
    await choose(diagnoses, "修飾語を足す", "左");
    await diagnoses.getByRole("checkbox", { name: "の疑い" }).check();
    await expect(diagnoses.locator(".composed-name")).toHaveText("左変形性膝関節症の疑い");
  });
  await test.step("A start date that does not exist is refused where it was typed.", async () => {
    const started = diagnoses.getByLabel("診療開始日");
    const today = await started.inputValue();
    await started.fill("令和8年2月30日");
    await diagnoses.getByRole("button", { name: /^登録/ }).click();
    await isRefused(started, /日付として読めません/, "令和8年2月30日");
    await started.fill(today);
    await expect(started).toHaveAccessibleDescription(/令和/);
  });
  await test.step("Coded, it stands under its full name with its ICD-10 code.", async () => {
    await diagnoses.getByRole("button", { name: /^登録/ }).click();
    await expect(current.getByRole("listitem").filter({ hasText: "左変形性膝関節症の疑い" })).toContainText("ICD-10 M17");
  });
  await test.step("A second one is the main diagnosis.", async () => {
    await choose(diagnoses, "傷病名を探す", "高血圧症");
    await diagnoses.getByRole("checkbox", { name: "主傷病" }).check();
    await diagnoses.getByRole("button", { name: /^登録/ }).click();
    await expect(current.getByRole("listitem").filter({ hasText: "高血圧症" })).toContainText("主");
    await expect(page.getByRole("button", { name: /^傷病名/ })).toContainText("左変形性膝関節症の疑い");
  });
});

test("the doctor records an allergy", async () => {
  const { page } = doctor;
  const allergies = await panel(page, "アレルギー");

  await test.step("The doctor finds buckwheat in J-FAGY by its reading and says what it did.", async () => {
    await choose(allergies, "アレルゲンを探す", "そば", /そば|ソバ|蕎麦/);
    await allergies.getByLabel("症状").fill("全身の蕁麻疹");
    await allergies.getByRole("checkbox", { name: /重症/ }).check();
    await allergies.getByRole("button", { name: /^登録/ }).click();
  });
  await test.step("It stands in the list and as a flag over the whole chart.", async () => {
    await expect(allergies.getByRole("list", { name: "アレルギー" }).getByRole("listitem")).toContainText("全身の蕁麻疹");
    await expect(page.getByRole("region", { name: "患者" }).getByRole("button", { name: /アレルギー/ })).toContainText(/そば|ソバ|蕎麦/);
  });
});

test("the doctor records lab results", async () => {
  const { page } = doctor;
  const labs = await panel(page, "検査");
  const line = (name: string) => labs.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });

  await test.step("The doctor types values with the reference ranges of the report; H and L appear at once.", async () => {
    await labs.getByRole("button", { name: "結果を入力" }).click();
    for (const [name, value, low, high, flag] of [
      ["HbA1c(NGSP)", "6.8", "4.6", "6.2", "H"],
      ["血算-ヘモグロビン", "10.9", "11.6", "14.8", "L"],
      ["クレアチニン(Cre)", "0.71", "0.46", "0.79", ""],
    ] as const) {
      await labs.getByLabel(name, { exact: true }).fill(value);
      await labs.getByLabel(`${name}の基準下限`).fill(low);
      await labs.getByLabel(`${name}の基準上限`).fill(high);
      await expect(line(name).getByRole("cell").nth(2)).toHaveText(flag);
    }
  });
  await test.step("A value that is no number is refused at its line and stays.", async () => {
    await labs.getByLabel("クレアチニン(Cre)", { exact: true }).fill("0.7.1");
    await labs.getByRole("button", { name: "結果を登録" }).click();
    await isRefused(labs.getByLabel("クレアチニン(Cre)", { exact: true }), /./, "0.7.1");
    await expect(labs.getByLabel("HbA1c(NGSP)", { exact: true })).toHaveValue("6.8");
    await labs.getByLabel("クレアチニン(Cre)", { exact: true }).fill("0.71");
  });
  await test.step("Saved, the table shows values, units and flags.", async () => {
    await labs.getByRole("button", { name: "結果を登録" }).click();
    const results = labs.getByRole("table", { name: /検査結果の推移/ });
    for (const [row, shown] of [
      [/HbA1c\(NGSP\).*%/, "6.8 H"],
      [/血算-ヘモグロビン.*g\/dL/, "10.9 L"],
      [/クレアチニン\(Cre\).*mg\/dL/, "0.71"],
    ] as const) {
      await expect(results.getByRole("row", { name: row }).getByRole("cell")).toHaveText(shown);
    }
  });
});

test("the doctor prescribes", async () => {
  const { page } = doctor;
  const orders = await panel(page, "オーダー");

  await test.step("The doctor finds the drug by its reading and gives dose, usage and days.", async () => {
    await choose(orders, "薬を探す", "あむろじぴん", /アムロジピン.*５ｍｇ/);
    await orders.getByRole("textbox", { name: /の量/ }).fill("1");
    await choose(orders, "用法", "朝食後", "1日1回 朝食後");
    await orders.getByLabel("日分", { exact: true }).fill("14");
  });
  await test.step("Days that are no number are refused where they were typed.", async () => {
    await orders.getByLabel("日分", { exact: true }).fill("たくさん");
    await orders.getByRole("button", { name: /^処方を登録/ }).click();
    await isRefused(orders.getByLabel("日分", { exact: true }), /./, "たくさん");
    await orders.getByLabel("日分", { exact: true }).fill("14");
  });
  await test.step("The prescription stands in the list and in today's visit.", async () => {
    await orders.getByRole("button", { name: /^処方を登録/ }).click();
    const line = orders.getByRole("list", { name: "本日の処方" }).getByRole("listitem");
    await expect(line).toContainText("アムロジピン");
    await expect(line).toContainText("1日1回 朝食後");
    await expect(line).toContainText("14");
    await expect(page.getByRole("region", { name: "本日の診療" })).toContainText("アムロジピン");
  });
});

test("the doctor records procedures", async () => {
  const { page } = doctor;
  const orders = await panel(page, "オーダー");
  const done = orders.getByRole("list", { name: "本日の診療行為" }).getByRole("listitem");

  await test.step("The doctor finds a test by name and another by its chapter of the fee table.", async () => {
    await choose(orders, "診療行為を探す", "末梢血液一般検査");
    await expect(done.filter({ hasText: "末梢血液一般検査" })).toHaveCount(1);
    await choose(orders, "診療行為を探す", "D400", /Ｂ－Ｖ|静脈/);
    await expect(done).toHaveCount(2);
  });
  await test.step("What today costs so far is in sight, and each line says why it is there.", async () => {
    await expect(page.getByRole("button", { name: /会計見込/ })).toContainText(/\d点.*窓口/);
    const fee = await panel(page, "会計");
    const first = fee.getByRole("group").first();
    await first.locator("summary").click();
    await expect(first.locator(".fee-why")).toContainText(/[ぁ-んァ-ヶ一-龠]/);
  });
});

test("a confirmed note cannot change and an amendment keeps the old text", async () => {
  const { page } = doctor;
  const today = page.getByRole("region", { name: "本日の診療" });

  await test.step("The doctor is told what confirming does, and confirms.", async () => {
    await page.getByRole("button", { name: /^確定/ }).click();
    const question = dialog(page, "診療を確定します");
    await expect(question).toContainText("変更できなくなります");
    await expect(question).toContainText("傷病名とアレルギーの一覧、まだ送っていない検査結果");
    await question.getByRole("button", { name: /^確定する/ }).click();
    await expect(message(page, "確定しました")).toBeVisible();
    await standsAt(colleague.page, NAME, "会計");
  });
  await test.step("Nothing of it can be written any more, neither on the page nor around it.", async () => {
    await expect(today.getByRole("textbox")).toHaveCount(0);
    await expect(today).toContainText("が確定");
    const href = await boardLine(colleague.page, NAME).getByRole("link", { name: "会計" }).getAttribute("href");
    visit = /visits\/([^/]+)/.exec(href ?? "")?.[1] ?? "";
    const soap = { subjective: "書き換え", objective: "", assessment: "", plan: "" };
    for (const version of [0, 1, 2, 3]) {
      expect((await doctor.calls("save_draft", { visit, soap, version })).status).toBeGreaterThanOrEqual(400);
    }
    expect((await doctor.calls("put_procedure", { visit, order: null, code: "160008010", quantity: "1" })).status).toBe(409);
    await doctor.reloads();
    await expect(today).toContainText("2週間前から左膝が痛む。");
    await expect(today).not.toContainText("書き換え");
  });
  await test.step("An amendment needs a reason.", async () => {
    await today.getByRole("button", { name: "訂正・追記" }).click();
    const form = dialog(page, "訂正・追記");
    await field(form, "O 客観的情報").fill("左膝に軽い腫れ。血圧 142/94。");
    await form.getByRole("button", { name: "訂正・追記を記録" }).click();
    await expect(field(form, "訂正・追記の理由")).toHaveAccessibleDescription(/入力してください/);
    await expect(field(form, "O 客観的情報")).toHaveValue("左膝に軽い腫れ。血圧 142/94。");
    await field(form, "訂正・追記の理由").fill("血圧の転記誤り");
    await form.getByRole("button", { name: "訂正・追記を記録" }).click();
  });
  await test.step("The new text is read, and the old one stays with who, when and why.", async () => {
    await expect(today).toContainText("血圧 142/94");
    await today.getByText("修正前の記載 1件").click();
    const before = today.locator(".revision");
    await expect(before).toContainText(/\d{2}:\d{2} 青葉 恵一さんが修正/);
    await expect(before).toContainText("理由: 血圧の転記誤り");
    await expect(before.getByRole("deletion").filter({ hasText: "血圧 152/94" })).toBeVisible();
  });
});

test("reception takes the payment and shows the receipt", async () => {
  const { page } = reception;
  let due = 0;
  let points = 0;

  await test.step("Reception opens the account from the board.", async () => {
    await reception.opens("/reception");
    await follows(page, page.getByRole("link", { name: `会計：${NAME}` }), /\/payment$/);
    await expect(page.getByRole("heading", { level: 1, name: "会計" })).toBeVisible();
  });
  await test.step("Every line has points × count = sum and a reason, and the total is their sum.", async () => {
    const bill = page.getByRole("region", { name: "算定結果" });
    const lines = bill.locator("tbody tr[data-code]");
    await expect(lines.first()).toBeVisible();
    let sum = 0;
    for (const line of await lines.all()) {
      const [each, count, whole] = (await line.locator("td.num").allTextContents()).map(figure) as [number, number, number];
      expect(each * count).toBe(whole);
      sum += whole;
      await line.locator("summary").click();
      await expect(line.locator("details p").first()).toHaveText(/.{4,}/);
    }
    points = figure(await bill.locator("[data-total=points]").innerText());
    expect(sum).toBe(points);
    for (const item of ["初診料", "末梢血液一般検査"]) {
      await expect(lines.locator("summary", { hasText: new RegExp(`^\\s*${item}\\s*(推計)?$`) })).toHaveCount(1);
    }
  });
  await test.step("She pays three tenths, to the nearest ten yen.", async () => {
    due = Number(await page.locator("[data-due]").getAttribute("data-due"));
    expect(due).toBe(Math.round(points * 10 * 0.3 / 10) * 10);
  });
  await test.step("Too little money is refused at the field.", async () => {
    await page.getByLabel("お預り").fill("100");
    await page.getByRole("button", { name: /^入金して会計を終える/ }).click();
    await expect(page.getByLabel("お預り")).toHaveAccessibleDescription(/円 足りません/);
    await expect(page.getByLabel("お預り")).toHaveValue("100");
  });
  await test.step("She hands over ten thousand yen and gets change.", async () => {
    await page.getByLabel("お預り").fill("10000");
    await expect(page.getByRole("status").filter({ hasText: (10_000 - due).toLocaleString("ja-JP") })).toBeVisible();
    await page.getByRole("button", { name: /^入金して会計を終える/ }).click();
    const paid = page.getByRole("region", { name: "入金済み" });
    await expect(paid.locator("[data-change]")).toHaveAttribute("data-change", String(10_000 - due));
    await standsAt(colleague.page, NAME, "済");
  });
  await test.step("The receipt (領収証) shows what she paid.", async () => {
    await follows(page, page.getByRole("link", { name: "領収証" }), /\/receipt$/);
    await expect(page.getByRole("heading", { level: 1, name: "領収証" })).toBeVisible();
    await expect(page.getByRole("article")).toContainText(`${NAME} 様`);
    await expect(page.locator("[data-receipt-total]")).toHaveAttribute("data-receipt-total", String(due));
    const sections = await page.locator(".receipt-grid li span.num").allTextContents();
    expect(sections.map(figure).reduce((a, b) => a + b, 0)).toBe(points);
  });
  await test.step("The details (明細書) name every item, and add up to the same.", async () => {
    await follows(page, page.getByRole("link", { name: "明細書" }), /\/details$/);
    await expect(page.getByRole("heading", { level: 1, name: "診療明細書" })).toBeVisible();
    let sum = 0;
    for (const line of await page.locator(".details-lines tbody tr").all()) {
      const [each, count] = (await line.locator("td.num").allTextContents()).map(figure) as [number, number];
      sum += each * count;
    }
    expect(sum).toBe(points);
  });
  await test.step("Only the paper is printed.", async () => {
    await page.emulateMedia({ media: "print" });
    await expect(page.getByRole("banner")).toBeHidden();
    await expect(page.getByRole("button", { name: "印刷" })).toBeHidden();
    await page.emulateMedia({ media: null });
  });
});

test("documents go out and the chart shows their state", async () => {
  const { page } = doctor;
  const sent = () => page.getByRole("list", { name: "共有した文書" }).getByRole("listitem");
  const doctorSees = async (person: { patient: string; visit: string }, allergy: string) => {
    await doctor.opens(`/patients/${person.patient}/chart`);
    await panel(page, "文書");
    await doctor.asks("add_allergy", { patient: person.patient, form: { code: allergy, severe: false, reaction: "" } });
    const soap = { subjective: "定期受診。", objective: "", assessment: "", plan: "" };
    await doctor.asks("begin_visit", { visit: person.visit });
    await doctor.asks("confirm", { visit: person.visit, soap, version: 0 });
  };
  let allergy = "";

  await test.step("Allergies, diagnoses and lab results of the visit were sent; each has its receipt number.", async () => {
    await doctor.opens(`${patient}/chart`);
    await panel(page, "文書");
    await expect(sent()).toHaveCount(3);
    for (const what of ["アレルギー 1件", "傷病名 2件", "検査結果"]) {
      const line = sent().filter({ hasText: what });
      await expect(line).toContainText("送信済");
      await expect(line).toContainText(/受付番号 \d{8}-\d{8}/);
    }
    const hits = await doctor.asks<{ code: string }[]>("search_masters", { kind: "allergen", query: "えび", on: null });
    allergy = hits[0]?.code ?? "";
  });
  await test.step("While the platform answers with an error a document waits, and the chart says so.", async ({}) => {
    const next = await waiting(reception, {
      family: "陶山",
      given: "澄子",
      familyKana: "スヤマ",
      givenKana: "スミコ",
      sex: "female",
      birthDate: "1958-11-03",
      card: { ...CARD, number: "700888" },
    });
    const fault = await page.request.post(`${PLATFORM}/v1/faults`, { data: { next: "500", count: 2 } });
    expect(fault.status()).toBe(204);
    await doctorSees(next, allergy);
    await expect(sent().filter({ hasText: "アレルギー" })).toContainText("送信待ち");
    await expect(sent().filter({ hasText: "アレルギー" })).toContainText(/回送信を試みました/);
  });
  await test.step("Once the platform is well again it is sent by itself, and the open chart shows it.", async () => {
    await expect(sent().filter({ hasText: "アレルギー" })).toContainText("送信済", { timeout: 20_000 });
    await expect(sent().filter({ hasText: "アレルギー" })).toContainText(/受付番号 \d{8}-\d{8}/);
  });
});

test("the doctor writes and sends a referral letter", async () => {
  const { page } = doctor;

  await test.step("The doctor begins a letter from the chart; what the chart knows is in it.", async () => {
    await doctor.opens(`${patient}/chart`);
    const documents = await panel(page, "文書");
    await follows(page, documents.getByRole("button", { name: "紹介状を書く" }), /\/letters\//);
    const main = page.getByRole("main");
    await expect(main).toContainText("左変形性膝関節症の疑い");
    await expect(main).toContainText(/そば|ソバ|蕎麦/);
  });
  await test.step("Issued too early, it says what is missing and keeps what is there.", async () => {
    await field(page, "紹介先医療機関").fill("みなと内科クリニック");
    await field(page, "紹介目的").fill("");
    await page.getByRole("button", { name: /^発行/ }).click();
    await dialog(page, "紹介状を発行します").getByRole("button", { name: /^発行する/ }).click();
    await expect(field(page, "紹介目的")).toHaveAccessibleDescription(/入力してください/);
    await expect(field(page, "紹介先医療機関")).toHaveValue("みなと内科クリニック");
  });
  await test.step("The doctor writes the letter; it is kept while typing.", async () => {
    await field(page, "医療機関番号").fill("1419999902");
    await field(page, "診療科").fill("内科");
    await field(page, "医師名").fill("湊 真理子");
    await field(page, "紹介目的").fill("左膝の精査と今後の治療についてご高診をお願いいたします。");
    await field(page, "主訴").fill("左膝痛");
    await field(page, "現病歴").fill("2週間前から階段の下りで左膝が痛む。");
    await expect(saveStatus(page)).toHaveText(/保存済$/);
  });
  await test.step("Issued, it cannot change, and the platform has it under a receipt number.", async () => {
    await page.getByRole("button", { name: /^発行/ }).click();
    await dialog(page, "紹介状を発行します").getByRole("button", { name: /^発行する/ }).click();
    const state = page.getByRole("region", { name: "紹介状の状態" });
    await expect(state).toContainText("送信済");
    await expect(state).toContainText(/受付番号 \d{8}-\d{8}/);
    await expect(page.getByRole("main").getByRole("textbox")).toHaveCount(0);
    await expect(page.getByRole("main")).toContainText("左膝の精査");
  });
  await test.step("The chart lists it as issued and as sent.", async () => {
    await page.getByRole("link", { name: "診療録へ戻る" }).click();
    const documents = await panel(page, "文書");
    await expect(documents.getByRole("list", { name: "紹介状" }).getByRole("listitem")).toContainText("発行済");
    await expect(documents.getByRole("list", { name: "共有した文書" })).toContainText("診療情報提供書 みなと内科クリニック");
  });
});

test("another clinic reads with the patient's consent", async ({ browser }) => {
  const desk = await Actor.arrives(browser, "minato", "reception");
  const minato = await Actor.arrives(browser, "minato", "doctor");
  const { page } = minato;
  const { patient: here } = await waiting(desk, {
    family: "蜂須賀",
    given: "みやび",
    familyKana: "ハチスカ",
    givenKana: "ミヤビ",
    sex: "female",
    birthDate: "1981-02-28",
    card: CARD,
  });

  await test.step("She comes to another clinic. Without her consent it learns nothing.", async () => {
    await minato.opens(`/patients/${here}/chart`);
    const documents = await panel(page, "文書");
    await documents.getByRole("button", { name: "他院の情報を取り寄せる" }).click();
    await expect(documents).toContainText("患者の閲覧同意が必要です");
    await expect(page.getByRole("main")).not.toContainText("左変形性膝関節症");
  });
  await test.step("Reception there records that she consents.", async () => {
    await desk.opens(`/patients/${here}`);
    await desk.page.getByRole("button", { name: "同意を記録する" }).click();
    await expect(desk.page.getByRole("region", { name: "閲覧同意" })).toContainText("同意あり");
  });
  await test.step("Now the doctor reads what the first clinic shared: allergy, diagnoses, results and letter.", async () => {
    const documents = await panel(page, "文書");
    await documents.getByRole("button", { name: "他院の情報を取り寄せる" }).click();
    const outside = documents.locator(".outside").filter({ hasText: "青葉内科クリニック" });
    await expect(outside).toContainText(/そば|ソバ|蕎麦/);
    await expect(outside).toContainText("左変形性膝関節症の疑い");
    await expect(outside).toContainText(/HbA1c.*6\.8/);
    await expect(outside).toContainText("診療情報提供書");
  });
  await test.step("She takes her consent back, and the door is closed again.", async () => {
    await desk.page.getByRole("button", { name: "同意を取り消す" }).click();
    await expect(desk.page.getByRole("region", { name: "閲覧同意" })).toContainText("同意なし");
    await minato.reloads();
    const documents = await panel(page, "文書");
    await documents.getByRole("button", { name: "他院の情報を取り寄せる" }).click();
    await expect(documents).toContainText("患者の閲覧同意が必要です");
  });
  for (const actor of [desk, minato]) {
    actor.allWell();
    await actor.leaves();
  }
});
