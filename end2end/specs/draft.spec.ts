// Text that is typed is not lost: not when the browser is killed, not when the server is away, not when the session ends.
import { chromium, expect, test, type Browser, type BrowserContext } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Actor } from "./support/actors.js";
import { waiting, type Person, type Waiting } from "./support/people.js";
import { dialog, part, saveStatus } from "./support/screens.js";

/** A browser of its own process, with a profile on the disk that outlives it. */
class KillableBrowser {
  private constructor(
    private readonly process: ChildProcess,
    private readonly browser: Browser,
    readonly context: BrowserContext,
    private readonly profile: string,
  ) {}

  static async start(profile: string): Promise<KillableBrowser> {
    await rm(join(profile, "DevToolsActivePort"), { force: true });
    const chromiumPath = process.env.KARTE_CHROMIUM ?? "/usr/bin/chromium";
    const flags = [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--lang=ja-JP",
      "--window-size=1366,900",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "about:blank",
    ];
    // A group of its own: the kill reaches its helpers, too.
    const child = spawn(chromiumPath, flags, { detached: true, stdio: "ignore" });
    let port = "";
    await expect
      .poll(async () => (port = (await readFile(join(profile, "DevToolsActivePort"), "utf8").catch(() => "")).split("\n")[0] ?? ""), { timeout: 20_000 })
      .not.toBe("");
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const context = browser.contexts()[0];
    if (!context) throw new Error("the browser has no context");
    return new KillableBrowser(child, browser, context, profile);
  }

  /** Somebody signs in with it. */
  async usedBy(clinic: "aoba", login: "doctor", base: string): Promise<Actor> {
    const page = this.context.pages()[0] ?? (await this.context.newPage());
    return Actor.sitsDown(this.context, page, clinic, login, base);
  }

  /** kill -9, without a word of warning. */
  async killed(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    if (this.process.pid && this.process.exitCode === null && this.process.signalCode === null) {
      process.kill(-this.process.pid, "SIGKILL");
      await gone;
    }
    await this.browser.close().catch(() => {});
  }

  /** Whether the browser has written a text of the page to its disk. */
  async hasOnDisk(text: string): Promise<boolean> {
    const folder = join(this.profile, "Default", "Local Storage", "leveldb");
    for (const name of await readdir(folder).catch(() => [])) {
      const content = await readFile(join(folder, name)).catch(() => Buffer.alloc(0));
      if (content.includes(Buffer.from(text, "utf16le"))) return true;
    }
    return false;
  }
}

async function checkedIn(browser: Browser, person: Person): Promise<Waiting> {
  const desk = await Actor.arrives(browser, "aoba", "reception");
  const there = await waiting(desk, person);
  await desk.leaves();
  return there;
}

test("text typed before the browser is killed is there after", async ({ browser, baseURL }) => {
  const base = baseURL ?? "";
  const person = await checkedIn(browser, {
    family: "星川", given: "一樹", familyKana: "ホシカワ", givenKana: "カズキ", sex: "male", birthDate: "1969-04-30",
  });
  const chart = `${base}/patients/${person.patient}/chart`;
  const profile = await mkdtemp(join(tmpdir(), "karte-killed-"));
  const early = "先週から胸やけが続く。";
  const late = "夜間にせき込むことがある。体重は変わらない。";
  let killable = await KillableBrowser.start(profile);
  try {
    await test.step("The doctor writes, and pauses: the server has the text within three seconds.", async () => {
      const doctor = await killable.usedBy("aoba", "doctor", base);
      await doctor.opens(chart);
      await part(doctor.page, "主観的情報").fill(early);
      await expect(saveStatus(doctor.page)).toHaveText(/保存済$/, { timeout: 5_000 });
    });
    await test.step("The line to the server breaks; the doctor goes on writing.", async () => {
      const page = killable.context.pages()[0]!;
      await page.route("**/api/**", (route) => route.abort());
      await part(page, "主観的情報").fill(early + late);
      await expect(saveStatus(page)).toHaveText(/オフライン/);
      await expect.poll(() => killable.hasOnDisk(late), { timeout: 30_000 }).toBe(true);
    });
    await test.step("The browser is killed.", async () => {
      await killable.killed();
    });
    await test.step("Started anew, the chart has what was saved and brings back what never reached the server.", async () => {
      killable = await KillableBrowser.start(profile);
      const doctor = await killable.usedBy("aoba", "doctor", base);
      await doctor.opens(chart);
      await expect(part(doctor.page, "主観的情報")).toHaveValue(early + late);
      await expect(doctor.page.getByText("この端末に残っていた入力を復元しました")).toBeVisible();
      await expect(saveStatus(doctor.page)).toHaveText(/保存済$/);
      doctor.allWell();
    });
    await test.step("Now the server has every word: another browser reads it.", async () => {
      const other = await Actor.arrives(browser, "aoba", "doctor2");
      await other.opens(chart);
      await expect(part(other.page, "主観的情報")).toHaveValue(early + late);
      await other.leaves();
    });
  } finally {
    await killable.killed();
    await rm(profile, { recursive: true, force: true });
  }
});

test("text typed while the server is away is saved when it is back", async ({ browser }) => {
  const person = await checkedIn(browser, {
    family: "三枝", given: "優", familyKana: "サエグサ", givenKana: "ユウ", sex: "female", birthDate: "2001-10-10",
  });
  const doctor = await Actor.arrives(browser, "aoba", "doctor");
  const { page } = doctor;
  await doctor.opens(`/patients/${person.patient}/chart`);

  await test.step("The server is away; what is typed is on this device, and the page says so.", async () => {
    await doctor.context.setOffline(true);
    await part(page, "主観的情報").fill("右耳の違和感。");
    await expect(saveStatus(page)).toHaveText(/オフライン.*この端末に保存済/);
    await expect(part(page, "主観的情報")).toHaveValue("右耳の違和感。");
  });
  await test.step("Back again, it is saved by itself.", async () => {
    await doctor.context.setOffline(false);
    await expect(saveStatus(page)).toHaveText(/^\d{1,2}:\d{2} 保存済$/);
    await doctor.reloads();
    await expect(part(page, "主観的情報")).toHaveValue("右耳の違和感。");
  });
  doctor.allWell();
  await doctor.leaves();
});

test("text typed when the session ends stays, and goes on after signing in again", async ({ browser }) => {
  const person = await checkedIn(browser, {
    family: "小早川", given: "繁", familyKana: "コバヤカワ", givenKana: "シゲル", sex: "male", birthDate: "1950-06-01",
  });
  const doctor = await Actor.arrives(browser, "aoba", "doctor");
  const { page } = doctor;
  await doctor.opens(`/patients/${person.patient}/chart`);
  const text = "腰痛は軽くなったが、朝のこわばりが残る。";

  await test.step("In the middle of a sentence the session ends.", async () => {
    await part(page, "主観的情報").pressSequentially(text.slice(0, 8));
    await doctor.context.clearCookies();
    await part(page, "主観的情報").pressSequentially(text.slice(8));
  });
  const again = dialog(page, "もう一度サインインしてください");
  await test.step("The page asks to sign in again, over the text, which is all there.", async () => {
    await expect(again).toBeVisible();
    await expect(part(page, "主観的情報")).toHaveValue(text);
  });
  await test.step("A wrong password is told in the dialog; the right one goes on where it stopped.", async () => {
    await again.getByLabel("職員ID").fill("doctor");
    await again.getByLabel("パスワード").fill("wrong");
    await again.getByRole("button", { name: "サインイン" }).click();
    await expect(again.getByLabel("パスワード")).toHaveAccessibleDescription(/正しくありません/);
    await again.getByLabel("パスワード").fill("karte-demo");
    await again.getByRole("button", { name: "サインイン" }).click();
    await expect(again).toBeHidden();
    await expect(part(page, "主観的情報")).toHaveValue(text);
    await expect(saveStatus(page)).toHaveText(/^\d{1,2}:\d{2} 保存済$/);
  });
  await test.step("The server has it all.", async () => {
    await doctor.reloads();
    await expect(part(page, "主観的情報")).toHaveValue(text);
  });
  doctor.allWell();
  await doctor.leaves();
});
