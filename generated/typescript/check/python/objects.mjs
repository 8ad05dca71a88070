/**
 * Python's objects, as the translated checker holds them.
 *
 * None is null, bool is boolean, int is bigint, float is number, str is string, list is Array, a generator is a generator.
 * Everything else is a class of this file or of `numbers.mts`, `times.mts` and `regex.mts`.
 */
export class Tuple {
  cached;
  items;
  constructor(items) {
    this.items = items;
  }
}
/** What a field of a dataclass has for a default if it has none. */
export const nothing = Symbol("nothing");
let classes = 0;
export class Class {
  id = ++classes;
  members = new Map();
  mro;
  /** Of a dataclass. */
  fields;
  /** Equal by its fields, and by these hashed. */
  byValue = false;
  ordered = false;
  /** Of an enum, in order. */
  options;
  /** Makes an instance, in place of the usual way. */
  construct;
  name;
  bases;
  annotated;
  constructor(name, bases = [], annotated = []) {
    this.name = name;
    this.bases = bases;
    this.annotated = annotated;
    const seen = new Set([this]);
    for (const base of bases) for (const each of base.mro) seen.add(each);
    this.mro = [...seen];
  }
  find(name) {
    for (const each of this.mro)
      if (each.members.has(name)) return each.members.get(name);
    return undefined;
  }
}
export class Instance {
  cached;
  held = Object.create(null);
  cls;
  constructor(cls) {
    this.cls = cls;
  }
}
/** A function of the translation. */
export class Func {
  name;
  positional;
  keyword;
  defaults;
  rest;
  code;
  constructor(name, positional, keyword, defaults, rest, code) {
    this.name = name;
    this.positional = positional;
    this.keyword = keyword;
    this.defaults = defaults;
    this.rest = rest;
    this.code = code;
  }
}
/** A function of this library. */
export class Native {
  name;
  code;
  constructor(name, code) {
    this.name = name;
    this.code = code;
  }
}
export class Bound {
  self;
  callee;
  constructor(self, callee) {
    this.self = self;
    this.callee = callee;
  }
}
export class Property {
  getter;
  kept;
  constructor(getter, kept) {
    this.getter = getter;
    this.kept = kept;
  }
}
/** Several classes, `A | B`. */
export class Union {
  members;
  constructor(members) {
    this.members = members;
  }
}
export class Module {
  members = new Map();
  name;
  constructor(name) {
    this.name = name;
  }
}
export class Bytes {
  octets;
  constructor(octets) {
    this.octets = octets;
  }
}
export class Range {
  start;
  stop;
  step;
  constructor(start, stop, step) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
  get length() {
    const way =
      this.step > 0n ? this.stop - this.start : this.start - this.stop;
    const step = this.step > 0n ? this.step : -this.step;
    return way <= 0n ? 0n : (way + step - 1n) / step;
  }
  *[Symbol.iterator]() {
    const count = this.length;
    for (let i = 0n; i < count; i++) yield this.start + i * this.step;
  }
}
/** A value of the standard library: a decimal, a date, a compiled pattern. */
export class Foreign {
  repr() {
    return `${this.cls.name}('${this.text()}')`;
  }
  attribute(_name) {
    return undefined;
  }
  /** Less than 0, 0, more than 0; undefined if the two cannot be compared. */
  compare(_other) {
    return undefined;
  }
  /** The result of an operator; undefined if it has none. `flipped`: `other` stands on the left. */
  operate(_operator, _other, _flipped) {
    return undefined;
  }
  truth() {
    return true;
  }
}
const identities = new WeakMap();
let identified = 0n;
/** Another number for every object. */
export function identity(value) {
  let found = identities.get(value);
  if (found === undefined) identities.set(value, (found = ++identified));
  return found;
}
/** Values with one key are one key of a dictionary. */
export function keyOf(value) {
  switch (typeof value) {
    case "string":
      return `s${value}`;
    case "bigint":
      return `i${value}`;
    case "boolean":
      return value ? "i1" : "i0";
    case "number":
      return Number.isInteger(value) ? `i${BigInt(value)}` : `f${value}`;
  }
  if (value === null) return "N";
  if (value instanceof Tuple)
    return (value.cached ??= `(${joinedKeys(value.items)})`);
  if (value instanceof PySet && value.frozen)
    return (value.cached ??= `{${[...value.map.keys()].sort().map(sized).join("")}}`);
  if (value instanceof Foreign) return value.key;
  if (value instanceof Instance) {
    if (value.cls.options) return keyOf(value.held["value"]);
    if (value.cls.byValue)
      return (value.cached ??= `d${value.cls.id}(${joinedKeys(comparedFields(value))})`);
    return `o${identity(value)}`;
  }
  if (value instanceof Class) return `c${value.id}`;
  if (value instanceof Array || value instanceof Dict || value instanceof PySet)
    throw raised("TypeError", `unhashable type: '${classOf(value).name}'`);
  return `o${identity(value)}`;
}
export function comparedFields(value) {
  return (value.cls.fields ?? [])
    .filter(({ compare }) => compare)
    .map(({ name }) => value.held[name]);
}
function joinedKeys(values) {
  return values.map((value) => sized(keyOf(value))).join("");
}
function sized(key) {
  return `${key.length}:${key}`;
}
export class Dict {
  map = new Map();
  constructor(pairs = []) {
    for (const [key, value] of pairs) this.set(key, value);
  }
  get size() {
    return this.map.size;
  }
  has(key) {
    return this.map.has(keyOf(key));
  }
  /** undefined if it is not there. */
  get(key) {
    return this.map.get(keyOf(key))?.[1];
  }
  set(key, value) {
    const known = keyOf(key);
    const entry = this.map.get(known);
    if (entry) entry[1] = value;
    else this.map.set(known, [key, value]);
  }
  delete(key) {
    return this.map.delete(keyOf(key));
  }
  keys() {
    return [...this.map.values()].map(([key]) => key);
  }
  values() {
    return [...this.map.values()].map(([, value]) => value);
  }
  pairs() {
    return [...this.map.values()];
  }
}
export class PySet {
  map = new Map();
  cached;
  frozen;
  constructor(values = [], frozen = false) {
    this.frozen = frozen;
    for (const value of values) this.add(value);
  }
  get size() {
    return this.map.size;
  }
  has(value) {
    return this.map.has(keyOf(value));
  }
  add(value) {
    const key = keyOf(value);
    if (!this.map.has(key)) this.map.set(key, value);
  }
  delete(value) {
    return this.map.delete(keyOf(value));
  }
  values() {
    return [...this.map.values()];
  }
}
// --- classes that are there from the beginning ---
export const object = new Class("object");
const known = (name, ...bases) =>
  new Class(name, bases.length ? bases : [object]);
export const type = known("type");
export const NoneType = known("NoneType");
export const int = known("int");
export const bool = known("bool", int);
export const float = known("float");
export const str = known("str");
export const bytes = known("bytes");
export const list = known("list");
export const tuple = known("tuple");
export const dict = known("dict");
export const set = known("set");
export const frozenset = known("frozenset");
export const range = known("range");
export const property = known("property");
export const func = known("function");
export const module = known("module");
export const generator = known("generator");
/** By name. */
export const exceptions = Object.create(null);
for (const [name, base] of [
  ["BaseException", ""],
  ["Exception", "BaseException"],
  ["ValueError", "Exception"],
  ["UnicodeError", "ValueError"],
  ["UnicodeEncodeError", "UnicodeError"],
  ["TypeError", "Exception"],
  ["LookupError", "Exception"],
  ["KeyError", "LookupError"],
  ["IndexError", "LookupError"],
  ["AttributeError", "Exception"],
  ["AssertionError", "Exception"],
  ["RuntimeError", "Exception"],
  ["RecursionError", "RuntimeError"],
  ["ArithmeticError", "Exception"],
  ["OverflowError", "ArithmeticError"],
  ["ZeroDivisionError", "ArithmeticError"],
  ["StopIteration", "Exception"],
  ["JSONDecodeError", "ValueError"],
  ["PatternError", "Exception"],
])
  exceptions[name] = known(name, exceptions[base] ?? object);
/** An exception on its way, with the stack of JavaScript. */
export class Raised extends Error {
  value;
  constructor(value) {
    super(`${value.cls.name}: ${String(value.held["args"]?.items[0] ?? "")}`);
    this.value = value;
  }
}
/** An exception of Python's own, to be thrown. */
export function raised(name, ...args) {
  return new Raised(exception(name, ...args));
}
export function exception(name, ...args) {
  const error = new Instance(exceptions[name]);
  error.held["args"] = new Tuple(args);
  return error;
}
export function classOf(value) {
  switch (typeof value) {
    case "string":
      return str;
    case "bigint":
      return int;
    case "boolean":
      return bool;
    case "number":
      return float;
  }
  if (value === null) return NoneType;
  if (value instanceof Instance || value instanceof Foreign) return value.cls;
  if (value instanceof Array) return list;
  if (value instanceof Tuple) return tuple;
  if (value instanceof Dict) return dict;
  if (value instanceof PySet) return value.frozen ? frozenset : set;
  if (value instanceof Class) return type;
  if (value instanceof Bytes) return bytes;
  if (value instanceof Range) return range;
  if (value instanceof Module) return module;
  if (
    value instanceof Func ||
    value instanceof Native ||
    value instanceof Bound
  )
    return func;
  return generator;
}
export function isInstance(value, wanted) {
  if (wanted instanceof Class)
    return (
      classOf(value).mro.includes(wanted) || (wanted === str && isText(value))
    );
  const members = wanted instanceof Union ? wanted.members : wanted.items;
  return members.some((each) => isInstance(value, each));
}
/** A member of an enum whose members are texts. */
export function isText(value) {
  return value instanceof Instance && value.cls.options !== undefined;
}
// --- calls ---
export function call(callee, args, keywords) {
  if (callee instanceof Func)
    return callee.code(...bound(callee, args, keywords));
  if (callee instanceof Native) return callee.code(args, keywords ?? {});
  if (callee instanceof Bound)
    return call(callee.callee, [callee.self, ...args], keywords);
  if (callee instanceof Class) return instance(callee, args, keywords ?? {});
  const own =
    callee instanceof Instance ? callee.cls.find("__call__") : undefined;
  if (own !== undefined) return call(own, [callee, ...args], keywords);
  throw raised("TypeError", `'${classOf(callee).name}' object is not callable`);
}
function bound(callee, args, keywords) {
  const { positional, keyword, defaults, rest } = callee;
  if (
    !keywords &&
    rest === null &&
    !keyword.length &&
    args.length === positional.length
  )
    return args;
  const given = keywords ?? {};
  const take = (name) => {
    if (name in given) return given[name];
    if (name in defaults) return defaults[name];
    throw raised(
      "TypeError",
      `${callee.name}() missing required argument: '${name}'`,
    );
  };
  const found = positional.map((name, i) =>
    i < args.length ? args[i] : take(name),
  );
  if (rest !== null) found.push(new Tuple(args.slice(positional.length)));
  else if (args.length > positional.length)
    throw raised(
      "TypeError",
      `${callee.name}() takes ${positional.length} arguments but ${args.length} were given`,
    );
  found.push(...keyword.map(take));
  for (const name in given)
    if (!positional.includes(name) && !keyword.includes(name))
      throw raised(
        "TypeError",
        `${callee.name}() got an unexpected keyword argument '${name}'`,
      );
  return found;
}
function instance(cls, args, keywords) {
  if (cls.options) return optionOf(cls, args[0]);
  const init = cls.find("__init__");
  const construct =
    cls.construct ??
    (init === undefined
      ? cls.mro.find((each) => each.construct)?.construct
      : undefined);
  if (construct) return construct(args, keywords);
  const made = new Instance(cls);
  if (cls.mro.includes(exceptions["BaseException"]))
    made.held["args"] = new Tuple(args);
  if (init !== undefined) call(init, [made, ...args], keywords);
  return made;
}
function optionOf(cls, value) {
  const found = cls.options?.find(
    (each) => each === value || keyOf(each) === keyOf(value),
  );
  if (!found)
    throw raised(
      "ValueError",
      `${JSON.stringify(value)} is not a valid ${cls.name}`,
    );
  return found;
}
// --- iteration ---
export function iter(value) {
  return iterable(value)[Symbol.iterator]();
}
function iterable(value) {
  if (value instanceof Tuple) return value.items;
  if (value instanceof Dict) return value.keys();
  if (value instanceof PySet) return value.values();
  if (value instanceof Class && value.options) return value.options;
  if (value instanceof Bytes) return [...value.octets].map(BigInt);
  if (
    value !== null &&
    value !== undefined &&
    typeof value[Symbol.iterator] === "function"
  )
    return value;
  throw raised("TypeError", `'${classOf(value).name}' object is not iterable`);
}
