// A room without a network: what is in offline-room.zip, served by whatever is there to machines that have never seen it.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { crc32, inflateRawSync } from "node:zlib";
import { dist, openPage, shot, site } from "./lib/browser.mjs";
import { paste, ready, untilDrawn } from "./lib/playground.mjs";

/** Unpacks as programs do that trust the list at the end of the file. */
function unpack(archive, folder) {
  const end = archive.lastIndexOf(Buffer.from("PK\x05\x06"));
  let at = archive.readUInt32LE(end + 16);
  const names = [];
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    assert.equal(archive.toString("latin1", at, at + 4), "PK\x01\x02");
    const [sum, packed, size] = [16, 20, 24].map((offset) => archive.readUInt32LE(at + offset));
    const [long, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const name = archive.toString("utf8", at + 46, at + 46 + long);
    const head = archive.readUInt32LE(at + 42);
    const begin = head + 30 + archive.readUInt16LE(head + 26) + archive.readUInt16LE(head + 28);
    const content = inflateRawSync(archive.subarray(begin, begin + packed));
    assert.deepEqual([content.length, crc32(content)], [size, sum], name);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    names.push(name);
    at += 46 + long + extra + comment;
  }
  return names;
}

test("the archive is the whole page, and it works where nothing but a static server is", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "a room "));
  t.after(() => rmSync(folder, { recursive: true }));
  const names = unpack(readFileSync(join(dist, "offline-room.zip")), folder);
  assert.ok(names.every((name) => name.startsWith("sidecar-playground/")), "all of it in one folder");
  assert.ok(names.includes("sidecar-playground/READ-ME.txt"));
  const url = await site(t, { folder: join(folder, "sidecar-playground") });
  // Machines that open it over the network of the room do so without HTTPS: no clipboard, no service worker.
  const page = await openPage(t, url, {
    serviceWorkers: "block",
    permissions: ["clipboard-read"],
    before: [[() => {
      window.kept = navigator.clipboard;
      Object.defineProperty(navigator, "clipboard", { value: undefined });
    }]],
  });
  await ready(page);
  await paste(page, "kind: Pod\nspec: { containers: [{ name: room, image: x }] }\n");
  await untilDrawn(page, [["room"]]);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.locator(".share .button__said", { hasText: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => window.kept.readText()), await page.locator("#share-link").inputValue());
  assert.equal(await page.evaluate(() => document.activeElement.textContent.startsWith("Copy")), true, "the focus stays");
  await page.keyboard.press("Escape");

  await page.getByRole("link", { name: "Learn" }).click();
  await page.getByRole("link", { name: /Begin: Traditional and native/ }).click();
  await page.locator(".quiz").first().getByRole("button", { name: "Answer" }).waitFor();
  await shot(page, "room");
});
