/** What Python's operators do. */
import { type Value } from "./objects.mjs";
export declare function truth(value: Value): boolean;
export declare function eq(one: Value, other: Value): boolean;
/** Less than 0, 0, more than 0. Raises TypeError for what has no order. */
export declare function compare(one: Value, other: Value): number;
export declare function lt(one: Value, other: Value): boolean;
export declare function le(one: Value, other: Value): boolean;
export declare function contains(container: Value, value: Value): boolean;
export declare function sorted(
  values: Iterable<Value>,
  key: Value,
  reverse: boolean,
): Value[];
export declare function binary(
  operator: string,
  one: Value,
  other: Value,
): Value;
/** `one += other`: lists, sets and dictionaries stay themselves. */
export declare function inPlace(
  operator: string,
  one: Value,
  other: Value,
): Value;
export declare function unary(operator: string, value: Value): Value;
export declare function pairsOf(value: Value): readonly (readonly Value[])[];
export declare function length(value: Value): bigint;
export declare function item(value: Value, index: Value): Value;
export declare function store(owner: Value, index: Value, value: Value): Value;
export declare function remove(owner: Value, index: Value): void;
export declare function slice(
  value: Value,
  lower: Value,
  upper: Value,
  step: Value,
): Value;
/** The items of what is unpacked: `before`, then with `after` a list of the rest, then `after`. */
export declare function unpack(
  value: Value,
  before: number,
  after: number | null,
): Value[];
type Method = (
  self: Value,
  args: Value[],
  keywords: Record<string, Value>,
) => Value;
/** The method of a builtin value; undefined if it has none of that name. */
export declare function builtinMethod(
  value: Value,
  name: string,
): Method | undefined;
export {};
