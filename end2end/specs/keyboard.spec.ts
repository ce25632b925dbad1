// A return visit from the door to the till without the mouse, with every key counted.
//
// Keys that write (a number, the note) are counted one by one as well; Japanese text counts by its characters.
import { expect, test, type Page } from "@playwright/test";
import { Actor } from "./support/actors.js";
import { boardLine, dialog, part, standsAt } from "./support/screens.js";

/** What the design allows for a return visit, the words of the note apart. */
const BUDGET = 40;

/** Somebody's hands on a keyboard. */
class Keys {
  pressed = 0;
  written = 0;

  /** One key, alone or with others held. */
  async press(page: Page, key: string): Promise<void> {
    this.pressed += 1;
    await page.keyboard.press(key);
  }
  /** Keys that find something: each counts. */
  async type(page: Page, text: string): Promise<void> {
    this.pressed += text.length;
    await page.keyboard.type(text);
  }
  /** Words of the note. */
  async write(page: Page, text: string): Promise<void> {
    this.written += text.length;
    await page.keyboard.insertText(text);
  }
}

interface Found {
  id: string;
  number: number;
  name: { family: string; given: string };
}

/** A patient of the demo who is not here today and was prescribed something last time. */
async function somebodyKnown(doctor: Actor): Promise<Found> {
  const board = await doctor.asks<{ rows: { patient: Found }[] }>("board", { date: null });
  const here = new Set(board.rows.map((row) => row.patient.id));
  for (const query of ["か", "さ", "た", "な", "ま", "や"]) {
    for (const found of await doctor.asks<Found[]>("find", { query })) {
      if (here.has(found.id)) continue;
      type Chart = { past: { orders: { prescriptions: unknown[] } }[] };
      const chart = await doctor.asks<Chart>("open_chart", { patient: found.id });
      if (chart.past[0]?.orders.prescriptions.length) return found;
    }
  }
  throw new Error("the demo has nobody with a prescription who is not here today");
}

test("a return visit goes from reception to payment by keyboard alone", async ({ browser }) => {
  const reception = await Actor.arrives(browser, "aoba", "reception");
  const doctor = await Actor.arrives(browser, "aoba", "doctor");
  const keys = new Keys();
  const found = await somebodyKnown(doctor);
  const name = `${found.name.family} ${found.name.given}`;

  /** Finds the patient by number from anywhere on the board. */
  const find = async (page: Page) => {
    await keys.press(page, "/");
    await expect(page.getByRole("combobox", { name: "患者をさがす" })).toBeFocused();
    await keys.type(page, String(found.number));
    const hit = page.getByRole("listbox", { name: "見つかった患者" }).getByRole("option", { selected: true });
    await expect(page.getByText(/^\d+人$/)).toBeAttached();
    await expect(hit).toContainText(name);
    await keys.press(page, "Enter");
    await expect(dialog(page, `${name} さん`)).toBeVisible();
  };

  await test.step("Reception finds the patient by number and checks in.", async () => {
    await find(reception.page);
    await expect(reception.page.getByLabel("受付メモ")).toBeFocused();
    await keys.press(reception.page, "Enter");
    await standsAt(reception.page, name, "受付");
  });
  await test.step("The doctor opens the chart; the cursor is in the note already.", async () => {
    await find(doctor.page);
    await expect(dialog(doctor.page, `${name} さん`).getByRole("link", { name: "カルテ" })).toBeFocused();
    await keys.press(doctor.page, "Enter");
    await doctor.page.waitForURL("**/chart");
    await expect(part(doctor.page, "主観的情報")).toBeFocused();
    await keys.write(doctor.page, "変わりなし。内服継続。");
  });
  await test.step("The doctor repeats the last prescription (Do).", async () => {
    await keys.press(doctor.page, "Alt+4");
    await expect(doctor.page.getByRole("combobox", { name: "薬を探す" })).toBeFocused();
    await keys.press(doctor.page, "Shift+Tab");
    await expect(doctor.page.getByRole("button", { name: "前回と同じ（Do）" })).toBeFocused();
    await keys.press(doctor.page, "Enter");
    await expect(doctor.page.getByRole("list", { name: "本日の処方" }).getByRole("listitem").first()).toBeVisible();
  });
  await test.step("The doctor confirms.", async () => {
    await keys.press(doctor.page, "Control+Enter");
    await expect(dialog(doctor.page, "診療を確定します").getByRole("button", { name: /^確定する/ })).toBeFocused();
    await keys.press(doctor.page, "Enter");
    await standsAt(reception.page, name, "会計");
  });
  await test.step("Reception opens the account and takes the exact amount.", async () => {
    await find(reception.page);
    await expect(dialog(reception.page, `${name} さん`).getByRole("link", { name: "会計" })).toBeFocused();
    await keys.press(reception.page, "Enter");
    await reception.page.waitForURL("**/payment");
    await expect(reception.page.getByLabel("お預り")).toBeFocused();
    await keys.press(reception.page, "Enter");
    await expect(reception.page.getByRole("link", { name: "領収証" })).toBeFocused();
  });
  await test.step("The board says that it is done.", async () => {
    await doctor.opens("/reception");
    await expect(boardLine(doctor.page, name)).toHaveCount(1);
    await standsAt(doctor.page, name, "済");
  });

  const figure = `${keys.pressed} keystrokes from reception to payment, and ${keys.written} characters of the note`;
  test.info().annotations.push({ type: "keystrokes", description: figure });
  console.log(figure);
  expect(keys.pressed).toBeLessThanOrEqual(BUDGET);
  for (const actor of [reception, doctor]) {
    actor.allWell();
    await actor.leaves();
  }
});
