/**
 * Python's objects, as the translated checker holds them.
 *
 * None is null, bool is boolean, int is bigint, float is number, str is string, list is Array, a generator is a generator.
 * Everything else is a class of this file or of `numbers.mts`, `times.mts` and `regex.mts`.
 */
/** Any of these: the translation is as dynamic as what it was made from. */
export type Value = any;
export declare class Tuple {
  cached: string | undefined;
  readonly items: readonly Value[];
  constructor(items: readonly Value[]);
}
/** What a field of a dataclass has for a default if it has none. */
export declare const nothing: unique symbol;
export type Members = readonly (readonly [string, Value, boolean])[];
export interface Field {
  readonly name: string;
  readonly default: Value;
  readonly factory: Value;
  readonly compare: boolean;
  readonly init: boolean;
}
export declare class Class {
  readonly id: number;
  readonly members: Map<string, any>;
  readonly mro: readonly Class[];
  /** Of a dataclass. */
  fields: readonly Field[] | undefined;
  /** Equal by its fields, and by these hashed. */
  byValue: boolean;
  ordered: boolean;
  /** Of an enum, in order. */
  options: Instance[] | undefined;
  /** Makes an instance, in place of the usual way. */
  construct: ((args: Value[], keywords: Keywords) => Value) | undefined;
  readonly name: string;
  readonly bases: readonly Class[];
  readonly annotated: readonly (readonly [string, Value])[];
  constructor(
    name: string,
    bases?: readonly Class[],
    annotated?: readonly (readonly [string, Value])[],
  );
  find(name: string): Value;
}
export declare class Instance {
  cached: string | undefined;
  readonly held: Record<string, Value>;
  readonly cls: Class;
  constructor(cls: Class);
}
export type Keywords = Record<string, Value>;
/** A function of the translation. */
export declare class Func {
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
  );
}
/** A function of this library. */
export declare class Native {
  readonly name: string;
  readonly code: (args: Value[], keywords: Keywords) => Value;
  constructor(name: string, code: (args: Value[], keywords: Keywords) => Value);
}
export declare class Bound {
  readonly self: Value;
  readonly callee: Value;
  constructor(self: Value, callee: Value);
}
export declare class Property {
  readonly getter: Value;
  readonly kept: boolean;
  constructor(getter: Value, kept: boolean);
}
/** Several classes, `A | B`. */
export declare class Union {
  readonly members: readonly Class[];
  constructor(members: readonly Class[]);
}
export declare class Module {
  readonly members: Map<string, any>;
  readonly name: string;
  constructor(name: string);
}
export declare class Bytes {
  readonly octets: Uint8Array;
  constructor(octets: Uint8Array);
}
export declare class Range {
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
  constructor(start: bigint, stop: bigint, step: bigint);
  get length(): bigint;
  [Symbol.iterator](): Generator<bigint>;
}
/** A value of the standard library: a decimal, a date, a compiled pattern. */
export declare abstract class Foreign {
  abstract get cls(): Class;
  /** Equal keys are equal values. */
  abstract get key(): string;
  abstract text(): string;
  repr(): string;
  attribute(_name: string): Value;
  /** Less than 0, 0, more than 0; undefined if the two cannot be compared. */
  compare(_other: Value): number | undefined;
  /** The result of an operator; undefined if it has none. `flipped`: `other` stands on the left. */
  operate(_operator: string, _other: Value, _flipped: boolean): Value;
  truth(): boolean;
}
/** Another number for every object. */
export declare function identity(value: object): bigint;
/** Values with one key are one key of a dictionary. */
export declare function keyOf(value: Value): string;
export declare function comparedFields(value: Instance): Value[];
export declare class Dict {
  readonly map: Map<string, [any, any]>;
  constructor(pairs?: Iterable<readonly Value[]>);
  get size(): number;
  has(key: Value): boolean;
  /** undefined if it is not there. */
  get(key: Value): Value;
  set(key: Value, value: Value): void;
  delete(key: Value): boolean;
  keys(): Value[];
  values(): Value[];
  pairs(): [Value, Value][];
}
export declare class PySet {
  readonly map: Map<string, any>;
  cached: string | undefined;
  readonly frozen: boolean;
  constructor(values?: Iterable<Value>, frozen?: boolean);
  get size(): number;
  has(value: Value): boolean;
  add(value: Value): void;
  delete(value: Value): boolean;
  values(): Value[];
}
export declare const object: Class;
export declare const type: Class;
export declare const NoneType: Class;
export declare const int: Class;
export declare const bool: Class;
export declare const float: Class;
export declare const str: Class;
export declare const bytes: Class;
export declare const list: Class;
export declare const tuple: Class;
export declare const dict: Class;
export declare const set: Class;
export declare const frozenset: Class;
export declare const range: Class;
export declare const property: Class;
export declare const func: Class;
export declare const module: Class;
export declare const generator: Class;
/** By name. */
export declare const exceptions: Record<string, Class>;
/** An exception on its way, with the stack of JavaScript. */
export declare class Raised extends Error {
  readonly value: Instance;
  constructor(value: Instance);
}
/** An exception of Python's own, to be thrown. */
export declare function raised(name: string, ...args: Value[]): Raised;
export declare function exception(name: string, ...args: Value[]): Instance;
export declare function classOf(value: Value): Class;
export declare function isInstance(value: Value, wanted: Value): boolean;
/** A member of an enum whose members are texts. */
export declare function isText(value: Value): boolean;
export declare function call(
  callee: Value,
  args: Value[],
  keywords?: Keywords,
): Value;
export declare function iter(value: Value): Iterable<Value> & Iterator<Value>;
