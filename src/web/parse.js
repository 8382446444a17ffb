// The parser of the colours, kept from doing more than the page has time and room for.

import { ParseContext } from "@codemirror/language";

/** A text up to this length is read as a whole: what comes into sight has its colours already. */
const SMALL = 100_000;
/** So much around what is in sight is read too. */
const AROUND = 2_000;
/** So far from there a place is looked for where YAML can be entered. */
const REACH = 200_000;

/** Changes how a parser is started. */
export function bridle(parser) {
  const nothing = parser.parse("");
  const tree = (children, positions, length) => new nothing.constructor(nothing.type, children, positions, length);
  const start = parser.createParse.bind(parser);
  parser.createParse = (input, fragments, ranges) => {
    const context = ParseContext.get();
    if (!context || input.length <= SMALL || ranges.length > 1) return patient(start(input, fragments, ranges), { from: 0, to: input.length }, tree);
    const part = around(context.state.doc, context.viewport);
    return partial(patient(start(input, fragments, [part]), part, tree), input, part, context);
  };
}

/**
 * The parser calls itself for each level of nesting. Ten thousand brackets are more than the browser's stack holds, and an
 * editor that throws takes no text: what the parser cannot read has no colours.
 */
function patient(parse, { from, to }, tree) {
  const advance = parse.advance.bind(parse);
  parse.advance = () => {
    try {
      return advance();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return tree([], [], (parse.stoppedAt ?? to) - from);
    }
  };
  return parse;
}

/** The documents of a large text that are in sight, with those next to them. YAML can be entered at each `---`. */
function around(doc, { from, to }) {
  const first = Math.max(0, from - AROUND);
  const last = Math.min(doc.length, Math.min(to, from + REACH) + AROUND);
  const before = doc.sliceString(Math.max(0, first - REACH), first);
  const behind = doc.sliceString(last, last + REACH);
  return { from: first - before.length + entry(before, first), to: last + exit(behind, doc.length - last) };
}

/** Where to begin in what stands in front of a place: at a marker, at least at a line that is not indented. */
function entry(text, length) {
  const marker = text.lastIndexOf("\n---");
  if (marker >= 0) return marker + 1;
  if (text.length === length) return 0;
  for (let at = text.lastIndexOf("\n"); at >= 0; at = text.lastIndexOf("\n", at - 1)) {
    if (/[\w"'-]/.test(text.charAt(at + 1))) return at + 1;
    if (at === 0) break;
  }
  return text.indexOf("\n") + 1;
}

/** Where to end in what stands behind a place. */
function exit(text, length) {
  const marker = text.indexOf("\n---");
  if (marker >= 0) return marker + 1;
  return text.length === length ? length : Math.max(0, text.indexOf("\n") + 1);
}

/** The parse of a part, as one of the whole text of which the rest is to be read when it comes into sight. */
function partial(parse, input, { from, to }, context) {
  return {
    get parsedPos() {
      return parse.parsedPos;
    },
    stoppedAt: null,
    stopAt(place) {
      this.stoppedAt = place;
      if (place < to) parse.stopAt(Math.max(place, from));
    },
    advance() {
      const own = parse.advance();
      if (!own) return null;
      const end = this.stoppedAt ?? input.length;
      const rest = [{ from: 0, to: from }, { from: to, to: end }].filter((range) => range.from < range.to);
      // Those of the parse before count no more: with each key there would be one pair more.
      context.skipped = [];
      rest.forEach((range) => context.skipUntilInView(range.from, range.to));
      return new own.constructor(own.type, own.children, own.positions.map((place) => place + from), Math.max(end, from + own.length));
    },
  };
}
