// The playground on other pages: <sidecar-playground>. One file, no dependencies; load it with a plain <script async>.
//
//   <sidecar-playground view="diagram">
//
//     <pre><code>kind: Pod …</code></pre>
//
//   </sidecar-playground>
//
// An element without a code block of its own takes the one in front of it, as it suits Markdown.
// Attributes: `example` (id of an example, instead of a code block), `view` (diagram, edit, split or findings), `diagram`
// (kind of picture), `theme` (auto, light, dark, contrast, projector), `readonly`, `k8s` (release), `load` (lazy or click), `title`. It
// speaks the language that `lang` around it names, if it is one of its own.
// Messages between the two pages are {source: "sidecar-playground", v: 1, type, …}; from here: set {text}, theme {theme};
// from there: ready, height {height}, findings {findings, problems}. Parameters and messages stay as they are for ever.
(() => {
  const script = document.currentScript?.src;
  if (!script || customElements.get("sidecar-playground")) return;
  const home = new URL("../", script);
  const PASSED = ["example", "view", "diagram", "k8s"];

  /** Lines without the indentation that all of them share: code blocks in HTML are often indented. */
  function dedent(text) {
    const lines = text.replace(/^[^\S\n]*\n/, "").trimEnd().split("\n");
    const indents = lines.filter((line) => line.trim()).map((line) => /^ */.exec(line)[0].length);
    const shared = Math.min(...indents);
    return `${lines.map((line) => line.slice(shared)).join("\n")}\n`;
  }

  const BLOCK = "pre, script[type='text/yaml'], textarea";

  /** The code block in front of an element: the last one in whatever stands before it or before what is around it. */
  function blockBefore(element) {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      for (let before = at.previousElementSibling; before; before = before.previousElementSibling) {
        if (before.matches("sidecar-playground, h1, h2, h3")) return null;
        const blocks = before.matches(BLOCK) ? [before] : before.querySelectorAll(BLOCK);
        if (blocks.length > 0) return blocks[blocks.length - 1];
      }
    }
    return null;
  }

  /**
   * Markdown that knows no such element puts its two ends into paragraphs of their own, and a browser ends it where the block
   * begins: <p><sidecar-playground></p><pre>…</pre><p></p>. What its author put inside goes inside again.
   */
  function takeIn(element) {
    const around = element.parentElement;
    const next = around?.nextElementSibling;
    const end = next?.nextElementSibling;
    const isAlone = around?.nodeName === "P" && around.children.length === 1 && !around.textContent.trim();
    const isEnd = end?.nodeName === "P" && end.childNodes.length === 0;
    if (!isAlone || !isEnd || !(next.matches(BLOCK) || next.querySelector(BLOCK))) return;
    element.prepend(next);
    end.remove();
  }

  /** What stands in a block for eyes only: line numbers, buttons. */
  const ASIDE = "button, .linenos, .lineno, .ln, .lnt, [aria-hidden='true']";

  /**
   * The text of a block as its author wrote it. Highlighters part lines by line ends, by <br> or by elements that are
   * blocks, or by two of these at once; some put a number in front of each line that is not to be selected.
   */
  function textOf(block) {
    if (block.value !== undefined) return dedent(block.value);
    const code = block.querySelector("code") ?? block;
    const select = (style) => style.userSelect ?? style.webkitUserSelect; // Safari has only the second
    const isSelectable = select(getComputedStyle(code)) !== "none";
    let text = "";
    const endLine = (isBlock) => {
      if (isBlock && text && !text.endsWith("\n")) text += "\n";
    };
    const read = (node) => {
      if (node.nodeType === Node.TEXT_NODE) text += node.data;
      if (node.nodeName === "BR") text += "\n";
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      const style = getComputedStyle(node);
      if (node !== code && (node.matches(ASIDE) || (isSelectable && select(style) === "none"))) return;
      const isBlock = node !== code && /^(block|flex|grid|list-item|table)/.test(style.display);
      endLine(isBlock);
      node.childNodes.forEach(read);
      endLine(isBlock);
    };
    read(code);
    return dedent(text);
  }

  /** The theme that the page around it has switched to, as MkDocs Material, Docusaurus and many Hugo themes say it. */
  function pageTheme() {
    const { documentElement: html, body } = document;
    const said = html.dataset.theme ?? html.dataset.bsTheme ?? body?.dataset.mdColorScheme ?? (html.classList.contains("dark") ? "dark" : "");
    if (/dark|slate|night/.test(said)) return "dark";
    return /light|default/.test(said) ? "light" : "auto";
  }

  class SidecarPlayground extends HTMLElement {
    static observedAttributes = ["theme"];
    // Among its own children, which a framework may have written and compares, nothing of ours appears.
    #inside = this.attachShadow({ mode: "open" });
    #block = this.#inside.appendChild(document.createElement("slot"));
    #button = null;
    #frame = null;
    #onMessage = (event) => this.#receive(event);
    #watcher = new MutationObserver(() => this.#sendTheme());

    connectedCallback() {
      if (this.#frame || this.#button) return;
      this.style.display = "block";
      addEventListener("message", this.#onMessage);
      const watched = { attributes: true, attributeFilter: ["data-theme", "data-bs-theme", "data-md-color-scheme", "class"] };
      this.#watcher.observe(document.documentElement, watched);
      if (document.body) this.#watcher.observe(document.body, watched);
      if (this.getAttribute("load") === "click") this.#offer();
      else this.#open();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#onMessage);
      this.#watcher.disconnect();
      this.#frame?.remove();
      this.#button?.remove();
      this.#frame = this.#button = null;
    }

    attributeChangedCallback() {
      this.#sendTheme();
    }

    /** The manifest: that of the code block inside or in front, unless another one was set. */
    get text() {
      if (this.given !== undefined) return this.given;
      const block = this.querySelector(BLOCK) ?? (this.hasAttribute("example") ? null : blockBefore(this));
      return block ? textOf(block) : "";
    }

    set text(text) {
      this.given = String(text);
      this.#send("set", { text: this.given });
    }

    get #theme() {
      const own = this.getAttribute("theme");
      return ["light", "dark", "contrast", "projector"].includes(own) ? own : pageTheme();
    }

    #offer() {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", part: "button", textContent: this.getAttribute("label") ?? "Show the sidecars" });
      Object.assign(button.style, { minHeight: "36px", padding: "4px 16px", font: "inherit", cursor: "pointer" });
      button.addEventListener("click", () => {
        button.remove();
        this.#button = null;
        this.#open();
        this.#frame.focus();
      });
      this.#button = this.#inside.appendChild(button);
    }

    #open() {
      const address = new URL(home);
      address.searchParams.set("embed", "1");
      for (const name of PASSED) if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      if (this.hasAttribute("readonly")) address.searchParams.set("readonly", "1");
      address.searchParams.set("theme", this.#theme);
      const language = this.closest("[lang]")?.lang.slice(0, 2);
      if (language === "en" || language === "de") address.searchParams.set("lang", language);
      const frame = document.createElement("iframe");
      frame.loading = "lazy";
      frame.allow = "clipboard-write";
      frame.title = this.getAttribute("title") ?? "Sidecar Playground";
      frame.src = address.href;
      Object.assign(frame.style, { display: "block", width: "100%", height: "360px", border: "0", colorScheme: "normal" });
      this.#frame = this.#inside.appendChild(frame);
    }

    #begin() {
      takeIn(this);
      const { text } = this;
      if (text) this.#send("set", { text });
      // Where the manifest can be edited, a code block of its own would show it twice.
      this.#block.style.display = ["edit", "split"].includes(this.getAttribute("view")) ? "none" : "contents";
    }

    #send(type, more) {
      this.#frame?.contentWindow?.postMessage({ source: "sidecar-playground", v: 1, type, ...more }, home.origin);
    }

    #sendTheme() {
      this.#send("theme", { theme: this.#theme });
    }

    #receive({ source, origin, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== home.origin) return;
      if (data?.source !== "sidecar-playground" || data.v !== 1) return;
      if (data.type === "ready") this.#begin();
      if (data.type === "height" && Number.isFinite(data.height)) this.#frame.style.height = `${Math.min(Math.max(data.height, 60), 20_000)}px`;
      if (data.type === "findings") {
        const [findings, problems] = [Number(data.findings), Number(data.problems)];
        this.dispatchEvent(new CustomEvent("findings", { detail: { findings, problems } }));
      }
    }
  }

  customElements.define("sidecar-playground", SidecarPlayground);
})();
