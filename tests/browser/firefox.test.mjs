// The same page in another engine: Firefox, driven over WebDriver BiDi.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { dist } from "./lib/browser.mjs";
import { require } from "./lib/packages.mjs";
import { serve } from "./lib/server.mjs";

const PATH = "/docs/sidecar/";
const MANIFEST = `kind: Pod
metadata: { name: shop }
spec:
  containers:
    - { name: shop, image: example.com/shop, env: [{ name: PASSWORD, value: hunter2 }] }
    - { name: logs, image: fluent/fluent-bit }
`;

let launched;

function browser() {
  const puppeteer = require("puppeteer-core");
  launched ??= (puppeteer.default ?? puppeteer).launch({ browser: "firefox", executablePath: process.env.FIREFOX, headless: true, defaultViewport: { width: 1280, height: 800 } });
  return launched;
}

after(async () => (await launched)?.close());

const skip = process.env.FIREFOX ? false : "there is no Firefox here";

/** A page of its own, without what other tests kept, which fails its test on any error. */
async function open(t, { extra = {}, name = "" } = {}) {
  const server = await serve(dist, { path: PATH, extra });
  const context = await (await browser()).createBrowserContext();
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  t.after(async () => {
    await context.close();
    await server.close();
    assert.deepEqual(problems, []);
  });
  await page.goto(server.url + name);
  return { page, server };
}

const ready = async (page) => {
  await page.waitForSelector("#diagram svg");
  await page.waitForSelector(".cm-content", { visible: true });
};

/** Replaces the whole text as a paste does. Firefox lets no script fill the clipboard of such an event, so it is put there. */
const paste = async (page, text) => {
  await page.focus(".cm-content");
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "clipboardData", { value: data });
    document.querySelector(".cm-content").dispatchEvent(event);
  }, text);
};

const untilDrawn = (page, name) =>
  page.waitForFunction((name) => [...document.querySelectorAll("#diagram .container .title")].some((title) => title.textContent === name), {}, name);

const text = (page) => page.$$eval(".cm-line", (lines) => lines.map((line) => line.textContent).join("\n"));

/** Clicks the button with these words. */
const click = (page, words) => page.locator(`::-p-xpath(//button[normalize-space(.)="${words}"])`).click();

test("Firefox draws what is pasted, keeps it, and gives it back", { skip }, async (t) => {
  const { page } = await open(t);
  await ready(page);
  await paste(page, MANIFEST);
  await untilDrawn(page, "shop");
  await page.waitForFunction(() => Object.values(localStorage).some((value) => value.includes("hunter2")));
  await page.reload();
  await ready(page);
  assert.equal(await text(page), MANIFEST);
  await click(page, "Clear");
  await page.waitForFunction(() => document.querySelector(".cm-content").textContent.trim() === "");
  await click(page, "Undo");
  await untilDrawn(page, "shop");
});

test("Firefox makes links, masked, that open to the same", { skip }, async (t) => {
  const { page } = await open(t);
  await ready(page);
  await paste(page, MANIFEST);
  await untilDrawn(page, "shop");
  await click(page, "Share");
  await page.waitForFunction(() => document.querySelector(".share__link")?.value.includes("#s=1."));
  const address = await page.$eval(".share__link", (field) => field.value);
  const { page: other } = await open(t);
  await ready(other);
  await other.evaluate((hash) => void (location.hash = hash), address.split("#")[1]);
  await untilDrawn(other, "shop");
  assert.equal(await text(other), MANIFEST.replace("hunter2", "masked"));
});

test("Firefox shows embedded playgrounds at the height of their content", { skip }, async (t) => {
  const html = `<!doctype html><html lang="en"><title>Docs</title><link rel="icon" href="data:,"><script async src="static/embed.js"></script>
    <sidecar-playground><pre><code>${MANIFEST}</code></pre></sidecar-playground></html>`;
  const { page } = await open(t, { extra: { "docs.html": html }, name: "docs.html" });
  await page.waitForFunction(() => document.querySelector("sidecar-playground").shadowRoot?.querySelector("iframe")?.contentDocument?.querySelector("#diagram svg .container"));
  await page.waitForFunction(() => {
    const frame = document.querySelector("sidecar-playground").shadowRoot?.querySelector("iframe");
    return Math.abs(frame.clientHeight - frame.contentDocument.querySelector("#app").getBoundingClientRect().height) <= 1;
  });
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test("Firefox opens the page without a network", { skip }, async (t) => {
  const { page, server } = await open(t);
  await ready(page);
  await page.waitForFunction(() => ["new", "ready"].includes(globalThis.sidecarOffline));
  await server.close();
  await page.reload();
  await ready(page);
  await paste(page, MANIFEST);
  await untilDrawn(page, "shop");
});

test("Firefox opens a manifest by its address, from a window that has shown whom it asks", { skip }, async (t) => {
  const asked = [];
  const other = createServer(({ url, headers }, response) => {
    asked.push([url, headers.cookie, headers.referer]);
    response.writeHead(200, { "access-control-allow-origin": "*" }).end(MANIFEST);
  });
  await new Promise((done) => other.listen(0, "127.0.0.1", done));
  t.after(() => other.close());
  const host = `127.0.0.1:${other.address().port}`;
  const { page } = await open(t);
  await ready(page);
  const opened = new Promise((done) => page.once("popup", done));
  await page.locator("button[aria-label='Open by address']").click();
  const popup = await opened;
  await popup.waitForSelector("#address", { visible: true });
  await popup.type("#address", `http://${host}/shop.yaml`);
  assert.equal(await popup.$eval(".fetch__file b", (name) => name.textContent), host);
  assert.deepEqual(asked, []);
  await click(popup, `Ask ${host}`);
  await untilDrawn(page, "shop");
  assert.equal(await text(page), MANIFEST);
  assert.deepEqual(asked, [["/shop.yaml", undefined, undefined]]);
});
