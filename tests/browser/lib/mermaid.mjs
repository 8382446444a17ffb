// Real mermaid.js, to judge the Mermaid text that the engine writes. Nothing of it reaches the page.

import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { openPage } from "./browser.mjs";
import { cache, packages, require } from "./packages.mjs";
import { serve } from "./server.mjs";

const { version } = require("mermaid/package.json");

/** One module with all of mermaid, made once. */
async function bundled() {
  const folder = join(cache, `mermaid-${version}`);
  if (!existsSync(folder)) {
    const part = `${folder}.${process.pid}`;
    mkdirSync(part, { recursive: true });
    await require("esbuild").build({
      stdin: { contents: 'export { default } from "mermaid";', resolveDir: packages },
      bundle: true,
      minify: true,
      format: "esm",
      outfile: join(part, "mermaid.js"),
      logLevel: "error",
    });
    if (!existsSync(folder)) renameSync(part, folder);
  }
  return folder;
}

/**
 * Renders Mermaid texts in the browser of this test file, as a host would that allows no HTML (`securityLevel: "strict"`).
 *
 * Gives for each text `{ok, error, nodes, groups, edges, svg}`: `nodes` and `groups` are the labels that can be read in the
 * picture, in no order, their lines split by "\n"; `edges` is the number of lines between them. `layout` is "dagre" (the default of mermaid up to 11)
 * or "elk" (the default since 12). The test fails on console errors and on any request a text causes.
 */
export async function renderMermaid(t, texts, { layout = "dagre", ...config } = {}) {
  const html = `<!doctype html><meta charset="utf-8"><title>Mermaid</title><link rel="icon" href="data:,">
    <script type="module">import mermaid from "./mermaid.js"; window.mermaid = mermaid;
    window.alert = (text) => console.error("a text ran a script:", text);</script>`;
  const server = await serve(await bundled(), { extra: { "index.html": html } });
  const page = await openPage(t, server.url);
  await page.waitForFunction(() => window.mermaid);
  const results = await page.evaluate(drawAll, [texts, { layout, ...config }]);
  page.assertClean();
  await page.context().close();
  await server.close();
  return results;
}

/** Runs in the page. */
async function drawAll([texts, config]) {
  const { mermaid } = window;
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", suppressErrorRendering: true, ...config });
  const results = [];
  for (const [index, text] of texts.entries()) {
    try {
      const { svg } = await mermaid.render(`drawing-${index}`, text);
      const holder = document.createElement("div");
      holder.innerHTML = svg;
      holder.querySelectorAll("br").forEach((line) => line.replaceWith("\n"));
      const labels = (selector) => [...holder.querySelectorAll(selector)].map((found) => found.textContent.trim());
      results.push({
        ok: true,
        error: null,
        nodes: [...labels("g.node, .taskText"), ...new Set(labels("text.actor-box"))], // actors stand above and below
        groups: labels(".cluster-label, .sectionTitle"),
        edges: holder.querySelectorAll("path.flowchart-link, [class*=messageLine]").length,
        svg,
      });
    } catch (error) {
      results.push({ ok: false, error: String(error?.message ?? error), nodes: [], groups: [], edges: 0, svg: null });
    }
  }
  return results;
}
