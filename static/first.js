// Draws before the program of the page is there. The first part of the engine comes first, on its own, so that a slow network
// shows somebody's own picture soon; the program of the page, the editor and the rest of the engine come behind it.
// `index.html` holds the pictures of the first example already; the page takes over what it finds in #diagram.
(() => {
  const at = (id) => document.getElementById(id);
  const field = at("editor-text");
  const diagram = at("diagram");
  const isExample = () => field.value === field.defaultValue;

  // What is in the page is for newcomers: see boot.js.
  if (isExample() && document.documentElement.dataset.start !== "newcomer") {
    field.value = "";
    diagram.replaceChildren();
  }

  const words = at("figure").dataset;
  const figure = ([form, badge, summary], content) => {
    const made = at("figure").content.cloneNode(true).firstElementChild;
    made.dataset.form = form;
    made.dataset.badge = badge;
    made.classList.toggle("figure--written", !form || badge === "yours");
    made.querySelector("strong").textContent = words[form || "asIs"];
    made.querySelector(".figure__badge").textContent = words[badge] ?? "";
    made.querySelector(".figure__summary").textContent = summary;
    // The writer escapes every text of the manifest; see the invariant in the engine's `svg` module.
    made.querySelector(".picture").innerHTML = content;
    return made;
  };

  let isMounted = false;
  const begin = async () => {
    if (isMounted) return;
    isMounted = true;
    const [page, editor] = [at("app-module"), at("editor-module")];
    // Which makes the browser check their sums before they run.
    for (const link of [page, editor]) link.rel = "modulepreload";
    globalThis.sidecarEditor = import(editor.href);
    globalThis.sidecarEditor.catch(() => {});
    const { default: start } = await import(page.href);
    await start({ module_or_path: at("app-wasm").href });
    dispatchEvent(new Event("sidecar-started"));
  };

  // The page asks this worker itself when it is there.
  let worker = null;
  try {
    worker = new Worker(at("first-module").href, { type: "module" });
  } catch {
    begin();
    return;
  }
  let asked = isExample() || !field.value ? field.value : null;
  let isWaiting = false;
  const ask = () => {
    if (!first.isReady || field.value === asked) return;
    asked = field.value;
    isWaiting = true;
    worker.postMessage({ id: 0, text: asked });
  };
  const first = { worker, isReady: false };
  globalThis.sidecarFirst = first;
  worker.onmessage = ({ data }) => {
    if (data === "ready") {
      first.isReady = true;
    } else if (data.captions) {
      isWaiting = false;
      diagram.replaceChildren(...data.captions.map((caption, index) => figure(caption, data.contents[index])));
    }
    ask();
    // The page keeps the browser busy for a while when it comes: who is waiting for a picture sees that before.
    if (isWaiting) return;
    if (data.captions && !document.hidden) requestAnimationFrame(() => setTimeout(begin));
    else begin();
  };
  worker.onerror = () => {
    delete globalThis.sidecarFirst;
    begin();
  };
  field.addEventListener("input", ask);
  // A network that is very slow must not keep the page from those who have the rest already.
  setTimeout(begin, 8000);
})();
