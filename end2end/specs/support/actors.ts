// The people of the tests: each has a browser of their own, signs in as staff do, and works in it.
//
// A page counts as ready once it listens (`html[data-hydrated]`). What goes wrong inside of a page (a panic, a script
// that throws, something the Content-Security-Policy blocks) is noted, and `Actor.allWell` fails the test for it.
import { expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";

/** The two clinics of the demo. */
export type Clinic = "aoba" | "minato";
/** Their staff. */
export type Login = "doctor" | "doctor2" | "nurse" | "reception" | "admin";

/** What everybody of the demo signs in with. */
export const PASSWORD = "karte-demo";

/** Waits until the page listens. */
export async function listening(page: Page): Promise<void> {
  await page.locator("html[data-hydrated]").waitFor({ state: "attached", timeout: 20_000 });
}

/** Fills in the sign-in page and sends it; leaves the rest to the caller. */
export async function fillSignIn(page: Page, clinic: Clinic, login: Login, password = PASSWORD): Promise<void> {
  await page.getByLabel("医療機関ID").fill(clinic);
  await page.getByLabel("職員ID").fill(login);
  await page.getByLabel("パスワード").fill(password);
  await page.getByRole("button", { name: "サインイン" }).click();
}

/** Signs in and waits for the first page of the role. */
export async function signIn(page: Page, clinic: Clinic, login: Login, base = ""): Promise<void> {
  await page.goto(`${base}/sign-in`);
  await listening(page);
  await fillSignIn(page, clinic, login);
  await page.waitForURL(login === "admin" ? "**/admin" : "**/reception");
  await listening(page);
}

/** Somebody at a browser. */
export class Actor {
  /** What went wrong inside of the pages. */
  readonly troubles: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly clinic: Clinic,
    readonly login: Login,
  ) {
    page.on("pageerror", (error) => this.troubles.push(`pageerror: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" && /panicked|Content Security Policy|hydration/i.test(message.text())) {
        this.troubles.push(message.text().slice(0, 400));
      }
    });
  }

  /** Somebody of a clinic, signed in, at a fresh browser. */
  static async arrives(browser: Browser, clinic: Clinic, login: Login, options: BrowserContextOptions = {}): Promise<Actor> {
    const context = await browser.newContext(options);
    const actor = new Actor(context, await context.newPage(), clinic, login);
    await signIn(actor.page, clinic, login);
    return actor;
  }

  /** The same for a browser that was started elsewhere and knows no base address. */
  static async sitsDown(context: BrowserContext, page: Page, clinic: Clinic, login: Login, base: string): Promise<Actor> {
    const actor = new Actor(context, page, clinic, login);
    await signIn(page, clinic, login, base);
    return actor;
  }

  /** Opens an address and waits until the page listens. */
  async opens(path: string): Promise<void> {
    await this.page.goto(path);
    await listening(this.page);
  }

  /** Loads the page anew. */
  async reloads(): Promise<void> {
    await this.page.reload();
    await listening(this.page);
  }

  /** Calls a server function the way the page does, from inside of it. */
  async calls<T>(name: string, args: object): Promise<{ status: number; body: T }> {
    return this.page.evaluate(
      async ([path, json]) => {
        const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: json });
        const text = await answer.text();
        let body: unknown = text;
        try {
          body = JSON.parse(text);
        } catch {
          // An error that is no JSON is shown as it is.
        }
        return { status: answer.status, body: body as never };
      },
      [`/api/${name}`, JSON.stringify(args)] as const,
    );
  }

  /** The same, when it has to succeed. */
  async asks<T>(name: string, args: object): Promise<T> {
    const { status, body } = await this.calls<T>(name, args);
    expect(status, `${name}: ${JSON.stringify(body)}`).toBe(200);
    return body;
  }

  /** Nothing panicked, threw or was blocked in this browser. */
  allWell(): void {
    expect(this.troubles, `${this.clinic}/${this.login}`).toEqual([]);
  }

  /** Goes home. */
  async leaves(): Promise<void> {
    await this.context.close();
  }
}
