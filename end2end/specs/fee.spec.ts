// The fee in front of people: it follows the orders, says why, can be decided otherwise, and is looked at again by the month.
import { expect, test, type Locator, type Page } from "@playwright/test";
import { Actor } from "./support/actors.js";
import { waiting, type Person, type Waiting } from "./support/people.js";
import { look } from "./support/pictures.js";
import { choose, dialog, figure, follows, message, panel, part } from "./support/screens.js";

test.describe.configure({ mode: "serial" });

const CARD = { insurer: "06139992", symbol: "汐見四", number: "400411", branch: "01" };
const person = (given: string, givenKana: string, card?: Person["card"]): Person => ({
  family: "算田", given, familyKana: "サンダ", givenKana, sex: "female", birthDate: "1979-03-02", card,
});

let doctor: Actor;
let reception: Actor;

test.beforeAll(async ({ browser }) => {
  doctor = await Actor.arrives(browser, "aoba", "doctor");
  reception = await Actor.arrives(browser, "aoba", "reception");
});
test.afterEach(() => {
  for (const actor of [doctor, reception]) actor?.allWell();
});
test.afterAll(async () => {
  for (const actor of [doctor, reception]) await actor?.leaves();
});

/** Somebody new is here, and the doctor has the chart open. */
async function comesIn(who: Person): Promise<Waiting> {
  const here = await waiting(reception, who);
  await doctor.opens(`/patients/${here.patient}/chart`);
  await expect(part(doctor.page, "主観的情報")).toBeEditable();
  return here;
}

/** The points of a statement, as its foot says. */
const total = (scope: Locator | Page): Locator => scope.locator("[data-total=points]");

async function points(scope: Locator | Page): Promise<number> {
  await expect(total(scope)).toBeVisible();
  return figure(await total(scope).innerText());
}

/** Opens the reason of a line and gives its row. */
async function opened(scope: Locator | Page, code: string): Promise<Locator> {
  const row = scope.locator(`tr[data-code="${code}"]`);
  const details = row.locator("details.reason");
  if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
  return row;
}

// 医科診療報酬点数表 A000 初診料, D000 尿中一般物質定性半定量検査, O001 outside of it. Codes: 診療行為マスター.
const FIRST_VISIT = "111000110";
const URINE = "160000310";

let here: Waiting;

test("the fee changes while the doctor orders, and says why", async () => {
  const { page } = doctor;
  here = await comesIn(person("一会", "カズエ", { ...CARD, number: "400411" }));
  let fee = await panel(page, "会計");
  const before = await points(fee);
  await expect(fee.locator(`tr[data-code="${FIRST_VISIT}"]`)).toBeVisible();

  await test.step("An order is in the statement as soon as it is given.", async () => {
    const orders = await panel(page, "オーダー");
    await choose(orders, "診療行為を探す", "尿中一般物質", "尿一般");
    // Who listens instead of looking hears the new sum, whichever panel is open.
    await expect(page.locator("[data-fee-spoken]")).toHaveText(/点、負担 .*円/);
    fee = await panel(page, "会計");
    const row = fee.locator(`tr[data-code="${URINE}"]`);
    await expect(row).toContainText("26");
    expect(await points(fee)).toBeGreaterThanOrEqual(before + 26);
  });
  await test.step("The reason opens by keyboard, with the article it rests on.", async () => {
    const summary = fee.locator(`tr[data-code="${FIRST_VISIT}"] summary`);
    await summary.focus();
    await page.keyboard.press("Enter");
    const row = fee.locator(`tr[data-code="${FIRST_VISIT}"]`);
    await expect(row).toContainText("初診を行った");
    await expect(row).toContainText("根拠：A000");
  });
  await look(page, "60-fee-1-chart");
});

test("the doctor decides otherwise with a reason; it is kept and shown until the paper", async () => {
  const { page } = doctor;
  let fee = page.getByRole("tabpanel", { name: /^会計/ });
  const before = await points(fee);

  await test.step("Without a reason nothing is decided; with one the line goes, and the way back stands in the message.", async () => {
    const row = await opened(fee, URINE);
    await row.getByRole("button", { name: /^算定しない/ }).click();
    const question = dialog(page, "算定しない");
    await expect(question.getByLabel(/^理由/)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(question.getByLabel(/^理由/)).toHaveAttribute("aria-invalid", "true");
    await page.keyboard.type("再検のため患者に請求しない");
    await look(page, "60-fee-2-override");
    await page.keyboard.press("Enter");
    await expect(question).toBeHidden();
    await expect(fee.locator(`tr[data-code="${URINE}"]`)).toHaveCount(0);
    expect(await points(fee)).toBeLessThan(before);
  });
  await test.step("Taken back from the message it is as before; decided again it stays over a reload.", async () => {
    await message(page, /尿一般/).getByRole("button", { name: /元に戻す/ }).click();
    await expect(fee.locator(`tr[data-code="${URINE}"]`)).toBeVisible();
    expect(await points(fee)).toBe(before);
    const row = await opened(fee, URINE);
    await row.getByRole("button", { name: /^算定しない/ }).click();
    await dialog(page, "算定しない").getByLabel(/^理由/).fill("再検のため患者に請求しない");
    await page.keyboard.press("Enter");
    await expect(fee.locator(`tr[data-code="${URINE}"]`)).toHaveCount(0);
    await doctor.reloads();
    fee = await panel(page, "会計");
    await expect(fee.getByRole("region", { name: "手動の変更" })).toContainText("再検のため患者に請求しない");
    await expect(fee.locator(`tr[data-code="${URINE}"]`)).toHaveCount(0);
  });
  await test.step("An item that no rule adds is added by search, and marked.", async () => {
    const sum = await points(fee);
    await fee.getByRole("button", { name: "項目を追加" }).click();
    const question = dialog(page, "項目を追加");
    await choose(question, "追加する項目", "尿沈渣", /^尿沈渣/);
    await question.getByLabel(/^理由/).fill("鏡検を行った");
    await page.keyboard.press("Enter");
    await expect(question).toBeHidden();
    const added = fee.locator("tr").filter({ hasText: "尿沈渣" });
    await expect(added.locator(".badge", { hasText: "手動" })).toBeVisible();
    await expect(added).toContainText("鏡検を行った");
    expect(await points(fee)).toBeGreaterThan(sum);
    await look(page, "60-fee-3-by-hand");
  });
  await test.step("Confirmed, it stands at the till with who decided and why; paid, nothing can be decided any more.", async () => {
    await part(page, "主観的情報").fill("排尿時痛。");
    await page.keyboard.press("Control+Enter");
    await dialog(page, "診療を確定します").getByRole("button", { name: /^確定する/ }).click();
    await expect(page.getByRole("button", { name: "訂正・追記" })).toBeVisible();

    await reception.opens(`/visits/${here.visit}/payment`);
    const desk = reception.page;
    await expect(desk.getByRole("region", { name: "手動の変更" })).toContainText("再検のため患者に請求しない");
    await expect(desk.locator("tr").filter({ hasText: "尿沈渣" })).toContainText("鏡検を行った");
    await look(desk, "60-fee-4-till");
    await expect(desk.getByLabel("お預り")).toBeFocused();
    await desk.keyboard.press("Enter");
    await expect(desk.getByRole("region", { name: "入金済み" })).toBeVisible();
    const { status } = await reception.calls("put_override", {
      visit: here.visit, form: { code: URINE, change: "withhold", reason: "遅すぎる" },
    });
    expect(status).toBe(409);
  });
});

test("a card brought later: the month shows what to give back, and it is settled", async () => {
  const { page } = reception;
  const late = await comesIn(person("後子", "ノチコ"));
  await part(doctor.page, "主観的情報").fill("感冒。保険証は後日。");
  await doctor.page.keyboard.press("Control+Enter");
  await dialog(doctor.page, "診療を確定します").getByRole("button", { name: /^確定する/ }).click();
  await expect(doctor.page.getByRole("button", { name: "訂正・追記" })).toBeVisible();
  let whole = 0;
  await test.step("Without a card she pays everything.", async () => {
    await reception.opens(`/visits/${late.visit}/payment`);
    whole = Number(await page.locator(".due dd[data-due]").getAttribute("data-due"));
    await expect(page.getByLabel("お預り")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("region", { name: "入金済み" })).toBeVisible();
  });
  await test.step("The card comes; the month calculates again and says the difference.", async () => {
    await reception.asks("add_insurance", {
      patient: late.patient,
      form: {
        insurer: CARD.insurer, symbol: "汐見五", number: "400412", branch: "01", relation: "insured", share: "30",
        limit_class: "", valid_from: "2026-04-01", valid_to: "",
      },
    });
    await reception.opens(`/patients/${late.patient}`);
    await follows(page, page.getByRole("link", { name: /月の会計|月次会計/ }).first(), /\/months\/\d{4}-\d{2}$/);
    const row = page.locator(`tr[data-visit="${late.visit}"]`);
    const difference = Number(await row.locator("[data-difference]").getAttribute("data-difference"));
    expect(difference).toBeLessThan(0);
    // Three tenths, rounded to ten yen (健康保険法 74・75条).
    expect(whole + difference).toBe(Math.round((whole * 3) / 100) * 10);
    await look(page, "61-month-1-difference");
    await row.getByRole("button", { name: /^差額を精算/ }).click();
    const question = dialog(page, "差額を精算します");
    await expect(question.locator("[data-settle=difference]")).toContainText("−");
    await expect(question.getByRole("button", { name: /^返金 .*を精算する/ })).toBeVisible();
    await look(page, "61-month-2-settle");
    await question.getByRole("button", { name: /を精算する/ }).click();
    await expect(question).toBeHidden();
    await expect(row.locator("[data-difference]")).toHaveAttribute("data-difference", "0");
  });
  await test.step("The new receipt names the old one and what was given back.", async () => {
    await reception.opens(`/visits/${late.visit}/receipt`);
    await expect(page.getByRole("article")).toContainText(/精算/);
    await look(page, "61-month-3-receipt");
  });
});

test("the revision mirror: a month under R8 beside R6, by item and in total", async () => {
  const { page } = reception;
  // Last month, in Japan: every month of the demo has visits.
  const [year, month] = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(new Date()).split("-").map(Number);
  const last = new Date(Date.UTC(year!, month! - 2, 1)).toISOString().slice(0, 7);
  await reception.opens(`/months/${last}/mirror?edition=2024-06-01`);
  const own = page.locator("[data-mirror=own]");
  await expect(own).toBeVisible({ timeout: 60_000 });
  const [now, then] = [figure(await own.innerText()), figure(await page.locator("[data-mirror=other]").innerText())];
  expect(now).toBeGreaterThan(0);
  expect(then).toBeGreaterThan(0);
  const shown = (await page.locator("[data-mirror=difference]").innerText()).replace("−", "-");
  expect(figure(shown)).toBe(then - now);
  // 再診料 is 76 points since 2026-06 and was 75 before (告示 A001).
  const visit = page.getByRole("table", { name: "項目別の差" }).locator('tr[data-code="112007410"]');
  const [after, before] = [figure(await visit.locator("td").nth(0).innerText().then((text) => text.split("\n")[0]!)), figure(await visit.locator("td").nth(1).innerText().then((text) => text.split("\n")[0]!))];
  expect(after % 76).toBe(0);
  expect(before % 75).toBe(0);
  await look(page, "62-mirror-1");

  await test.step("One patient alone, by a link.", async () => {
    await follows(page, page.getByRole("table", { name: "患者別の差" }).locator("tbody td a").first(), /patient=/);
    await expect(page.getByText("この患者だけを計算しています。")).toBeVisible();
    await expect(page.locator("[data-mirror=own]")).toBeVisible({ timeout: 60_000 });
  });
});
