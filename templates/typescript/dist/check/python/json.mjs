/** JSON as Python reads and writes it: 1 is an int, 1.0 is a float, objects keep their order. */
import { floatText } from "./numbers.mjs";
import { Dict, isText, raised, Tuple } from "./objects.mjs";
import { compareText, textOf } from "./strings.mjs";
const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*))(\.\d+)?([eE][+-]?\d+)?|(true|false|null|NaN|-?Infinity))/y;
const WORDS = {
  true: true,
  false: false,
  null: null,
  NaN: NaN,
  Infinity: Infinity,
  "-Infinity": -Infinity,
};
/** Raises JSONDecodeError. */
export function loads(text) {
  let at = 0;
  const fail = () => {
    throw raised("JSONDecodeError", `Expecting value: char ${at}`);
  };
  const token = () => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text) ?? fail();
    at = TOKEN.lastIndex;
    return found;
  };
  const value = (given) => {
    const [, mark, string, whole, part, power, word] = given;
    if (mark === "{") return members();
    if (mark === "[") return items();
    if (string !== undefined) return JSON.parse(string);
    if (whole !== undefined)
      return (part ?? power)
        ? Number(`${whole}${part ?? ""}${power ?? ""}`)
        : BigInt(whole);
    return word === undefined ? fail() : WORDS[word];
  };
  const members = () => {
    const found = new Dict();
    let next = token();
    if (next[1] === "}") return found;
    for (;;) {
      if (next[2] === undefined || token()[1] !== ":") fail();
      found.set(JSON.parse(next[2]), value(token()));
      const after = token()[1];
      if (after === "}") return found;
      if (after !== ",") fail();
      next = token();
    }
  };
  const items = () => {
    const found = [];
    let next = token();
    if (next[1] === "]") return found;
    for (;;) {
      found.push(value(next));
      const after = token()[1];
      if (after === "]") return found;
      if (after !== ",") fail();
      next = token();
    }
  };
  const found = value(token());
  if (!/^[ \t\n\r]*$/.test(text.slice(at))) fail();
  return found;
}
/** A text in quotes. */
export function quoted(text, ascii) {
  const shown = JSON.stringify(text).replace(/\\u[0-9a-f]{4}/g, (half) =>
    ascii || half <= "\\u001f"
      ? half
      : String.fromCharCode(Number.parseInt(half.slice(2), 16)),
  );
  if (!ascii) return shown;
  return shown.replace(
    /[\x7f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
export function dumps(value, form, depth = 0) {
  switch (typeof value) {
    case "string":
      return quoted(value, form.ascii);
    case "bigint":
      return value.toString();
    case "boolean":
      return String(value);
    case "number":
      return Number.isFinite(value)
        ? floatText(value)
        : Number.isNaN(value)
          ? "NaN"
          : value < 0
            ? "-Infinity"
            : "Infinity";
  }
  if (value === null) return "null";
  if (isText(value)) return quoted(textOf(value), form.ascii);
  if (value instanceof Array || value instanceof Tuple) {
    const items = value instanceof Tuple ? value.items : value;
    return block(
      "[",
      "]",
      items.map((each) => dumps(each, form, depth + 1)),
      form,
      depth,
    );
  }
  if (value instanceof Dict) {
    const pairs = value.pairs().map(([key, each]) => [keyText(key), each]);
    if (form.sorted) pairs.sort(([one], [other]) => compareText(one, other));
    return block(
      "{",
      "}",
      pairs.map(
        ([key, each]) =>
          `${quoted(key, form.ascii)}: ${dumps(each, form, depth + 1)}`,
      ),
      form,
      depth,
    );
  }
  throw raised("TypeError", "Object is not JSON serializable");
}
function keyText(key) {
  if (typeof key === "boolean") return String(key);
  return key === null ? "null" : textOf(key);
}
function block(left, right, parts, form, depth) {
  if (form.indent === undefined || !parts.length)
    return left + parts.join(", ") + right;
  const pad = "\n" + " ".repeat(form.indent * (depth + 1));
  return (
    left +
    pad +
    parts.join(`,${pad}`) +
    "\n" +
    " ".repeat(form.indent * depth) +
    right
  );
}
