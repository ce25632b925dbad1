// How the browser tests run: one real Chromium of the machine, one server on
// demo data of its own, Japanese settings, the desk screen of a clinic.
//
// KARTE_E2E_URL points the tests at a server that already runs.
import { defineConfig } from "@playwright/test";

const port = process.env.KARTE_E2E_PORT ?? "3117";
const url = process.env.KARTE_E2E_URL ?? `http://127.0.0.1:${port}`;
const json = process.env.KARTE_E2E_JSON;

export default defineConfig({
  testDir: "specs",
  outputDir: "results",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: json ? [["list"], ["json", { outputFile: json }]] : [["list"]],
  use: {
    baseURL: url,
    browserName: "chromium",
    locale: "ja-JP",
    timezoneId: "Asia/Tokyo",
    viewport: { width: 1366, height: 768 },
    actionTimeout: 15_000,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.KARTE_CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    },
  },
  projects: [
    { name: "desk", grepInvert: /@phone|@masters/ },
    { name: "phone", grep: /@phone/, use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
    // Masters belong to the whole server: whoever changes them comes when everybody else is done.
    { name: "masters", grep: /@masters/ },
  ],
  webServer: process.env.KARTE_E2E_URL
    ? undefined
    : {
        command: "../.make/demo.sh",
        url: `${url}/readyz`,
        timeout: 180_000,
        gracefulShutdown: { signal: "SIGTERM", timeout: 20_000 },
        stdout: "ignore",
        stderr: "pipe",
        env: {
          KARTE_DEMO_FRESH: "1",
          KARTE_LOG: process.env.KARTE_LOG ?? "warn",
          KARTE_PORT: port,
          KARTE_PLATFORM_PORT: process.env.KARTE_E2E_PLATFORM_PORT ?? "3118",
          KARTE_PLATFORM_CONTROL_PORT: process.env.KARTE_E2E_PLATFORM_CONTROL_PORT ?? "3119",
        },
      },
});
