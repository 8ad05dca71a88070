/** Python's regular expressions: read as `re` reads them, and matched by stepping back, never by those of JavaScript. */
var _a;
import { Class, Dict, Foreign, object, raised, Tuple } from "./objects.mjs";
const SIMPLE = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92 };
const CATEGORIES = {
  d: "DIGIT",
  D: "NOT_DIGIT",
  s: "SPACE",
  S: "NOT_SPACE",
  w: "WORD",
  W: "NOT_WORD",
};
const PLACES = {
  A: "AT_BEGINNING_STRING",
  b: "AT_BOUNDARY",
  B: "AT_NON_BOUNDARY",
  Z: "AT_END_STRING",
};
class Parser {
  chars;
  at = 0;
  groups = 0;
  names = new Map();
  flags;
  pattern;
  constructor(pattern, flags) {
    this.pattern = pattern;
    this.chars = [...pattern];
    this.flags = flags;
  }
  all() {
    const found = this.#branches(this.flags.includes("x"));
    if (this.at < this.chars.length) this.#fail("unbalanced parenthesis");
    return found;
  }
  #fail(says) {
    throw raised("PatternError", `${says} at position ${this.at}`);
  }
  #next() {
    return this.chars[this.at];
  }
  #take(given) {
    if (this.chars.slice(this.at, this.at + given.length).join("") !== given)
      return false;
    this.at += given.length;
    return true;
  }
  #until(end) {
    let found = "";
    while (this.#next() !== end) {
      if (this.#next() === undefined) this.#fail(`missing ${end}`);
      found += this.chars[this.at++];
    }
    this.at++;
    return found;
  }
  #branches(verbose) {
    const found = [this.#sequence(verbose)];
    while (this.#take("|")) found.push(this.#sequence(verbose));
    if (found.length === 1) return found[0];
    const parts = found.map((each) =>
      each.length === 1 ? each[0] : undefined,
    );
    const single = parts.flatMap((each) =>
      each?.op === "LITERAL"
        ? [{ op: "LITERAL", code: each.code }]
        : each?.op === "IN" && !each.negate
          ? [...each.parts]
          : [],
    );
    const isSet = parts.every(
      (each) => each?.op === "LITERAL" || (each?.op === "IN" && !each.negate),
    );
    return [
      isSet
        ? { op: "IN", negate: false, parts: single }
        : { op: "BRANCH", branches: found },
    ];
  }
  #sequence(verbose) {
    const found = [];
    for (;;) {
      const char = this.#next();
      if (char === undefined || char === "|" || char === ")") return found;
      if (verbose && /\s/.test(char)) {
        this.at++;
        continue;
      }
      if (verbose && char === "#") {
        while (this.#next() !== undefined && this.#next() !== "\n") this.at++;
        continue;
      }
      if ("*+?{".includes(char) && this.#isRepeat())
        found.push(this.#repeat(found.pop()));
      else found.push(...this.#atom(verbose));
    }
  }
  #isRepeat() {
    if (this.#next() !== "{") return true;
    return /^\{(?:\d+(?:,\d*)?|,\d+|,)\}/.test(
      this.chars.slice(this.at, this.at + 40).join(""),
    );
  }
  #repeat(item) {
    let [least, most] = [0, Infinity];
    const char = this.chars[this.at++];
    if (char === "+") least = 1;
    else if (char === "?") most = 1;
    else if (char === "{") {
      const [low = "", high] = this.#until("}").split(",");
      least = Number(low || "0");
      most = high === undefined ? least : high === "" ? Infinity : Number(high);
      if (most < least) this.#fail("min repeat greater than max repeat");
    }
    if (!item || item.op === "AT") this.#fail("nothing to repeat");
    if (
      item.op === "MAX_REPEAT" ||
      item.op === "MIN_REPEAT" ||
      item.op === "POSSESSIVE_REPEAT"
    )
      this.#fail("multiple repeat");
    const items =
      item.op === "SUBPATTERN" && item.group === null && !item.on && !item.off
        ? item.items
        : [item];
    const op = this.#take("?")
      ? "MIN_REPEAT"
      : this.#take("+")
        ? "POSSESSIVE_REPEAT"
        : "MAX_REPEAT";
    return { op, least, most, items };
  }
  #atom(verbose) {
    const char = this.chars[this.at++];
    switch (char) {
      case ".":
        return [{ op: "ANY" }];
      case "^":
        return [{ op: "AT", where: "AT_BEGINNING" }];
      case "$":
        return [{ op: "AT", where: "AT_END" }];
      case "[":
        return [this.#set()];
      case "(":
        return this.#group(verbose);
      case "\\":
        return [this.#escape()];
      default:
        return [{ op: "LITERAL", code: char.codePointAt(0) ?? 0 }];
    }
  }
  #group(verbose) {
    if (!this.#take("?")) return [this.#captured(undefined, verbose)];
    if (this.#take("P<")) return [this.#captured(this.#until(">"), verbose)];
    if (this.#take("P="))
      return [{ op: "GROUPREF", group: this.#named(this.#until(")")) }];
    if (this.#take(":"))
      return [
        {
          op: "SUBPATTERN",
          group: null,
          on: "",
          off: "",
          items: this.#inside(verbose),
        },
      ];
    if (this.#take("#")) {
      this.#until(")");
      return [];
    }
    if (this.#take("="))
      return [{ op: "ASSERT", behind: false, items: this.#inside(verbose) }];
    if (this.#take("!"))
      return [
        { op: "ASSERT_NOT", behind: false, items: this.#inside(verbose) },
      ];
    if (this.#take("<="))
      return [{ op: "ASSERT", behind: true, items: this.#inside(verbose) }];
    if (this.#take("<!"))
      return [{ op: "ASSERT_NOT", behind: true, items: this.#inside(verbose) }];
    if (this.#take(">"))
      return [{ op: "ATOMIC_GROUP", items: this.#inside(verbose) }];
    if (this.#take("(")) return [this.#conditional(verbose)];
    return this.#flagged(verbose);
  }
  #captured(name, verbose) {
    const group = ++this.groups;
    if (name !== undefined) {
      if (this.names.has(name))
        this.#fail(`redefinition of group name ${name}`);
      this.names.set(name, group);
    }
    return {
      op: "SUBPATTERN",
      group,
      on: "",
      off: "",
      items: this.#inside(verbose),
    };
  }
  #inside(verbose) {
    const found = this.#branches(verbose);
    if (!this.#take(")")) this.#fail("missing ), unterminated subpattern");
    return found;
  }
  #named(name) {
    const found = this.names.get(name) ?? Number(name);
    if (!(found >= 1 && found <= this.groups))
      this.#fail(`unknown group ${name}`);
    return found;
  }
  #conditional(verbose) {
    const group = this.#named(this.#until(")"));
    const yes = this.#sequence(verbose);
    const no = this.#take("|") ? this.#sequence(verbose) : [];
    if (!this.#take(")")) this.#fail("missing ), unterminated subpattern");
    return { op: "GROUPREF_EXISTS", group, yes, no };
  }
  #flagged(verbose) {
    const begin = this.at;
    let text = "";
    while (/[aiLmsux-]/.test(this.#next() ?? "")) text += this.chars[this.at++];
    const [on = "", off = ""] = text.split("-");
    if (this.#take(":")) {
      const inner = off.includes("x") ? false : verbose || on.includes("x");
      return [
        { op: "SUBPATTERN", group: null, on, off, items: this.#inside(inner) },
      ];
    }
    if (!this.#take(")") || off || !on) this.#fail("unknown extension");
    if (begin !== 2)
      this.#fail("global flags not at the start of the expression");
    this.flags += on;
    if (on.includes("x") && !verbose) {
      this.at = this.chars.length;
      return new _a(
        this.chars.slice(begin + on.length + 1).join(""),
        this.flags,
      ).all();
    }
    return [];
  }
  #escape() {
    const char = this.#next();
    if (char === undefined) this.#fail("bad escape (end of pattern)");
    if (char in PLACES) {
      this.at++;
      return { op: "AT", where: PLACES[char] };
    }
    if (/[1-9]/.test(char)) return this.#reference();
    const part = this.#escapedPart();
    return part.op === "CATEGORY"
      ? { op: "IN", negate: false, parts: [part] }
      : { op: "LITERAL", code: part.code };
  }
  #reference() {
    const octal = /^[0-3][0-7][0-7]/.exec(
      this.chars.slice(this.at, this.at + 3).join(""),
    );
    if (octal) {
      this.at += 3;
      return { op: "LITERAL", code: Number.parseInt(octal[0], 8) };
    }
    const [digits = ""] =
      /^\d{1,2}/.exec(this.chars.slice(this.at, this.at + 2).join("")) ?? [];
    this.at += digits.length;
    if (Number(digits) > this.groups)
      this.#fail(`invalid group reference ${digits}`);
    return { op: "GROUPREF", group: Number(digits) };
  }
  #escapedPart() {
    const char = this.chars[this.at++];
    if (char in CATEGORIES) return { op: "CATEGORY", name: CATEGORIES[char] };
    const length = { x: 2, u: 4, U: 8 }[char];
    if (length !== undefined) {
      const digits = this.chars.slice(this.at, this.at + length).join("");
      if (!new RegExp(`^[0-9a-fA-F]{${length}}$`).test(digits))
        this.#fail(`incomplete escape \\${char}`);
      this.at += length;
      return { op: "LITERAL", code: Number.parseInt(digits, 16) };
    }
    if (char === "0") {
      const [more = ""] =
        /^[0-7]{0,2}/.exec(this.chars.slice(this.at, this.at + 2).join("")) ??
        [];
      this.at += more.length;
      return { op: "LITERAL", code: Number.parseInt(`0${more}`, 8) };
    }
    if (char in SIMPLE) return { op: "LITERAL", code: SIMPLE[char] };
    if (/[a-zA-Z]/.test(char)) this.#fail(`bad escape \\${char}`);
    return { op: "LITERAL", code: char.codePointAt(0) ?? 0 };
  }
  #set() {
    const negate = this.#take("^");
    const parts = [];
    for (let first = true; first || this.#next() !== "]"; first = false) {
      const low = this.#setPart();
      if (
        this.#next() !== "-" ||
        this.chars[this.at + 1] === "]" ||
        this.chars[this.at + 1] === undefined
      ) {
        parts.push(low);
        continue;
      }
      this.at++;
      const high = this.#setPart();
      if (low.op !== "LITERAL" || high.op !== "LITERAL" || high.code < low.code)
        this.#fail("bad character range");
      parts.push({ op: "RANGE", first: low.code, last: high.code });
    }
    this.at++;
    const [only] = parts;
    if (parts.length === 1 && only?.op === "LITERAL")
      return { op: negate ? "NOT_LITERAL" : "LITERAL", code: only.code };
    return { op: "IN", negate, parts };
  }
  #setPart() {
    const char = this.chars[this.at++];
    if (char === undefined) this.#fail("unterminated character set");
    if (char !== "\\") return { op: "LITERAL", code: char.codePointAt(0) ?? 0 };
    if (this.#next() === undefined) this.#fail("bad escape (end of pattern)");
    if (/[1-7]/.test(this.#next() ?? "")) {
      const [digits = ""] =
        /^[0-7]{1,3}/.exec(this.chars.slice(this.at, this.at + 3).join("")) ??
        [];
      this.at += digits.length;
      return { op: "LITERAL", code: Number.parseInt(digits, 8) };
    }
    return this.#escapedPart();
  }
}
_a = Parser;
// --- characters ---
const DIGIT = /^\p{Nd}$/u;
const WORD = /^[\p{L}\p{N}_]$/u;
const SPACE =
  /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u;
const ASCII = {
  DIGIT: /^[0-9]$/,
  WORD: /^[a-zA-Z0-9_]$/,
  SPACE: /^[ \t\n\r\f\v]$/,
};
const UNICODE = { DIGIT, WORD, SPACE };
function isOf(category, code, ascii) {
  const negate = category.startsWith("NOT_");
  const test = (ascii ? ASCII : UNICODE)[negate ? category.slice(4) : category];
  return test.test(String.fromCodePoint(code)) !== negate;
}
const ranges = new Map();
/** The code points of `\d`, `\w` or `\s` as ranges, without NUL and surrogates. */
export function categoryRanges(escape) {
  let known = ranges.get(escape);
  if (!known) {
    const category = CATEGORIES[escape[1] ?? ""] ?? "";
    const found = [];
    let start = -1;
    for (let code = 1; code <= 0x110000; code++) {
      const inside =
        code < 0x110000 &&
        (code < 0xd800 || code > 0xdfff) &&
        isOf(category, code, false);
      if (inside && start < 0) start = code;
      if (!inside && start >= 0) {
        found.push(new Tuple([BigInt(start), BigInt(code - 1)]));
        start = -1;
      }
    }
    ranges.set(escape, (known = new Tuple(found)));
  }
  return known;
}
function flagsOf(text) {
  return {
    ignoreCase: text.includes("i"),
    multiline: text.includes("m"),
    dotAll: text.includes("s"),
    ascii: text.includes("a"),
  };
}
function sequenceStep(items, flags) {
  const steps = items.map((item) => itemStep(item, flags));
  return steps.reduceRight(
    (after, step) => (run, at, then) =>
      step(run, at, (next) => after(run, next, then)),
    (_, at, then) => then(at),
  );
}
function folded(code) {
  const char = String.fromCodePoint(code);
  return [
    code,
    char.toLowerCase().codePointAt(0) ?? code,
    char.toUpperCase().codePointAt(0) ?? code,
  ];
}
function charTest(item, flags) {
  const plain = plainTest(item, flags);
  return plain && flags.ignoreCase && item.op !== "NOT_LITERAL"
    ? (code) => folded(code).some(plain)
    : plain;
}
function plainTest(item, flags) {
  switch (item.op) {
    case "LITERAL":
      return (code) => code === item.code;
    case "NOT_LITERAL":
      return (code) => code !== item.code;
    case "ANY":
      return (code) => flags.dotAll || code !== 10;
    case "IN":
      return (code) =>
        item.parts.some((part) => inPart(part, code, flags)) !== item.negate;
    default:
      return undefined;
  }
}
function inPart(part, code, flags) {
  if (part.op === "CATEGORY") return isOf(part.name, code, flags.ascii);
  return part.op === "RANGE"
    ? part.first <= code && code <= part.last
    : part.code === code;
}
function itemStep(item, flags) {
  const test = charTest(item, flags);
  if (test)
    return ({ codes }, at, then) =>
      at < codes.length && test(codes[at]) && then(at + 1);
  switch (item.op) {
    case "AT":
      return ({ codes }, at, then) =>
        isAt(item.where, codes, at, flags) && then(at);
    case "BRANCH": {
      const steps = item.branches.map((each) => sequenceStep(each, flags));
      return (run, at, then) => steps.some((step) => step(run, at, then));
    }
    case "SUBPATTERN":
      return groupStep(
        item.group,
        sequenceStep(item.items, changed(flags, item.on, item.off)),
      );
    case "MAX_REPEAT":
    case "MIN_REPEAT":
      return repeatStep(item, flags);
    case "POSSESSIVE_REPEAT":
      return atomicStep(repeatStep({ ...item, op: "MAX_REPEAT" }, flags));
    case "ATOMIC_GROUP":
      return atomicStep(sequenceStep(item.items, flags));
    case "ASSERT":
    case "ASSERT_NOT":
      return assertStep(item, flags);
    case "GROUPREF":
      return referenceStep(item.group);
    case "GROUPREF_EXISTS": {
      const [yes, no] = [
        sequenceStep(item.yes, flags),
        sequenceStep(item.no, flags),
      ];
      return (run, at, then) =>
        (run.groups[item.group] ? yes : no)(run, at, then);
    }
    default:
      throw new Error(`no step for ${item.op}`);
  }
}
function changed(flags, on, off) {
  const has = (name, known) =>
    (on.includes(name) || known) && !off.includes(name);
  return {
    ignoreCase: has("i", flags.ignoreCase),
    multiline: has("m", flags.multiline),
    dotAll: has("s", flags.dotAll),
    ascii: on.includes("a") || (flags.ascii && !on.includes("u")),
  };
}
function isAt(where, codes, at, flags) {
  const isWord = (place) =>
    place >= 0 &&
    place < codes.length &&
    isOf("WORD", codes[place], flags.ascii);
  switch (where) {
    case "AT_BEGINNING":
      return at === 0 || (flags.multiline && codes[at - 1] === 10);
    case "AT_BEGINNING_STRING":
      return at === 0;
    case "AT_END":
      return (
        at === codes.length ||
        (codes[at] === 10 && (flags.multiline || at === codes.length - 1))
      );
    case "AT_END_STRING":
      return at === codes.length;
    case "AT_BOUNDARY":
      return isWord(at - 1) !== isWord(at);
    default:
      return isWord(at - 1) === isWord(at) && codes.length > 0;
  }
}
function groupStep(group, inner) {
  if (group === null) return inner;
  return (run, at, then) => {
    const before = run.groups[group];
    if (inner(run, at, (next) => settled(run, group, [at, next], then, next)))
      return true;
    run.groups[group] = before;
    return false;
  };
}
function settled(run, group, span, then, next) {
  const before = run.groups[group];
  run.groups[group] = span;
  if (then(next)) return true;
  run.groups[group] = before;
  return false;
}
function repeatStep(item, flags) {
  const [only] = item.items;
  const test =
    item.items.length === 1 && only ? charTest(only, flags) : undefined;
  if (test)
    return item.op === "MIN_REPEAT"
      ? fewest(test, item.least, item.most)
      : mostOf(test, item.least, item.most);
  const inner = sequenceStep(item.items, flags);
  const lazy = item.op === "MIN_REPEAT";
  const from = (run, at, count, then) => {
    const again = () =>
      count < item.most &&
      inner(
        run,
        at,
        (next) =>
          (next !== at || count < item.least) &&
          from(run, next, count + 1, then),
      );
    if (count < item.least) return again();
    return lazy ? then(at) || again() : again() || then(at);
  };
  return (run, at, then) => from(run, at, 0, then);
}
function mostOf(test, least, most) {
  return ({ codes }, at, then) => {
    let end = at;
    while (end < codes.length && end - at < most && test(codes[end])) end++;
    for (; end - at >= least; end--) if (then(end)) return true;
    return false;
  };
}
function fewest(test, least, most) {
  return ({ codes }, at, then) => {
    for (let end = at; ; end++) {
      if (end - at >= least && then(end)) return true;
      if (end >= codes.length || end - at >= most || !test(codes[end]))
        return false;
    }
  };
}
function atomicStep(inner) {
  return (run, at, then) => {
    let found = -1;
    return inner(run, at, (next) => ((found = next), true)) && then(found);
  };
}
function assertStep(item, flags) {
  const inner = sequenceStep(item.items, flags);
  const holds = (run, at) => {
    if (!item.behind) return inner(run, at, () => true);
    for (let start = at; start >= 0; start--)
      if (inner(run, start, (next) => next === at)) return true;
    return false;
  };
  return (run, at, then) =>
    holds(run, at) === (item.op === "ASSERT") && then(at);
}
function referenceStep(group) {
  return (run, at, then) => {
    const span = run.groups[group];
    if (!span) return false;
    const text = run.codes.slice(...span);
    return (
      text.every((code, i) => run.codes[at + i] === code) &&
      then(at + text.length)
    );
  };
}
// --- what Python sees ---
const patternClass = new Class("Pattern", [object]);
const matchClass = new Class("Match", [object]);
export class Match extends Foreign {
  codes;
  groups;
  names;
  constructor(codes, groups, names) {
    super();
    this.codes = codes;
    this.groups = groups;
    this.names = names;
  }
  get cls() {
    return matchClass;
  }
  get key() {
    return `match${this.group(0n)}`;
  }
  text() {
    return this.group(0n) ?? "";
  }
  group(which) {
    const number =
      typeof which === "string" ? this.names.get(which) : Number(which);
    const span = this.groups[number ?? -1];
    return span ? String.fromCodePoint(...this.codes.slice(...span)) : null;
  }
  attribute(name) {
    const span = this.groups[0];
    switch (name) {
      case "start":
        return () => BigInt(span[0]);
      case "end":
        return () => BigInt(span[1]);
      case "group":
        return (which = 0n) => this.group(which);
      case "groups":
        return () =>
          new Tuple(
            this.groups.slice(1).map((_, i) => this.group(BigInt(i + 1))),
          );
      case "groupdict":
        return (missing = null) =>
          new Dict(
            [...this.names.keys()].map((each) => [
              each,
              this.group(each) ?? missing,
            ]),
          );
      default:
        return undefined;
    }
  }
}
export class Pattern extends Foreign {
  #step;
  #parser;
  pattern;
  constructor(pattern, flags = "") {
    super();
    this.pattern = pattern;
    this.#parser = new Parser(pattern, flags);
    const items = this.#parser.all();
    this.#step = sequenceStep(items, flagsOf(this.#parser.flags));
  }
  get cls() {
    return patternClass;
  }
  get key() {
    return `p${this.pattern}`;
  }
  text() {
    return `re.compile(${JSON.stringify(this.pattern)})`;
  }
  run(text, start, whole, codes = codesOf(text)) {
    const run = {
      codes,
      groups: new Array(this.#parser.groups + 1).fill(undefined),
    };
    let end = -1;
    if (
      !this.#step(
        run,
        start,
        (at) => (!whole || at === codes.length) && ((end = at), true),
      )
    )
      return null;
    run.groups[0] = [start, end];
    return new Match(codes, run.groups, this.#parser.names);
  }
  search(text, from = 0, codes = codesOf(text)) {
    for (let start = from; start <= codes.length; start++) {
      const found = this.run(text, start, false, codes);
      if (found) return found;
    }
    return null;
  }
  all(text) {
    const codes = codesOf(text);
    const found = [];
    for (let at = 0; at <= codes.length;) {
      const match = this.search(text, at, codes);
      if (!match) break;
      found.push(match);
      const [start, end] = match.groups[0];
      at = end > start ? end : end + 1;
    }
    return found;
  }
  replaced(text, replace) {
    const codes = codesOf(text);
    let [out, at] = ["", 0];
    for (const match of this.all(text)) {
      const [start, end] = match.groups[0];
      out += String.fromCodePoint(...codes.slice(at, start)) + replace(match);
      at = end;
    }
    return out + String.fromCodePoint(...codes.slice(at));
  }
  split(text) {
    const codes = codesOf(text);
    const found = [];
    let at = 0;
    for (const match of this.all(text)) {
      const [start, end] = match.groups[0];
      found.push(
        String.fromCodePoint(...codes.slice(at, start)),
        ...match.groups.slice(1).map((_, i) => match.group(BigInt(i + 1))),
      );
      at = end;
    }
    return [...found, String.fromCodePoint(...codes.slice(at))];
  }
  attribute(name) {
    switch (name) {
      case "pattern":
        return this.pattern;
      case "search":
        return (text) => this.search(text);
      case "match":
        return (text) => this.run(text, 0, false);
      case "fullmatch":
        return (text) => this.run(text, 0, true);
      case "finditer":
        return (text) => this.all(text);
      case "split":
        return (text) => this.split(text);
      default:
        return undefined;
    }
  }
}
function codesOf(text) {
  return [...text].map((char) => char.codePointAt(0) ?? 0);
}
/** What `re.escape` gives. */
export function escaped(text) {
  return text.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, "\\$&");
}
const parsedClass = new Class("SubPattern", [object]);
/** A pattern as `re._parser.parse` gives it: tuples of an operator's name and its argument. */
export class Parsed extends Foreign {
  #items;
  #flags;
  constructor(pattern) {
    super();
    const parser = new Parser(pattern, "");
    this.#items = shown(parser.all());
    this.#flags = parser.flags;
  }
  get cls() {
    return parsedClass;
  }
  get key() {
    return "parsed";
  }
  text() {
    return "parsed";
  }
  [Symbol.iterator]() {
    return this.#items[Symbol.iterator]();
  }
  attribute(name) {
    return name === "state"
      ? this
      : name === "flags"
        ? this.#flags
          ? 2n
          : 32n
        : undefined;
  }
}
function shown(items) {
  return items.flatMap((item) =>
    item.op === "SUBPATTERN" && item.group === null && !item.on && !item.off
      ? shown(item.items)
      : [new Tuple([item.op, argument(item)])],
  );
}
function argument(item) {
  switch (item.op) {
    case "LITERAL":
    case "NOT_LITERAL":
      return BigInt(item.code);
    case "ANY":
      return null;
    case "IN":
      return [
        ...(item.negate ? [new Tuple(["NEGATE", null])] : []),
        ...item.parts.map(shownPart),
      ];
    case "AT":
      return item.where;
    case "BRANCH":
      return new Tuple([null, item.branches.map(shown)]);
    case "SUBPATTERN":
      return new Tuple([
        item.group === null ? null : BigInt(item.group),
        item.on ? 1n : 0n,
        item.off ? 1n : 0n,
        shown(item.items),
      ]);
    case "MAX_REPEAT":
    case "MIN_REPEAT":
    case "POSSESSIVE_REPEAT":
      return new Tuple([
        BigInt(item.least),
        item.most === Infinity ? "MAXREPEAT" : BigInt(item.most),
        shown(item.items),
      ]);
    default:
      return null;
  }
}
function shownPart(part) {
  if (part.op === "CATEGORY")
    return new Tuple(["CATEGORY", `CATEGORY_${part.name}`]);
  if (part.op === "RANGE")
    return new Tuple([
      "RANGE",
      new Tuple([BigInt(part.first), BigInt(part.last)]),
    ]);
  return new Tuple(["LITERAL", BigInt(part.code)]);
}
