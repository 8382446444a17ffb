// The built page as a visitor meets it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, shot, site } from "./lib/browser.mjs";

test("the page opens from a sub-path and asks no other origin for anything", async (t) => {
  const page = await openPage(t, await site(t, { path: "/some/where/" }));
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.match(await page.title(), /Sidecar Playground/);
  await shot(page, "page");
});

test("the title says in which part of the site one is, in its language", async (t) => {
  const page = await openPage(t, `${await site(t)}?lang=de`);
  for (const [address, title] of [["#/rules", "Regeln · Sidecar Playground"], ["#/rules/port-clash", "port-clash · Sidecar Playground"], ["#/", "Sidecar Playground"]]) {
    await page.evaluate((address) => void (location.hash = address), address);
    await page.waitForFunction((title) => document.title === title, title);
  }
});

test("the worker starts and says that it is ready", async (t) => {
  const page = await openPage(t, await site(t, { path: "/some/where/" }));
  const message = await page.evaluate(() => {
    const worker = new Worker(document.getElementById("worker-module").href, { type: "module" });
    return new Promise((resolve, reject) => {
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
    });
  });
  assert.equal(message, "ready");
});

test("every script and style that stands in the page carries its hash", async (t) => {
  const page = await openPage(t, await site(t));
  await page.locator(".cm-content").waitFor({ state: "attached" });
  const { all, bare } = await page.evaluate(() => {
    const all = [...document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=modulepreload]")];
    return { all: all.length, bare: all.filter((element) => !element.integrity).map((element) => element.outerHTML) };
  });
  assert.ok(all >= 4, `${all}`);
  assert.deepEqual(bare, []);
});

test("the page on privacy leads to what is defended against", async (t) => {
  const url = await site(t);
  const page = await openPage(t, `${url}#/privacy`);
  const address = await page.locator(".privacy a[href$='threat-model.txt']").evaluate((link) => link.href);
  const text = await (await page.request.get(address)).text();
  assert.match(text, /^What is defended against/);
});
