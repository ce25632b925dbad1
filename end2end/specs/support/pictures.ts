// What people look at: every screen is audited with axe's rules in both sizes, and a picture of it is kept.
//
// The pictures stand under end2end/results/screens/.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { join } from "node:path";

const SIZES = [
  { width: 1366, height: 768 },
  { width: 390, height: 844 },
];

/** Audits what the page shows now, in both sizes, and keeps a picture of each. */
export async function look(page: Page, name: string): Promise<void> {
  // Movements would be judged half way.
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary?.split("\n")[1]?.trim()}`).join(" | ")}`);
    expect.soft(found, `${name} ${size.width}`).toEqual([]);
    await page.screenshot({ path: join("results", "screens", `${name}-${size.width}x${size.height}.png`) });
  }
  await page.setViewportSize(SIZES[0]!);
}
