// The screens in the words of those who use them. Everything is found by role and label, as a screen reader finds it.
import { expect, type Locator, type Page } from "@playwright/test";
import { listening } from "./actors.js";

type Scope = Page | Locator;

/** A field by its label, whether or not the label says that it is needed. */
export function field(scope: Scope, label: string): Locator {
  return scope.getByLabel(new RegExp(`^${label}(必須|任意)?$`));
}

/** The field says what is wrong with it, and still holds what was typed. */
export async function isRefused(at: Locator, why: RegExp, typed: string): Promise<void> {
  await expect(at).toHaveAttribute("aria-invalid", "true");
  await expect(at).toHaveAccessibleDescription(why);
  await expect(at).toHaveValue(typed);
}

/** Types into a search field with a list and takes the line of this name. */
export async function choose(scope: Scope, label: string, typed: string, name: string | RegExp = typed): Promise<void> {
  const box = scope.getByRole("combobox", { name: label });
  await box.fill(typed);
  const list = scope.getByRole("listbox", { name: `${label}の候補` });
  const words = typeof name === "string" ? new RegExp(`^${name}$`) : name;
  const page = "page" in scope ? scope.page() : scope;
  await list.getByRole("option").filter({ has: page.locator(".combobox-name", { hasText: words }) }).first().click();
}

/** The line of a patient on the board. */
export function boardLine(page: Page, name: string): Locator {
  return page.getByRole("region", { name: "受付一覧" }).getByRole("row").filter({ hasText: name });
}

/** The patient's line shows this state. */
export async function standsAt(page: Page, name: string, state: "受付" | "診察" | "会計" | "済"): Promise<void> {
  await expect(boardLine(page, name).locator(".badge")).toHaveText(state);
}

/** A part of today's note. */
export function part(page: Page, name: "主観的情報" | "客観的情報" | "評価" | "計画"): Locator {
  return page.getByRole("region", { name: "本日の診療" }).getByLabel(new RegExp(`${name}$`));
}

/** Where the text of the note is right now. */
export function saveStatus(page: Page): Locator {
  return page.getByTestId("save-status");
}

/** Opens a panel of the chart and gives it. */
export async function panel(page: Page, name: "傷病名" | "アレルギー" | "検査" | "オーダー" | "会計" | "文書"): Promise<Locator> {
  const tab = page.getByRole("tab", { name: new RegExp(`^${name}`) });
  await tab.click();
  await expect(tab).toHaveAttribute("aria-selected", "true");
  return page.getByRole("tabpanel", { name: new RegExp(`^${name}`) });
}

/** The dialog in front. */
export function dialog(page: Page, name: string): Locator {
  return page.getByRole("dialog", { name });
}

/** A message that goes by. */
export function message(page: Page, words: string | RegExp): Locator {
  return page.locator(".toast").filter({ hasText: words });
}

/** Follows a link that loads a page or changes it in place, and waits for the page that is named. */
export async function follows(page: Page, link: Locator, url: RegExp): Promise<void> {
  await link.click();
  await page.waitForURL(url);
  await listening(page);
}

/** A number as people read it: 「1,230点」 → 1230. */
export function figure(text: string): number {
  return Number(text.replaceAll(/[^\d-]/g, ""));
}
