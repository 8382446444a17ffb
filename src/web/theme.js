// How the editor looks. Every colour is a custom property of the page, so light and dark follow the page's own CSS;
// the value after the comma serves a page that defines none.

import { EditorView } from "@codemirror/view";

const bg = "var(--editor-bg, #fff)";
const fg = "var(--editor-fg, #1b1f24)";
const gutterFg = "var(--editor-gutter-fg, #59636e)";
const selection = "var(--editor-selection, #b6d7ff)";
const focus = "var(--editor-focus, #0969da)";
const colour = {
  error: "var(--editor-error, #c9252d)",
  warning: "var(--editor-warning, #9a6700)",
  info: "var(--editor-advice, #0969da)",
};

/** Underline and gutter mark of one severity; the shape differs too, so the colour alone never carries the meaning. */
function mark(severity, clipPath) {
  return {
    [`.cm-lintRange-${severity}`]: {
      backgroundImage: "none",
      textDecoration: `underline wavy ${colour[severity]}`,
      textDecorationSkipInk: "none",
      textUnderlineOffset: "3px",
    },
    [`.cm-lint-marker-${severity}`]: {
      content: "none",
      width: "0.7em",
      height: "0.7em",
      background: colour[severity],
      clipPath,
      forcedColorAdjust: "none",
    },
    [`.cm-diagnostic-${severity}`]: { borderLeft: `4px solid ${colour[severity]}` },
    [`.cm-lintPoint-${severity}:after`]: { borderBottomColor: colour[severity] },
  };
}

const field = { background: bg, color: fg, border: `1px solid ${gutterFg}`, borderRadius: "4px", fontSize: "inherit" };

export const theme = EditorView.theme({
  "&": { height: "100%", background: bg, color: fg, fontSize: "var(--editor-font-size, 14px)" },
  "&.cm-focused": { outline: "none" }, // the page draws it around the whole editor
  ".cm-scroller": {
    fontFamily: "var(--editor-font, ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace)",
    lineHeight: "1.5",
    overflow: "auto",
  },
  ".cm-content": { caretColor: fg },
  "&.cm-focused > .cm-scroller > .cm-cursorLayer .cm-cursor": { borderLeftColor: fg },
  ".cm-dropCursor": { borderLeftColor: fg },
  ".cm-gutters": { background: "var(--editor-gutter, #f6f8fa)", color: gutterFg, border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "var(--editor-active, #eaeef280)" },
  ".cm-highlighted": { background: "var(--editor-highlight, #ffe06680)" },
  ".cm-foldGutter": { minWidth: "1em" },
  ".cm-gutter-lint": { width: "1em" },
  ".cm-gutter-lint .cm-gutterElement": { display: "flex", alignItems: "center", justifyContent: "center", padding: "0" },
  ".cm-foldPlaceholder": { background: "transparent", border: `1px solid ${gutterFg}`, color: gutterFg },
  "& > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { background: selection },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { background: selection },
  ".cm-selectionMatch, .cm-searchMatch": { background: "transparent", outline: `1px solid ${focus}` },
  ".cm-searchMatch-selected": { background: selection },
  "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": { background: "transparent", outline: `1px solid ${gutterFg}` },
  "&.cm-focused .cm-nonmatchingBracket, .cm-nonmatchingBracket": { background: "transparent", color: colour.error },

  ".cm-key": { color: "var(--editor-key, #0550ae)" },
  ".cm-string": { color: "var(--editor-string, #0a6b2d)" },
  ".cm-number": { color: "var(--editor-number, #953800)" },
  ".cm-keyword": { color: "var(--editor-keyword, #8250df)" },
  ".cm-comment": { color: "var(--editor-comment, #59636e)" },
  ".cm-punct": { color: "var(--editor-punct, #59636e)" },

  ...mark("error", "circle(50%)"),
  ...mark("warning", "polygon(50% 0, 100% 100%, 0 100%)"),
  ...mark("info", "polygon(50% 0, 100% 50%, 50% 100%, 0 50%)"),

  ".cm-tooltip": { background: bg, color: fg, border: `1px solid ${gutterFg}`, maxWidth: "min(40rem, 90vw)" },
  ".cm-panels": { background: "var(--editor-gutter, #f6f8fa)", color: fg },
  ".cm-panels.cm-panels-top": { borderBottom: `1px solid ${gutterFg}` },
  ".cm-panel.cm-search": { padding: "6px 28px 6px 6px" },
  ".cm-panel.cm-search label": { fontSize: "inherit" },
  ".cm-panel.cm-search [name=close]": { color: fg, fontSize: "1.25em", padding: "0 6px" },
  ".cm-textfield, .cm-button": { ...field, backgroundImage: "none" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { background: selection, color: fg },

  // A field below 16 pixels makes phones zoom in when it is touched, and not out again.
  "@media (pointer: coarse)": { ".cm-scroller, .cm-panels": { fontSize: "max(16px, var(--editor-font-size, 16px))" } },
});
