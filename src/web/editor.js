// The editor: CodeMirror with what YAML needs and nothing else. `finish.mjs` bundles this file into one module, which the
// page loads beside the Wasm. All positions are UTF-16 offsets into `text()`, where every line ends with "\n".

import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { yaml, yamlLanguage } from "@codemirror/lang-yaml";
import {
  bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentUnit, syntaxHighlighting, syntaxTree,
} from "@codemirror/language";
import { linter, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, RangeSetBuilder, StateEffect, StateField, Text, Transaction } from "@codemirror/state";
import {
  Decoration, drawSelection, dropCursor, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars,
  keymap, lineNumbers, ViewPlugin,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { StyleModule } from "style-mod";
import { bridle } from "./parse.js";
import { theme } from "./theme.js";

export { ask } from "./address.js";
export { choose, listen } from "./files.js";

// Invariant: the editor works under `style-src 'self'`. CodeMirror writes its rules into a <style> element, which that policy
// refuses; a constructed sheet needs no exception. A browser without one fails here, and the page keeps its textarea.
const sheet = new CSSStyleSheet();
let mounted = [];
StyleModule.mount = (root, modules) => {
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  if (modules.every((module) => mounted.includes(module))) return;
  mounted = [...mounted.filter((module) => !modules.includes(module)), ...modules];
  sheet.replaceSync(mounted.map((module) => module.getRules()).join("\n"));
};

bridle(yamlLanguage.parser);

const colours = HighlightStyle.define([
  { tag: tags.propertyName, class: "cm-key" },
  { tag: tags.string, class: "cm-string" },
  { tag: [tags.keyword, tags.labelName, tags.typeName, tags.attributeValue, tags.meta], class: "cm-keyword" },
  { tag: tags.comment, class: "cm-comment" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], class: "cm-punct" },
]);

// The grammar calls every plain scalar a literal. Kubernetes reads these as numbers, booleans and null: show it.
const NUMBER = /^[-+]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0o?[0-7_]+|(?:\d[\d_]*)?\.?\d+(?:[eE][-+]?\d+)?|\.inf|\.nan)$/;
const WORD = /^(?:true|false|null|~|yes|no|on|off|y|n)$/i;
const scalarMarks = { number: Decoration.mark({ class: "cm-number" }), word: Decoration.mark({ class: "cm-keyword" }) };

function plainScalars(view) {
  const marks = new RangeSetBuilder();
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        if (node.name !== "Literal" || node.to - node.from > 40 || node.node.parent?.name === "Key") return;
        const text = view.state.sliceDoc(node.from, node.to);
        const mark = WORD.test(text) ? scalarMarks.word : NUMBER.test(text) ? scalarMarks.number : null;
        if (mark) marks.add(node.from, node.to, mark);
      },
    });
  }
  return marks.finish();
}

const scalarColours = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.decorations = plainScalars(view);
    }
    update(update) {
      const parsed = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.viewportChanged || parsed) this.decorations = plainScalars(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const setHighlight = StateEffect.define();
const highlightedLine = Decoration.line({ class: "cm-highlighted" });

const highlights = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    for (const effect of transaction.effects) if (effect.is(setHighlight)) return effect.value;
    return lines.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** One decoration for each line that a range touches. */
function linesOf(doc, ranges) {
  const starts = new Set();
  for (const range of ranges) {
    const { from, to } = clip(doc, range);
    const last = doc.lineAt(to).number;
    for (let line = doc.lineAt(from).number; line <= last; line += 1) starts.add(doc.line(line).from);
  }
  return Decoration.set([...starts].map((start) => highlightedLine.range(start)), true);
}

function clip(doc, { from, to }) {
  const start = Math.max(0, Math.min(from, doc.length));
  return { from: start, to: Math.max(start, Math.min(to, doc.length)) };
}

/** The smallest change that turns `before` into `after`: the caret, folds and marks elsewhere stay where they are. */
function smallestChange(before, after) {
  let from = 0;
  const shorter = Math.min(before.length, after.length);
  while (from < shorter && before.charCodeAt(from) === after.charCodeAt(from)) from += 1;
  let to = before.length;
  let end = after.length;
  while (to > from && end > from && before.charCodeAt(to - 1) === after.charCodeAt(end - 1)) {
    to -= 1;
    end -= 1;
  }
  return { from, to, insert: after.slice(from, end) };
}

/** Changes as a flat list, the last place of the text first: none moves those behind it in the list. */
function listOf(changes) {
  const list = [];
  changes.iterChanges((from, to, _from, _to, inserted) => list.unshift(from, to, inserted.toString()), true);
  return list;
}

const byUser = (transaction) => transaction.annotation(Transaction.userEvent) !== undefined;
const SEVERITY = { error: "error", warning: "warning", advice: "info" };

/**
 * Puts an editor into `parent`.
 *
 * Options: `text`, `label` (accessible name), `readOnly`, `phrases` (translations of CodeMirror's own words),
 * `onChange(changes, byUser)` called before every change is shown, with a flat list of `from, to, insert` to be made one
 * after the other, `onSelect(from, to)` called when the user moves the caret, `onSight(from, to)` a moment after another part of the
 * text came into sight.
 */
export function create(parent, options = {}) {
  const { text = "", label = "", readOnly = false, phrases, onChange, onSelect, onSight } = options;
  const locked = new Compartment();
  const spoken = new Compartment();
  const speaking = (label, phrases) => [EditorState.phrases.of(phrases ?? {}), EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" })];
  let known = { doc: null, text: "" }; // the last text made from a document: a large one costs milliseconds
  const textOf = (doc) => {
    if (known.doc !== doc) known = { doc, text: doc.toString() };
    return known.text;
  };

  let waiting;
  let marked = null; // what setMarks was given last, until it is shown
  let doc = Text.of(text.split(/\r\n?|\n/)); // the newest: a change is told before the editor shows it
  const report = EditorView.updateListener.of((update) => {
    if (update.viewportChanged || update.docChanged) {
      clearTimeout(waiting);
      waiting = setTimeout(() => onSight?.(view.viewport.from, view.viewport.to), 100);
    }
    if ((update.selectionSet || update.docChanged) && update.transactions.some(byUser)) {
      const { from, to } = update.state.selection.main;
      onSelect?.(from, to);
    }
  });

  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const view = new EditorView({
    parent,
    // The engine works while the editor draws: that takes longer than all else of a key.
    dispatchTransactions(transactions, view) {
      for (const transaction of transactions) {
        if (!transaction.docChanged) continue;
        doc = transaction.newDoc;
        onChange?.(listOf(transaction.changes), byUser(transaction));
      }
      view.update(transactions);
    },
    state: EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        lintGutter({ hoverTime: 200 }),
        foldGutter(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSpecialChars(),
        highlightSelectionMatches(),
        drawSelection({ cursorBlinkRate: still ? 0 : 1200 }),
        dropCursor(),
        bracketMatching(),
        history(),
        search({ top: true }),
        linter(null),
        yaml(),
        indentUnit.of("  "),
        EditorState.tabSize.of(2),
        // Tab is bound to nothing: it leaves the editor, as it leaves every other field.
        keymap.of([...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap, ...defaultKeymap]),
        syntaxHighlighting(colours),
        scalarColours,
        highlights,
        theme,
        spoken.of(speaking(label, phrases)),
        locked.of(EditorState.readOnly.of(readOnly)),
        report,
      ],
    }),
  });

  const mark = () => {
    const wanted = marked;
    marked = null;
    // Marks of a text that has changed since would stand in wrong places; others are on their way.
    if (wanted?.doc === view.state.doc) view.dispatch(setDiagnostics(view.state, wanted.diagnostics));
  };

  return {
    /** The whole text. */
    text: () => textOf(doc),

    /** How many UTF-16 units it has. */
    units: () => doc.length,

    /** Replaces the text in one step that the user can undo. */
    setText(next) {
      const doc = Text.of(next.split(/\r\n?|\n/));
      const change = smallestChange(textOf(view.state.doc), doc.toString());
      if (change.from === change.to && change.insert === "") return;
      view.dispatch({ changes: change, annotations: isolateHistory.of("full") });
    },

    /**
     * Shows problems: `[{from, to, severity: "error" | "warning" | "advice", message}]`. It comes behind the next frame: at
     * each change the editor asks where the caret is, and the browser would have to lay out all that the page has just drawn
     * before it can show any of it.
     */
    setMarks(marks) {
      const { doc } = view.state;
      const diagnostics = marks.map(({ severity, message, ...range }) => {
        return { ...clip(doc, range), message, severity: SEVERITY[severity] ?? "info" };
      });
      diagnostics.sort((a, b) => a.from - b.from || a.to - b.to);
      const isComing = marked !== null;
      marked = { doc, diagnostics };
      if (!isComing) requestAnimationFrame(() => setTimeout(mark));
    },

    /** Selects a range and scrolls it into the middle. */
    select(from, to, focus = false) {
      const range = clip(view.state.doc, { from, to });
      view.dispatch({
        selection: { anchor: range.from, head: range.to },
        effects: EditorView.scrollIntoView(range.from, { y: "center" }),
      });
      if (focus) view.focus();
    },

    /** Gives the lines of `[{from, to}]` a soft background, and takes it from all others. */
    highlight(ranges) {
      view.dispatch({ effects: setHighlight.of(linesOf(view.state.doc, ranges)) });
    },

    /** Goes over to another language. */
    speak(label, phrases) {
      view.dispatch({ effects: spoken.reconfigure(speaking(label, phrases)) });
    },

    setReadOnly(value) {
      view.dispatch({ effects: locked.reconfigure(EditorState.readOnly.of(value)) });
    },

    focus: () => view.focus(),
    destroy: () => {
      clearTimeout(waiting);
      marked = null;
      view.destroy();
    },
  };
}
