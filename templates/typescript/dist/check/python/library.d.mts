/** What the translated checker calls `$`: Python's statements and operators as functions, its builtins, its standard library. */
import {
  contains,
  eq,
  item,
  le,
  lt,
  pairsOf,
  remove,
  slice,
  store,
  truth,
  unpack,
} from "./operators.mjs";
import * as o from "./objects.mjs";
import {
  Bytes,
  Class,
  Dict,
  Func,
  Instance,
  type Keywords,
  type Members,
  Module,
  Native,
  PySet,
  Raised,
  Tuple,
  type Value,
} from "./objects.mjs";
import { formatted } from "./strings.mjs";
declare function get(value: Value, name: string): Value;
declare function method(
  value: Value,
  name: string,
  args: Value[],
  keywords?: Keywords,
): Value;
declare function put(owner: Value, name: string, value: Value): Value;
declare function makeClass(
  name: string,
  bases: Value[],
  members: (cls: Class) => Members,
): Class;
/** What `super()` is in a method of `cls`. */
declare function above(cls: Class, self: Instance): Value;
declare function thrown(value: Value): Raised;
/** What was thrown, as Python would have it; what is a mistake of this library goes on. */
declare function caught(error: unknown): Instance;
declare function moduleOf(name: string): Module;
declare function imported(name: string, member: string): Value;
declare function define(name: string, load: () => Record<string, Value>): void;
export declare const python: {
  builtins: Record<string, any>;
  /** Functions that are not translated, because here they can be had for less. */
  native: Record<string, Native>;
  nothing: symbol;
  call: typeof o.call;
  method: typeof method;
  get: typeof get;
  put: typeof put;
  item: typeof item;
  store: typeof store;
  remove: typeof remove;
  slice: typeof slice;
  unpack: typeof unpack;
  eq: typeof eq;
  lt: typeof lt;
  le: typeof le;
  contains: typeof contains;
  truth: typeof truth;
  iter: typeof o.iter;
  isInstance: typeof o.isInstance;
  imported: typeof imported;
  define: typeof define;
  caught: typeof caught;
  raised: typeof thrown;
  formatted: typeof formatted;
  class: typeof makeClass;
  super: typeof above;
  module: typeof moduleOf;
  neg: (value: Value) => Value;
  invert: (value: Value) => Value;
  tuple: (items: Value[]) => Tuple;
  set: (values: Iterable<Value>) => PySet;
  dict: (pairs: Iterable<Value>) => Dict;
  list: (values: Iterable<Value>) => Value[];
  bytes: (text: string) => Bytes;
  pairs: typeof pairsOf;
  keywords: (value: Value) => Keywords;
  joined: (parts: readonly string[]) => string;
  did: (_: Value) => true;
  isSequence: (value: Value, count: number) => boolean;
  positional: (value: Value, cls: Class, number: number) => Value;
  function: (
    name: string,
    positional: string[],
    keyword: string[],
    defaults: Keywords,
    rest: string | null,
    code: (...args: Value[]) => Value,
  ) => Func;
  /** A function of the translation, for TypeScript to call. */
  exported: (module: string, name: string) => (...args: Value[]) => Value;
  sub: (one: Value, other: Value) => Value;
  add: (one: Value, other: Value) => Value;
  xor: (one: Value, other: Value) => Value;
  div: (one: Value, other: Value) => Value;
  mul: (one: Value, other: Value) => Value;
  floordiv: (one: Value, other: Value) => Value;
  mod: (one: Value, other: Value) => Value;
  pow: (one: Value, other: Value) => Value;
  lshift: (one: Value, other: Value) => Value;
  rshift: (one: Value, other: Value) => Value;
  and: (one: Value, other: Value) => Value;
  or: (one: Value, other: Value) => Value;
  isub: (one: Value, other: Value) => Value;
  iadd: (one: Value, other: Value) => Value;
  ixor: (one: Value, other: Value) => Value;
  idiv: (one: Value, other: Value) => Value;
  imul: (one: Value, other: Value) => Value;
  ifloordiv: (one: Value, other: Value) => Value;
  imod: (one: Value, other: Value) => Value;
  ipow: (one: Value, other: Value) => Value;
  ilshift: (one: Value, other: Value) => Value;
  irshift: (one: Value, other: Value) => Value;
  iand: (one: Value, other: Value) => Value;
  ior: (one: Value, other: Value) => Value;
};
export {};
