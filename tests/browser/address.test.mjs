// A manifest by its address: nobody is asked before someone has seen whom and agreed, and the playground itself never asks.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { accessibilityProblems, openPage, shot, site } from "./lib/browser.mjs";
import { paste, ready, text, untilDrawn } from "./lib/playground.mjs";

const PATH = "/docs/play/";
const pod = (name) => `kind: Pod\nmetadata: { name: ${name} }\nspec: { containers: [{ name: ${name}, image: x }] }\n`;
const OPEN = { "access-control-allow-origin": "*", "content-type": "text/plain" };

/** What the other site answers. */
const ANSWERS = {
  "/shop.yaml": [200, OPEN, pod("shop")],
  "/closed.yaml": [200, {}, pod("closed")],
  "/gone.yaml": [404, OPEN, "not found"],
  "/page.html": [200, { ...OPEN, "content-type": "text/html" }, "\n<!DOCTYPE html><html><title>shop.yaml</title></html>"],
  "/moved.yaml": [302, { ...OPEN, location: "/shop.yaml" }, ""],
  "/large.yaml": [200, OPEN, Buffer.alloc(8 * 1024 * 1024 + 1, "# large\n")],
  "/empty.yaml": [200, OPEN, "\n"],
  "/picture.yaml": [200, OPEN, Buffer.from([0x89, 0x50, 0, 0, 0])],
  "/dump.yaml": [200, OPEN, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(pod("dumped"), "utf16le")])],
};

/** Another site. `asked` is what it was asked for, with the headers. */
async function elsewhere(t) {
  const asked = [];
  const server = createServer(({ url, headers, method }, response) => {
    asked.push({ url, headers, method });
    const [status, more, body] = ANSWERS[url] ?? [404, OPEN, ""];
    response.writeHead(status, more).end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, host: `127.0.0.1:${server.address().port}`, asked };
}

/** Opens the playground. `page.foreign` are the pages that asked another origin, `page.said` what the windows reported. */
async function open(t, query = "") {
  const url = await site(t, { path: PATH });
  const page = await openPage(t, url + query, { allow: [/request to another origin: http:\/\/127/, /icon\.svg/] });
  page.foreign = [];
  page.said = [];
  page.context().on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) page.foreign.push(request.frame().page());
  });
  await ready(page);
  return page;
}

async function openWindow(page, press = () => page.getByRole("button", { name: "Open by address" }).click()) {
  const [popup] = await Promise.all([page.waitForEvent("popup"), press()]);
  popup.on("console", (message) => message.type() === "error" && page.said.push(message.text()));
  await popup.locator("main").waitFor();
  return popup;
}

test("a manifest is opened by its address, when someone has seen whom that asks and agrees", async (t) => {
  const other = await elsewhere(t);
  const page = await open(t);
  await paste(page, pod("mine"));
  await untilDrawn(page, [["mine"]]);
  const popup = await openWindow(page);
  assert.ok(await popup.getByRole("button", { name: "Ask", exact: true }).isDisabled());
  await popup.getByLabel("Address of a manifest").fill(`${other.url}/shop.yaml#L3`);
  await popup.getByText(`${other.url}/shop.yaml`, { exact: true }).waitFor();
  await popup.getByText("your network address (IP)").waitFor();
  await popup.getByText(`that it is asked from ${new URL(page.url()).origin}`).waitFor();
  await shot(popup, "address");
  assert.deepEqual(await accessibilityProblems(popup), []);
  assert.equal(await popup.locator("script[src]:not([integrity]), link[rel=stylesheet]:not([integrity])").count(), 0);
  assert.equal(other.asked.length, 0, "nothing is asked before the button is pressed");
  await Promise.all([popup.waitForEvent("close"), popup.getByRole("button", { name: `Ask ${other.host}` }).click()]);
  await page.getByText(`Opened shop.yaml of ${other.host}.`).waitFor();
  assert.equal(await text(page), pod("shop"));
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await text(page), pod("mine"));
  assert.deepEqual(other.asked.map(({ url, method, headers }) => [method, url, headers.cookie, headers.referer]), [["GET", "/shop.yaml", undefined, undefined]]);
  assert.ok(page.foreign.length > 0 && page.foreign.every((asking) => asking === popup), "the playground itself asks nobody");
  assert.deepEqual(page.said, []);
  await page.getByRole("button", { name: "History" }).click();
  await page.getByText("before a file was opened").first().waitFor();
});

test("what goes wrong is said, with a way out, and the text of the playground stays", async (t) => {
  const other = await elsewhere(t);
  const page = await open(t);
  await paste(page, pod("mine"));
  const popup = await openWindow(page);
  const alert = popup.getByRole("alert");
  for (const [name, words] of [
    ["closed.yaml", /did not let this page read the file/],
    ["gone.yaml", /no such file for everyone \(404\)/],
    ["page.html", /a web page and not a manifest/],
    ["moved.yaml", /sends on to another address/],
    ["large.yaml", /larger than 8 MB/],
    ["empty.yaml", /The file is empty/],
    ["picture.yaml", /no text/],
  ]) {
    await popup.getByLabel("Address of a manifest").fill(`${other.url}/${name}`);
    await alert.waitFor({ state: "hidden" });
    await popup.getByRole("button", { name: `Ask ${other.host}` }).click();
    await alert.getByText(words).waitFor();
    assert.equal(await alert.getByRole("link", { name: "Open it in a tab" }).getAttribute("href"), `${other.url}/${name}`);
  }
  assert.ok(other.asked.every(({ url }) => url !== "/shop.yaml"), "where something is sent on to is not asked");
  await shot(popup, "address-trouble");
  assert.deepEqual(await accessibilityProblems(popup), []);
  assert.equal(await text(page), pod("mine"));
  await popup.getByLabel("Address of a manifest").fill(`${other.url}/dump.yaml`);
  await popup.getByRole("button", { name: `Ask ${other.host}` }).click();
  await untilDrawn(page, [["dumped"]]);
});

test("addresses of pages about a file become those of the file, and bad ones are named", async (t) => {
  const page = await open(t);
  const popup = await openWindow(page);
  const field = popup.getByLabel("Address of a manifest");
  const moved = popup.getByText("a page about the file");
  for (const [given, file] of [
    ["https://github.com/a/b/blob/main/deploy/shop.yaml?plain=1#L4-L9", "https://raw.githubusercontent.com/a/b/main/deploy/shop.yaml"],
    ["github.com/a/b/blob/v1.2/x%20y.yaml", "https://raw.githubusercontent.com/a/b/v1.2/x%20y.yaml"],
    ["https://github.com/a/b/raw/main/x.yaml", "https://raw.githubusercontent.com/a/b/main/x.yaml"],
    ["https://gist.github.com/someone/0123456789abcdef", "https://gist.githubusercontent.com/someone/0123456789abcdef/raw"],
    ["https://gist.github.com/someone/0123456789abcdef/raw/aa11/pod.yaml", "https://gist.githubusercontent.com/someone/0123456789abcdef/raw/aa11/pod.yaml"],
    ["https://gitlab.com/group/part/shop/-/blob/main/x.yaml?ref_type=heads", "https://gitlab.com/group/part/shop/-/raw/main/x.yaml"],
    ["https://codeberg.org/a/b/src/branch/main/x.yaml", "https://codeberg.org/a/b/raw/branch/main/x.yaml"],
    ["https://k8s.io/examples/pods/simple-pod.yaml", "https://raw.githubusercontent.com/kubernetes/website/main/content/en/examples/pods/simple-pod.yaml"],
  ]) {
    await field.fill(given);
    assert.equal(await popup.locator(".fetch__file").textContent(), file);
    await moved.waitFor();
  }
  await field.fill("https://example.com/shop.yaml");
  await moved.waitFor({ state: "hidden" });
  for (const [given, words] of [
    ["shop.yaml", /not an address/],
    ["file:///etc/passwd", /not an address/],
    ["javascript:alert(1)", /not an address/],
    ["http://example.com/shop.yaml", /Only addresses that begin with https/],
    ["https://me:secret@example.com/shop.yaml", /holds a name or a password/],
  ]) {
    await field.fill(given);
    await popup.locator("#wrong", { hasText: words }).waitFor();
    assert.ok(await popup.locator(".fetch__ask").isDisabled(), given);
    assert.ok(!(await popup.locator(".fetch__plan").isVisible()), given);
  }
  assert.deepEqual(page.foreign, []);
});

test("a link can offer an address, which is asked for by nobody but its reader", async (t) => {
  const other = await elsewhere(t);
  const page = await open(t, `?lang=de&theme=dark&url=${encodeURIComponent(`${other.url}/shop.yaml`)}`);
  await page.getByText(`Dieser Link bietet shop.yaml von ${other.host} an.`).waitFor();
  await page.waitForTimeout(500);
  assert.equal(other.asked.length, 0);
  const popup = await openWindow(page, () => page.getByRole("button", { name: "Weiter …" }).click());
  await popup.locator("html.theme-night").waitFor({ state: "attached" });
  await popup.getByText("Was diese Website erfährt").waitFor();
  await shot(popup, "address-de");
  assert.deepEqual(await accessibilityProblems(popup), []);
  assert.equal(other.asked.length, 0);
  assert.doesNotMatch(page.url(), /url=/);
  await popup.getByRole("button", { name: `${other.host} anfragen` }).click();
  await untilDrawn(page, [["shop"]]);
});

test("the palette has it, and a page inside another one has not", async (t) => {
  const page = await open(t);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("by address");
  await openWindow(page, () => page.keyboard.press("Enter"));
  await page.goto(`${page.url().split("?")[0]}?embed=1&view=edit&example=istio&url=https%3A%2F%2Fexample.com%2Fx.yaml`);
  await ready(page);
  await page.keyboard.press("Control+k");
  await page.getByRole("option", { name: /Clear/ }).waitFor();
  assert.equal(await page.getByRole("option", { name: /Open by address/ }).count(), 0);
  assert.equal(await page.getByText("This link offers").count(), 0);
  assert.deepEqual(page.foreign, []);
});

test("messages that were not asked for change nothing, and a text goes to its own playground only", async (t) => {
  const other = await elsewhere(t);
  const page = await open(t);
  await paste(page, pod("mine"));
  const message = { source: "sidecar-playground", v: 1, type: "fetched", text: pod("evil"), name: "x", host: "y" };
  await page.evaluate((message) => postMessage(message, "*"), message);
  const popup = await openWindow(page);
  await page.evaluate((message) => postMessage(message, "*"), message);
  await popup.evaluate((message) => {
    for (const wrong of [{ ...message, v: 2 }, { ...message, type: "set" }, { ...message, text: 1 }, "fetched", null]) opener.postMessage(wrong, "*");
  }, message);
  await page.waitForTimeout(300);
  assert.equal(await text(page), pod("mine"));

  // Opened by a page of another origin, it asks when someone agrees, and says that nobody is there to take it.
  const address = popup.url().split("#")[0];
  await popup.close();
  const stranger = await page.context().newPage();
  await stranger.goto(`${other.url}/shop.yaml`);
  const [opened] = await Promise.all([
    stranger.waitForEvent("popup"),
    stranger.evaluate(([address, url]) => {
      window.got = [];
      addEventListener("message", ({ data }) => window.got.push(data));
      open(`${address}#${encodeURIComponent(url)}`);
    }, [address, `${other.url}/shop.yaml`]),
  ]);
  await opened.getByRole("button", { name: `Ask ${other.host}` }).click();
  await opened.getByRole("alert").getByText("The playground that belongs to this window is not there.").waitFor();
  assert.deepEqual(await stranger.evaluate(() => window.got), []);
});

test("in a frame it does nothing", async (t) => {
  const url = await site(t, { path: PATH, extra: { "docs.html": '<!doctype html><title>x</title><link rel="icon" href="data:,"><iframe src="static/fetch.html#https%3A%2F%2Fexample.com"></iframe>' } });
  const page = await openPage(t, `${url}docs.html`);
  await page.frameLocator("iframe").locator("main").waitFor({ state: "attached" });
  assert.ok(!(await page.frameLocator("iframe").locator("main").isVisible()));
});
