// Pages in a real browser, which fail their test when anything goes wrong that nobody asked about.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { cache, require } from "./packages.mjs";
import { serve } from "./server.mjs";

const { chromium } = require("playwright-core");

/** The built page. */
export const dist = join(dirname(fileURLToPath(import.meta.url)), "../../../dist");

let launched;

/** The browser of this test file; it closes with the file. */
export function browser() {
  launched ??= chromium.launch({
    executablePath: process.env.CHROMIUM,
    headless: false, // the flags say it: Playwright would add its own idea of headless
    args: process.env.SIDECAR_CHROMIUM_FLAGS.split(/\s+/),
  });
  return launched;
}

after(async () => (await launched)?.close());

/** The contexts of each test. They close before the server: what is still on its way would fail. */
const contexts = new WeakMap();

/**
 * Opens `url` in a context of its own and collects what must never happen: console errors, uncaught errors, violations of
 * the security policy, failed requests, requests to another origin. The test fails on these when it ends, or earlier where
 * it calls `page.assertClean()`.
 *
 * `t` is the test's own context. `options` go to Playwright's `newContext`; `allow` is a list of patterns for messages that
 * the test expects, and `before` of `[function, argument]`, to run in the page before anything of it does.
 */
export async function openPage(t, url, { allow = [], before = [], ...options } = {}) {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 }, ...options });
  let isClosing = false;
  const close = () => {
    isClosing = true;
    return context.close();
  };
  if (!contexts.has(t)) contexts.set(t, []);
  contexts.get(t).push({ close });
  const page = await context.newPage();
  let isLeaving = false;
  for (const name of ["goto", "reload"]) {
    const leave = page[name].bind(page);
    page[name] = async (...how) => {
      isLeaving = true;
      return leave(...how).finally(() => (isLeaving = false));
    };
  }
  const problems = [];
  const report = (text) => {
    if (!allow.some((pattern) => pattern.test(text))) problems.push(text);
  };
  page.on("console", (message) => {
    const { url: from, lineNumber } = message.location();
    if (["error", "assert"].includes(message.type())) report(`console: ${message.text()} (${from}:${lineNumber})`);
  });
  page.on("pageerror", (error) => report(`uncaught: ${error.stack ?? error}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // Who leaves a page stops what is still loading there, and the browser asks for the icon of a tab at any time.
    const isStopped = reason === "net::ERR_ABORTED" && (isClosing || isLeaving || request.url().endsWith("/icon.svg"));
    if (!isStopped) report(`failed request: ${request.url()} ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) report(`status ${response.status()}: ${response.url()}`);
  });
  const { origin } = new URL(url);
  context.on("request", (request) => {
    if (/^(https?|wss?):/.test(request.url()) && new URL(request.url()).origin !== origin) {
      report(`request to another origin: ${request.url()}`);
    }
  });
  await page.exposeBinding("reportViolation", (_, text) => report(`security policy: ${text}`));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      window.reportViolation(`${event.violatedDirective} ${event.blockedURI} (${event.sourceFile}:${event.lineNumber}) ${event.sample}`);
    });
  });
  for (const [change, argument] of before) await page.addInitScript(change, argument);
  page.assertClean = () => assert.deepEqual(problems.splice(0), []);
  t.after(async () => {
    await close();
    page.assertClean();
  });
  await page.goto(url, { waitUntil: "load" });
  return page;
}

/** Serves `folder` (the built page) for one test: see `serve`. */
export async function host(t, { folder = dist, ...options } = {}) {
  const server = await serve(folder, options);
  t.after(async () => {
    await Promise.all((contexts.get(t) ?? []).map((context) => context.close()));
    await server.close();
  });
  return server;
}

/** The address of such a server. */
export const site = async (t, options) => (await host(t, options)).url;

/** Keeps a picture of the page, for eyes. */
export async function shot(page, name) {
  const folder = join(cache, "shots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** What axe-core finds wrong for people who use assistive technology, one line each. */
export async function accessibilityProblems(page, { within, ...options } = {}) {
  await page.evaluate(require("fs").readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate(([root, options]) => window.axe.run(root ?? document, options), [within, options]);
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help} at ${node.target.join(" ")}`));
}
