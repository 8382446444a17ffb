// Files that come into the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { shot } from "./lib/browser.mjs";
import { openPlayground, paste, text, untilDrawn } from "./lib/playground.mjs";

const pod = (name) => `kind: Pod\nmetadata: { name: ${name} }\nspec: { containers: [{ name: ${name}, image: x }] }\n`;
const file = (name, text) => ({ name, mimeType: "application/yaml", buffer: Buffer.from(text) });

/** Chooses files in the browser's own window. */
async function choose(page, files) {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Open", exact: true }).click()]);
  await chooser.setFiles(files);
}

/** Drops files anywhere, as the system does. */
const drop = (page, files, type = "drop") =>
  page.evaluate(([files, type]) => {
    const data = new DataTransfer();
    for (const [name, text] of files) data.items.add(new File([text], name));
    const event = { dataTransfer: data, bubbles: true, cancelable: true };
    document.querySelector(".header").dispatchEvent(new DragEvent(type, event));
  }, [files, type]);

test("one file is opened as it is, and the text before it comes back", async (t) => {
  const page = await openPlayground(t);
  await paste(page, pod("mine"));
  await untilDrawn(page, [["mine"]]);
  await choose(page, [file("shop.yaml", pod("shop"))]);
  await page.getByText("Opened shop.yaml.").waitFor();
  assert.equal(await text(page), pod("shop"));
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await text(page), pod("mine"));
});

test("several files become documents of one text, with their names", async (t) => {
  const page = await openPlayground(t);
  await choose(page, [file("b.yaml", `---\n${pod("b")}`), file("a.json", `{"kind":"Pod","spec":{"containers":[{"name":"a"}]}}`), file("c.yaml", pod("c"))]);
  await page.getByText("Opened 3 files.").waitFor();
  assert.equal((await text(page)).match(/# File: .*/g).join(), "# File: a.json,# File: b.yaml,# File: c.yaml");
  assert.deepEqual(await page.locator(".toolbar__workload option").allTextContents(), ["Pod", "Pod/b", "Pod/c"]);
});

test("files are dropped anywhere and pasted, also in the encoding of PowerShell", async (t) => {
  const page = await openPlayground(t);
  await drop(page, [["x.yaml", pod("x")]], "dragover");
  await page.locator("[data-dropping]").waitFor();
  await shot(page, "dropping");
  await drop(page, [["dropped.yaml", pod("dropped")]]);
  await untilDrawn(page, [["dropped"]]);
  assert.equal(await page.locator("[data-dropping]").count(), 0);
  await choose(page, [{ name: "dump.yaml", mimeType: "text/plain", buffer: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(pod("dumped"), "utf16le")]) }]);
  await untilDrawn(page, [["dumped"]]);
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "pasted.yaml"));
    document.querySelector(".cm-content").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, pod("pasted"));
  await untilDrawn(page, [["pasted"]]);
});

test("of a folder the manifests are read, and nothing that is hidden", async (t) => {
  const page = await openPlayground(t);
  await page.evaluate((texts) => {
    // Only a real drop gives folders, so this one has the browser's interface and no more.
    const entry = (name, content) =>
      typeof content === "string"
        ? { name, isFile: true, file: (done) => done(new File([content], name)) }
        : {
            name,
            isDirectory: true,
            createReader: () => {
              let rest = Object.entries(content).map(([name, content]) => entry(name, content));
              return { readEntries: (done) => done(rest.splice(0, 1)) };
            },
          };
    const item = { webkitGetAsEntry: () => entry("deploy", texts) };
    const event = new Event("drop", { bubbles: true, cancelable: true });
    event.dataTransfer = { types: ["Files"], items: [item], files: [] };
    document.body.dispatchEvent(event);
  }, { "b.yml": pod("b"), "read.me": "no", ".git": { "c.yaml": pod("c") }, base: { "a.yaml": pod("a"), ".hidden.yaml": pod("d") } });
  await page.getByText("Opened 2 files.").waitFor();
  assert.equal((await text(page)).match(/# File: .*/g).join(), "# File: deploy/b.yml,# File: deploy/base/a.yaml");
});

test("files without a manifest change nothing", async (t) => {
  const page = await openPlayground(t);
  const before = await text(page);
  await page.evaluate(() => {
    const event = new Event("drop", { bubbles: true, cancelable: true });
    const folder = { name: "empty", isDirectory: true, createReader: () => ({ readEntries: (done) => done([]) }) };
    event.dataTransfer = { types: ["Files"], items: [{ webkitGetAsEntry: () => folder }], files: [] };
    document.body.dispatchEvent(event);
  });
  await page.getByText("There is no manifest in it.").waitFor();
  assert.equal(await text(page), before);
});
