// Without a network, and from one version to the next.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { accessibilityProblems, dist, host, openPage, shot } from "./lib/browser.mjs";
import { drawn, paste, ready, text, untilDrawn } from "./lib/playground.mjs";

const PATH = "/any/where/";
const POD = "kind: Pod\nspec: { containers: [{ name: offline, image: x }] }\n";
const sum = (content) => createHash("sha256").update(content).digest("hex");

/** Opens the page and waits until its files are kept. */
async function open(t, url) {
  const page = await openPage(t, url, { allow: [/icon\.svg/] }); // the browser asks for it by itself, at any time
  await page.getByText("Ready to work without a network.").waitFor();
  await ready(page);
  return page;
}

/** What changes on the server when a new version with another title is put there. */
function nextVersion(title) {
  const old = readFileSync(join(dist, "index.html"), "utf8");
  const html = old.replace(/<title>.*<\/title>/, `<title>${title}</title>`);
  const worker = readFileSync(join(dist, "sw.js"), "utf8");
  const version = /"([0-9a-f]{16})"/.exec(worker)[1];
  return { "index.html": html, "sw.js": worker.replace(sum(old), sum(html)).replace(version, sum(title).slice(0, 16)) };
}

test("the page opens again without a network, under any path, with everything in it", async (t) => {
  const server = await host(t, { path: PATH });
  const page = await open(t, server.url);
  await shot(page, "offline-ready");
  await server.close();
  await page.goto(server.url);
  await ready(page);
  await paste(page, POD);
  await untilDrawn(page, [["offline"]]);
  await page.locator(".text-bar__examples").selectOption("istio");
  await page.locator("#diagram svg .is-added").first().waitFor();
  await page.goto(`${server.url}?theme=x#/catalogue`);
  await page.getByText("of 325 helpers").waitFor();
  const manifest = await page.evaluate(async () => (await fetch(document.querySelector("link[rel=manifest]").href)).json());
  assert.equal(manifest.start_url, "../");
  assert.equal(manifest.display, "standalone");
  await page.goto(`${server.url}static/fetch.html`);
  await page.getByRole("heading", { name: "Open a manifest by its address" }).waitFor();
});

test("a new version waits, is announced, and takes over as a whole", async (t) => {
  const extra = {};
  const server = await host(t, { path: PATH, extra });
  const page = await open(t, server.url);
  await paste(page, POD);
  Object.assign(extra, nextVersion("Version 2"));

  await page.reload();
  await ready(page);
  assert.equal(await page.title(), "Sidecar Playground", "the old version until someone asks for the new one");
  await page.getByText("A newer version of the playground is here.").waitFor();
  const other = await page.context().newPage();
  await other.goto(server.url);
  await ready(other);
  await shot(page, "offline-update");
  await page.getByRole("button", { name: "Reload", exact: true }).click();
  await page.waitForFunction(() => document.title === "Version 2");
  await ready(page);
  assert.equal(await text(page), POD, "the text came along");

  // The other tab goes on with the files that it was made for, even when the server has lost them.
  for (const name of ["examples", "catalogue"]) {
    const file = new RegExp(`${name}-[0-9a-f]{16}\\.json`).exec(readFileSync(join(dist, "index.html"), "utf8"))[0];
    extra[file] = "gone";
  }
  assert.equal(await other.title(), "Sidecar Playground");
  await other.locator(".text-bar__examples").selectOption("istio");
  await other.locator("#diagram svg .is-added").first().waitFor();
});

test("files of two versions never mix: a half finished upload is not kept", async (t) => {
  const extra = {};
  const server = await host(t, { path: PATH, extra });
  const page = await open(t, server.url);
  Object.assign(extra, { "sw.js": nextVersion("Version 2")["sw.js"] }); // its page is not there yet
  await page.reload();
  await ready(page);
  const failed = page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return new Promise((resolve) => {
      const watch = (worker) => worker?.addEventListener("statechange", () => worker.state === "redundant" && resolve(true));
      registration.addEventListener("updatefound", () => watch(registration.installing));
      watch(registration.installing);
      registration.update().catch(() => {});
    });
  });
  assert.equal(await failed, true, "what is not whole is not taken");
  assert.equal(await page.getByText("A newer version").count(), 0);
  // The page itself may have asked for the new version too: that try has to end first.
  await page.waitForFunction(async () => !(await navigator.serviceWorker.ready).installing && (await caches.keys()).length === 1);
  await server.close();
  await page.goto(server.url);
  await ready(page);
  assert.equal((await drawn(page)).length, 2);
});

test("the privacy page says what is kept and what was asked for, and forgets it all", async (t) => {
  const server = await host(t, { path: PATH });
  const page = await open(t, server.url);
  await paste(page, POD);
  await page.waitForFunction(() => localStorage.length > 0);
  await page.getByRole("link", { name: "Privacy" }).click();
  await page.getByText("The text of a tab:").waitFor();
  await page.getByText("This page works without a network").waitFor();
  await page.getByText("0 of them from other sites").waitFor();
  await page.getByText("connect-src 'self'").waitFor();
  await shot(page, "privacy");
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.getByRole("button", { name: "Forget everything" }).click();
  await page.getByText("Forgotten.").waitFor();
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await page.reload();
  await ready(page);
  await page.goto(server.url);
  await ready(page);
  assert.match(await text(page), /^# /);
});

test("after the page is there it asks for nothing while someone works", async (t) => {
  const server = await host(t, { path: PATH });
  const page = await open(t, server.url);
  const requests = [];
  page.context().on("request", (request) => {
    if (!request.url().endsWith("/icon.svg")) requests.push(request.url()); // the browser's own: the icon of the tab
  });
  await paste(page, POD);
  await untilDrawn(page, [["offline"]]);
  for (const name of ["Sequence", "Mermaid", "As text", "Share", "Export", "History"]) {
    await page.getByRole("button", { name, exact: true }).click();
    if (["Share", "Export", "History"].includes(name)) await page.keyboard.press("Escape");
  }
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByRole("link", { name: "Privacy" }).click();
  assert.deepEqual(requests, []);
});
