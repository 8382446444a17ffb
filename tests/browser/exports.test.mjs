// What the page writes as Mermaid must be drawn by the real mermaid.js, for every example and for hostile names.

import assert from "node:assert/strict";
import { test } from "node:test";
import { renderMermaid } from "./lib/mermaid.mjs";
import { openPlayground, paste } from "./lib/playground.mjs";

const HOSTILE = `kind: Pod
metadata: { name: "a\\"]; click x" }
spec:
  initContainers:
    - { name: end, image: "x;y" }
    - { name: "%%{init: {}}%%", image: "<b>", restartPolicy: Always }
  containers:
    - { name: "subgraph", image: "#35;" }
    - { name: "\`md\` **b**", image: 日本語, volumeMounts: [{ name: "v|w", mountPath: "/a:b{c}" }] }
    - { name: "style c0 fill:#f00", image: "" }
  volumes: [{ name: "v|w", emptyDir: {} }]
`;

const box = (line) => /^ *(?:[cvpwsiromc]\d+(?:[cix]\d+)?|more)(?:\[|\(|\{|>)/.test(line);

test("every picture of every example is drawn by mermaid.js, with all its boxes", async (t) => {
  const page = await openPlayground(t);
  await page.getByRole("button", { name: "Mermaid" }).click();
  const texts = [];
  const collect = async (name) => {
    for (const kind of ["Both forms", "As written", "Map", "Timeline", "Sequence", "Resources"]) {
      await page.getByRole("button", { name: kind, exact: true }).click();
      await page.waitForTimeout(150);
      for (const text of await page.locator(".figure__code").allTextContents()) texts.push({ name: `${name}, ${kind}`, text });
    }
  };
  const select = page.locator(".text-bar__examples");
  for (const id of await select.locator("option").evaluateAll((options) => options.filter((option) => !option.disabled).map((option) => option.value))) {
    await select.selectOption(id);
    await collect(id);
  }
  await paste(page, HOSTILE);
  await collect("hostile names");
  assert.ok(texts.length > 100, `only ${texts.length} texts`);
  for (const layout of ["dagre", "elk"]) {
    const drawings = await renderMermaid(t, texts.map(({ text }) => text), { layout });
    for (const [index, { ok, error, nodes }] of drawings.entries()) {
      const { name, text } = texts[index];
      assert.ok(ok, `${layout}: ${name}: ${error}\n${text}`);
      if (text.startsWith("flowchart")) assert.equal(nodes.length, text.split("\n").filter(box).length, `${layout}: ${name}\n${text}`);
    }
  }
});
