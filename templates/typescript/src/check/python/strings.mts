/** Text as Python has it: characters are code points. */

import { floatText } from "./numbers.mjs";
import {
  Bytes,
  call,
  Class,
  classOf,
  Dict,
  Foreign,
  Func,
  Instance,
  isText,
  iter,
  type Keywords,
  Native,
  PySet,
  raised,
  Tuple,
  type Value,
} from "./objects.mjs";

/** The characters; a text without any beyond the first 65,536 is its own. */
export function characters(text: string): string | string[] {
  return /[\ud800-\udfff]/.test(text) ? [...text] : text;
}

export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  const [a, b] = [[...one], [...other]];
  for (let i = 0; i < a.length && i < b.length; i++) {
    const way = (a[i]!.codePointAt(0) ?? 0) - (b[i]!.codePointAt(0) ?? 0);
    if (way) return way;
  }
  return a.length - b.length;
}

export function textOf(value: Value): string {
  if (typeof value === "string") return value;
  if (isText(value)) return textOf(value.held["value"]);
  if (value instanceof Foreign) return value.text();
  if (value instanceof Instance) {
    const own = value.cls.find("__str__");
    if (own !== undefined) return call(own, [value]);
    if ("args" in value.held) return exceptionText(value);
  }
  return reprOf(value);
}

function exceptionText(value: Instance): string {
  const { items } = value.held["args"] as Tuple;
  if (items.length === 0) return "";
  if (items.length > 1) return reprOf(value.held["args"]);
  return value.cls.mro.some(({ name }) => name === "KeyError") ? reprOf(items[0]) : textOf(items[0]);
}

export function reprOf(value: Value): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "True" : "False";
    case "number":
      return floatText(value);
  }
  if (value === null) return "None";
  if (value instanceof Array) return `[${value.map(reprOf).join(", ")}]`;
  if (value instanceof Tuple) return `(${value.items.map(reprOf).join(", ")}${value.items.length === 1 ? "," : ""})`;
  if (value instanceof Dict)
    return `{${value
      .pairs()
      .map(([key, each]) => `${reprOf(key)}: ${reprOf(each)}`)
      .join(", ")}}`;
  if (value instanceof PySet) {
    const inside = value.size ? `{${value.values().map(reprOf).join(", ")}}` : "";
    return value.frozen ? `frozenset(${inside})` : inside || "set()";
  }
  if (value instanceof Foreign) return value.repr();
  if (value instanceof Instance) return instanceRepr(value);
  if (value instanceof Class) return `<class '${value.name}'>`;
  return `<${classOf(value).name}>`;
}

function instanceRepr(value: Instance): string {
  const own = value.cls.find("__repr__");
  if (own !== undefined) return call(own, [value]);
  if (value.cls.options) return `<${value.cls.name}.${value.held["name"]}: ${reprOf(value.held["value"])}>`;
  if (value.cls.fields)
    return `${value.cls.name}(${value.cls.fields.map(({ name }) => `${name}=${reprOf(value.held[name])}`).join(", ")})`;
  if ("args" in value.held) return `${value.cls.name}(${(value.held["args"] as Tuple).items.map(reprOf).join(", ")})`;
  return `<${value.cls.name} object>`;
}

const ESCAPED: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = [...text].map((each) => {
    if (each === quote) return `\\${each}`;
    if (each in ESCAPED) return ESCAPED[each]!;
    if (isPrintable(each)) return each;
    const code = each.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return code < 256
      ? `\\x${hex.padStart(2, "0")}`
      : code < 65536
        ? `\\u${hex.padStart(4, "0")}`
        : `\\U${hex.padStart(8, "0")}`;
  });
  return quote + body.join("") + quote;
}

function isPrintable(char: string): boolean {
  return char === " " || !/[\p{C}\p{Z}]/u.test(char);
}

/** An f-string's `{value!conversion:spec}`. */
export function formatted(value: Value, conversion: string, spec: string): string {
  const shown = conversion === "r" ? reprOf(value) : conversion === "s" ? textOf(value) : value;
  if (spec === "") return textOf(shown);
  const match = /^(?:(.)?([<>=^]))?(0)?(\d+)?(?:\.(\d+))?([a-zA-Z])?$/u.exec(spec);
  if (!match) throw raised("ValueError", `format ${spec}`);
  const [, fill, align, zero, width, , kind] = match;
  const text = inForm(shown, kind ?? "");
  const least = Number(width ?? 0);
  if (zero) return text.startsWith("-") ? `-${text.slice(1).padStart(least - 1, "0")}` : text.padStart(least, "0");
  const right = align === ">" || (!align && typeof shown !== "string");
  return right ? text.padStart(least, fill ?? " ") : text.padEnd(least, fill ?? " ");
}

function inForm(value: Value, kind: string): string {
  if (kind === "x") return (value as bigint).toString(16);
  if (kind === "f" && value instanceof Foreign) return (value as Value).fixed();
  if (kind === "E" && value instanceof Foreign) return (value as Value).scientific();
  if (kind === "" || kind === "d" || kind === "s") return textOf(value);
  throw raised("ValueError", `format ${kind}`);
}

type Method = (self: string, args: Value[], keywords: Keywords) => Value;

const SPACE = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u;

function stripped(text: string, chars: Value, left: boolean, right: boolean): string {
  const all = [...text];
  const drop = (char: string): boolean =>
    chars === undefined || chars === null ? SPACE.test(char) : [...chars].includes(char);
  let [start, end] = [0, all.length];
  while (left && start < end && drop(all[start]!)) start++;
  while (right && end > start && drop(all[end - 1]!)) end--;
  return all.slice(start, end).join("");
}

function every(text: string, test: RegExp): boolean {
  return text !== "" && [...text].every((char) => test.test(char));
}

/** Lines as `splitlines` has them. */
function lines(text: string, keep: boolean): string[] {
  const found =
    text.match(
      /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g,
    ) ?? [];
  return keep ? found : found.map((line) => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ""));
}

function split(text: string, separator: Value, most: Value): string[] {
  if (separator === undefined || separator === null)
    return stripped(text, null, true, true)
      .split(/[\s\x1c-\x1f\x85]+/u)
      .filter(Boolean);
  const parts = text.split(separator);
  const count = most === undefined || most < 0n ? parts.length : Number(most);
  return parts.length <= count + 1 ? parts : [...parts.slice(0, count), parts.slice(count).join(separator)];
}

function rsplit(text: string, separator: string, most: Value): string[] {
  const parts = text.split(separator);
  const count = most === undefined ? parts.length : Number(most);
  if (parts.length <= count + 1) return parts;
  const head = parts.length - count;
  return [parts.slice(0, head).join(separator), ...parts.slice(head)];
}

const many = (given: Value): string[] => (given instanceof Tuple ? [...given.items] : [given]);

export const methods: Record<string, Method> = {
  join: (self, [parts]) => [...iter(parts)].map(textOf).join(self),
  startswith: (self, [given]) => many(given).some((each) => self.startsWith(each)),
  endswith: (self, [given]) => many(given).some((each) => self.endsWith(each)),
  removeprefix: (self, [given]) => (given && self.startsWith(given) ? self.slice(given.length) : self),
  removesuffix: (self, [given]) => (given && self.endsWith(given) ? self.slice(0, -given.length) : self),
  strip: (self, [chars]) => stripped(self, chars, true, true),
  lstrip: (self, [chars]) => stripped(self, chars, true, false),
  rstrip: (self, [chars]) => stripped(self, chars, false, true),
  split: (self, [separator, most]) => split(self, separator, most),
  rsplit: (self, [separator, most]) => rsplit(self, separator, most),
  splitlines: (self, [keep], { keepends }) => lines(self, Boolean(keep ?? keepends)),
  partition(self, [given]) {
    const at = self.indexOf(given);
    return new Tuple(at < 0 ? [self, "", ""] : [self.slice(0, at), given, self.slice(at + given.length)]);
  },
  rpartition(self, [given]) {
    const at = self.lastIndexOf(given);
    return new Tuple(at < 0 ? ["", "", self] : [self.slice(0, at), given, self.slice(at + given.length)]);
  },
  replace: (self, [old, now]) => self.split(old).join(now),
  lower: (self) => self.toLowerCase(),
  upper: (self) => self.toUpperCase(),
  ljust: (self, [width, fill]) => self.padEnd(Number(width), fill ?? " "),
  rjust: (self, [width, fill]) => self.padStart(Number(width), fill ?? " "),
  count: (self, [given]) => BigInt(self.split(given).length - 1),
  find: (self, [given]) =>
    BigInt([...self.slice(0, self.indexOf(given))].length) * (self.includes(given) ? 1n : 0n) -
    (self.includes(given) ? 0n : 1n),
  isascii: (self) => /^[\x00-\x7f]*$/.test(self),
  islower: (self) => /\p{Lowercase}/u.test(self) && !/\p{Uppercase}|\p{Lt}/u.test(self),
  isupper: (self) => /\p{Uppercase}/u.test(self) && !/\p{Lowercase}|\p{Lt}/u.test(self),
  isdigit: (self) => every(self, /\p{Nd}|[\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]/u),
  isprintable: (self) => [...self].every(isPrintable),
  isspace: (self) => every(self, SPACE),
  encode(self) {
    const half = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(self);
    if (half) throw raised("UnicodeEncodeError", "surrogates not allowed");
    return new Bytes(new TextEncoder().encode(self));
  },
};

export function isCallable(value: Value): boolean {
  return value instanceof Func || value instanceof Native || value instanceof Class;
}
