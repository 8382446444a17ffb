// Files that come into the page: chosen, dropped (folders too), pasted. They become one text; nothing is uploaded.

const MANIFEST = /\.(ya?ml|json)$/i;
const MOST_FILES = 500;
const MOST_BYTES = 8 * 1024 * 1024;

/** Reads UTF-8, and UTF-16 with its mark, which is what `kubectl get … > file` makes in Windows PowerShell. */
async function textOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const mark = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(mark).decode(bytes);
}

/** All files below an entry of a drop. In folders only manifests count, and nothing that is hidden. */
async function below(entry, path, isInFolder, found) {
  if (found.length > MOST_FILES) return;
  if (entry.isFile) {
    if (isInFolder && (!MANIFEST.test(entry.name) || entry.name.startsWith("."))) return;
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject)).catch(() => null);
    if (file) found.push({ name: path + entry.name, file });
  } else if (entry.isDirectory && !(isInFolder && /^(\.|node_modules$)/.test(entry.name))) {
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)).catch(() => []);
      if (some.length === 0) break;
      for (const child of some) await below(child, `${path}${entry.name}/`, true, found);
    }
  }
}

async function join(found) {
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  const texts = [];
  let bytes = 0;
  for (const { name, file } of found.slice(0, MOST_FILES)) {
    bytes += file.size;
    if (bytes > MOST_BYTES) break;
    texts.push({ name, text: await textOf(file) });
  }
  if (texts.length === 1) return { text: texts[0].text, name: texts[0].name, count: 1, left: found.length - 1 };
  const parts = texts.map(({ name, text }, index) => {
    const cut = index > 0 && !/^\s*---/.test(text) ? "---\n" : "";
    return `${cut}# File: ${name.replace(/[\r\n]/g, " ")}\n${text}${text.endsWith("\n") ? "" : "\n"}`;
  });
  return { text: parts.join(""), name: "", count: texts.length, left: found.length - texts.length };
}

const plain = (files) => [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));

/** Lets files be dropped and pasted anywhere. `onFiles({text, name, count, left})` is told what became of them. */
export function listen(onFiles) {
  const take = (event, look) => {
    event.preventDefault();
    event.stopPropagation();
    look?.();
  };
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (is) => document.documentElement.toggleAttribute("data-dropping", is);
  addEventListener("dragover", (event) => hasFiles(event) && take(event, () => mark(true)), true);
  addEventListener("dragleave", (event) => event.relatedTarget === null && mark(false), true);
  addEventListener("drop", async (event) => {
    if (!hasFiles(event)) return;
    take(event, () => mark(false));
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const found = entries.length > 0 ? [] : plain(event.dataTransfer.files);
    for (const entry of entries) await below(entry, "", false, found);
    onFiles(await join(found));
  }, true);
  addEventListener("paste", async (event) => {
    const files = plain(event.clipboardData?.files ?? []);
    if (files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    take(event);
    onFiles(await join(files));
  }, true);
}

/** Asks for files. */
export function choose(onFiles) {
  const field = document.createElement("input");
  field.type = "file";
  field.multiple = true;
  field.addEventListener("change", async () => onFiles(await join(plain(field.files))));
  field.click();
}
