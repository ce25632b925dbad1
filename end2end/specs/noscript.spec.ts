// Before the page listens: signing in is a plain form and works without any script.
import { expect, test } from "@playwright/test";
import { fillSignIn } from "./support/actors.js";

test.use({ javaScriptEnabled: false });

test("signing in works without JavaScript", async ({ page }) => {
  await test.step("A page of the clinic leads to the sign-in page.", async () => {
    await page.goto("/reception");
    await expect(page).toHaveURL(/\/sign-in/);
  });
  await test.step("A wrong password is refused in words, and the way in stays open.", async () => {
    await fillSignIn(page, "aoba", "reception", "wrong-password");
    await expect(page.getByText("組み合わせが正しくありません")).toBeVisible();
    await expect(page.getByLabel("パスワード")).toBeVisible();
  });
  await test.step("The right one leads to the board, as the server drew it.", async () => {
    await page.goto("/sign-in");
    await fillSignIn(page, "aoba", "reception");
    await page.goto("/reception");
    await expect(page.getByRole("heading", { level: 1, name: "受付" })).toBeVisible();
    await expect(page.getByRole("region", { name: "受付一覧" }).getByRole("row").nth(1)).toBeVisible();
  });
  await test.step("Signing out works as well.", async () => {
    await page.getByRole("button", { name: "サインアウト" }).click();
    await page.goto("/reception");
    await expect(page).toHaveURL(/\/sign-in/);
  });
});
