/**
 * Python's objects, as the translated checker holds them.
 *
 * None is null, bool is boolean, int is bigint, float is number, str is string, list is Array, a generator is a generator.
 * Everything else is a class of this file or of `numbers.mts`, `times.mts` and `regex.mts`.
 */

/** Any of these: the translation is as dynamic as what it was made from. */
export type Value = any;

export class Tuple {
  cached: string | undefined;
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** What a field of a dataclass has for a default if it has none. */
export const nothing = Symbol("nothing");

export type Members = readonly (readonly [string, Value, boolean])[];

export interface Field {
  readonly name: string;
  readonly default: Value;
  readonly factory: Value;
  readonly compare: boolean;
  readonly init: boolean;
}

let classes = 0;

export class Class {
  readonly id = ++classes;
  readonly members = new Map<string, Value>();
  readonly mro: readonly Class[];
  /** Of a dataclass. */
  fields: readonly Field[] | undefined;
  /** Equal by its fields, and by these hashed. */
  byValue = false;
  ordered = false;
  /** Of an enum, in order. */
  options: Instance[] | undefined;
  /** Makes an instance, in place of the usual way. */
  construct: ((args: Value[], keywords: Keywords) => Value) | undefined;

  readonly name: string;
  readonly bases: readonly Class[];
  readonly annotated: readonly (readonly [string, Value])[];

  constructor(name: string, bases: readonly Class[] = [], annotated: readonly (readonly [string, Value])[] = []) {
    this.name = name;
    this.bases = bases;
    this.annotated = annotated;

    const seen = new Set<Class>([this]);
    for (const base of bases) for (const each of base.mro) seen.add(each);
    this.mro = [...seen];
  }

  find(name: string): Value {
    for (const each of this.mro) if (each.members.has(name)) return each.members.get(name);
    return undefined;
  }
}

export class Instance {
  cached: string | undefined;
  readonly held: Record<string, Value> = Object.create(null);
  readonly cls: Class;

  constructor(cls: Class) {
    this.cls = cls;
  }
}

export type Keywords = Record<string, Value>;

/** A function of the translation. */
export class Func {
  readonly name: string;
  readonly positional: readonly string[];
  readonly keyword: readonly string[];
  readonly defaults: Keywords;
  readonly rest: string | null;
  readonly code: (...args: Value[]) => Value;

  constructor(
    name: string,
    positional: readonly string[],
    keyword: readonly string[],
    defaults: Keywords,
    rest: string | null,
    code: (...args: Value[]) => Value,
  ) {
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
  readonly name: string;
  readonly code: (args: Value[], keywords: Keywords) => Value;

  constructor(name: string, code: (args: Value[], keywords: Keywords) => Value) {
    this.name = name;
    this.code = code;
  }
}

export class Bound {
  readonly self: Value;
  readonly callee: Value;

  constructor(self: Value, callee: Value) {
    this.self = self;
    this.callee = callee;
  }
}

export class Property {
  readonly getter: Value;
  readonly kept: boolean;

  constructor(getter: Value, kept: boolean) {
    this.getter = getter;
    this.kept = kept;
  }
}

/** Several classes, `A | B`. */
export class Union {
  readonly members: readonly Class[];

  constructor(members: readonly Class[]) {
    this.members = members;
  }
}

export class Module {
  readonly members = new Map<string, Value>();
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export class Bytes {
  readonly octets: Uint8Array;

  constructor(octets: Uint8Array) {
    this.octets = octets;
  }
}

export class Range {
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;

  constructor(start: bigint, stop: bigint, step: bigint) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  get length(): bigint {
    const way = this.step > 0n ? this.stop - this.start : this.start - this.stop;
    const step = this.step > 0n ? this.step : -this.step;
    return way <= 0n ? 0n : (way + step - 1n) / step;
  }

  *[Symbol.iterator](): Generator<bigint> {
    const count = this.length;
    for (let i = 0n; i < count; i++) yield this.start + i * this.step;
  }
}

/** A value of the standard library: a decimal, a date, a compiled pattern. */
export abstract class Foreign {
  abstract get cls(): Class;
  /** Equal keys are equal values. */
  abstract get key(): string;
  abstract text(): string;
  repr(): string {
    return `${this.cls.name}('${this.text()}')`;
  }
  attribute(_name: string): Value {
    return undefined;
  }
  /** Less than 0, 0, more than 0; undefined if the two cannot be compared. */
  compare(_other: Value): number | undefined {
    return undefined;
  }
  /** The result of an operator; undefined if it has none. `flipped`: `other` stands on the left. */
  operate(_operator: string, _other: Value, _flipped: boolean): Value {
    return undefined;
  }
  truth(): boolean {
    return true;
  }
}

const identities = new WeakMap<object, bigint>();
let identified = 0n;

/** Another number for every object. */
export function identity(value: object): bigint {
  let found = identities.get(value);
  if (found === undefined) identities.set(value, (found = ++identified));
  return found;
}

/** Values with one key are one key of a dictionary. */
export function keyOf(value: Value): string {
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
  if (value instanceof Tuple) return (value.cached ??= `(${joinedKeys(value.items)})`);
  if (value instanceof PySet && value.frozen)
    return (value.cached ??= `{${[...value.map.keys()].sort().map(sized).join("")}}`);
  if (value instanceof Foreign) return value.key;
  if (value instanceof Instance) {
    if (value.cls.options) return keyOf(value.held["value"]);
    if (value.cls.byValue) return (value.cached ??= `d${value.cls.id}(${joinedKeys(comparedFields(value))})`);
    return `o${identity(value)}`;
  }
  if (value instanceof Class) return `c${value.id}`;
  if (value instanceof Array || value instanceof Dict || value instanceof PySet)
    throw raised("TypeError", `unhashable type: '${classOf(value).name}'`);
  return `o${identity(value)}`;
}

export function comparedFields(value: Instance): Value[] {
  return (value.cls.fields ?? []).filter(({ compare }) => compare).map(({ name }) => value.held[name]);
}

function joinedKeys(values: readonly Value[]): string {
  return values.map((value) => sized(keyOf(value))).join("");
}

function sized(key: string): string {
  return `${key.length}:${key}`;
}

export class Dict {
  readonly map = new Map<string, [Value, Value]>();

  constructor(pairs: Iterable<readonly Value[]> = []) {
    for (const [key, value] of pairs) this.set(key, value);
  }
  get size(): number {
    return this.map.size;
  }
  has(key: Value): boolean {
    return this.map.has(keyOf(key));
  }
  /** undefined if it is not there. */
  get(key: Value): Value {
    return this.map.get(keyOf(key))?.[1];
  }
  set(key: Value, value: Value): void {
    const known = keyOf(key);
    const entry = this.map.get(known);
    if (entry) entry[1] = value;
    else this.map.set(known, [key, value]);
  }
  delete(key: Value): boolean {
    return this.map.delete(keyOf(key));
  }
  keys(): Value[] {
    return [...this.map.values()].map(([key]) => key);
  }
  values(): Value[] {
    return [...this.map.values()].map(([, value]) => value);
  }
  pairs(): [Value, Value][] {
    return [...this.map.values()];
  }
}

export class PySet {
  readonly map = new Map<string, Value>();
  cached: string | undefined;

  readonly frozen: boolean;

  constructor(values: Iterable<Value> = [], frozen = false) {
    this.frozen = frozen;

    for (const value of values) this.add(value);
  }
  get size(): number {
    return this.map.size;
  }
  has(value: Value): boolean {
    return this.map.has(keyOf(value));
  }
  add(value: Value): void {
    const key = keyOf(value);
    if (!this.map.has(key)) this.map.set(key, value);
  }
  delete(value: Value): boolean {
    return this.map.delete(keyOf(value));
  }
  values(): Value[] {
    return [...this.map.values()];
  }
}

// --- classes that are there from the beginning ---

export const object = new Class("object");
const known = (name: string, ...bases: Class[]): Class => new Class(name, bases.length ? bases : [object]);

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
export const exceptions: Record<string, Class> = Object.create(null);
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
] as const)
  exceptions[name] = known(name, exceptions[base] ?? object);

/** An exception on its way, with the stack of JavaScript. */
export class Raised extends Error {
  readonly value: Instance;

  constructor(value: Instance) {
    super(`${value.cls.name}: ${String((value.held["args"] as Tuple | undefined)?.items[0] ?? "")}`);
    this.value = value;
  }
}

/** An exception of Python's own, to be thrown. */
export function raised(name: string, ...args: Value[]): Raised {
  return new Raised(exception(name, ...args));
}

export function exception(name: string, ...args: Value[]): Instance {
  const error = new Instance(exceptions[name]!);
  error.held["args"] = new Tuple(args);
  return error;
}

export function classOf(value: Value): Class {
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
  if (value instanceof Func || value instanceof Native || value instanceof Bound) return func;
  return generator;
}

export function isInstance(value: Value, wanted: Value): boolean {
  if (wanted instanceof Class) return classOf(value).mro.includes(wanted) || (wanted === str && isText(value));
  const members: readonly Value[] = wanted instanceof Union ? wanted.members : wanted.items;
  return members.some((each) => isInstance(value, each));
}

/** A member of an enum whose members are texts. */
export function isText(value: Value): boolean {
  return value instanceof Instance && value.cls.options !== undefined;
}

// --- calls ---

export function call(callee: Value, args: Value[], keywords?: Keywords): Value {
  if (callee instanceof Func) return callee.code(...bound(callee, args, keywords));
  if (callee instanceof Native) return callee.code(args, keywords ?? {});
  if (callee instanceof Bound) return call(callee.callee, [callee.self, ...args], keywords);
  if (callee instanceof Class) return instance(callee, args, keywords ?? {});
  const own = callee instanceof Instance ? callee.cls.find("__call__") : undefined;
  if (own !== undefined) return call(own, [callee, ...args], keywords);
  throw raised("TypeError", `'${classOf(callee).name}' object is not callable`);
}

function bound(callee: Func, args: Value[], keywords: Keywords | undefined): Value[] {
  const { positional, keyword, defaults, rest } = callee;
  if (!keywords && rest === null && !keyword.length && args.length === positional.length) return args;
  const given = keywords ?? {};
  const take = (name: string): Value => {
    if (name in given) return given[name];
    if (name in defaults) return defaults[name];
    throw raised("TypeError", `${callee.name}() missing required argument: '${name}'`);
  };
  const found = positional.map((name, i) => (i < args.length ? args[i] : take(name)));
  if (rest !== null) found.push(new Tuple(args.slice(positional.length)));
  else if (args.length > positional.length)
    throw raised("TypeError", `${callee.name}() takes ${positional.length} arguments but ${args.length} were given`);
  found.push(...keyword.map(take));
  for (const name in given)
    if (!positional.includes(name) && !keyword.includes(name))
      throw raised("TypeError", `${callee.name}() got an unexpected keyword argument '${name}'`);
  return found;
}

function instance(cls: Class, args: Value[], keywords: Keywords): Value {
  if (cls.options) return optionOf(cls, args[0]);
  const init = cls.find("__init__");
  const construct =
    cls.construct ?? (init === undefined ? cls.mro.find((each) => each.construct)?.construct : undefined);
  if (construct) return construct(args, keywords);
  const made = new Instance(cls);
  if (cls.mro.includes(exceptions["BaseException"]!)) made.held["args"] = new Tuple(args);
  if (init !== undefined) call(init, [made, ...args], keywords);
  return made;
}

function optionOf(cls: Class, value: Value): Instance {
  const found = cls.options?.find((each) => each === value || keyOf(each) === keyOf(value));
  if (!found) throw raised("ValueError", `${JSON.stringify(value)} is not a valid ${cls.name}`);
  return found;
}

// --- iteration ---

export function iter(value: Value): Iterable<Value> & Iterator<Value> {
  return iterable(value)[Symbol.iterator]() as Iterable<Value> & Iterator<Value>;
}

function iterable(value: Value): Iterable<Value> {
  if (value instanceof Tuple) return value.items;
  if (value instanceof Dict) return value.keys();
  if (value instanceof PySet) return value.values();
  if (value instanceof Class && value.options) return value.options;
  if (value instanceof Bytes) return [...value.octets].map(BigInt);
  if (value !== null && value !== undefined && typeof value[Symbol.iterator] === "function") return value;
  throw raised("TypeError", `'${classOf(value).name}' object is not iterable`);
}
