/** Python's regular expressions: read as `re` reads them, and matched by stepping back, never by those of JavaScript. */
import { Class, Foreign, Tuple, type Value } from "./objects.mjs";
/** The code points of `\d`, `\w` or `\s` as ranges, without NUL and surrogates. */
export declare function categoryRanges(escape: string): Tuple;
export declare class Match extends Foreign {
  readonly codes: readonly number[];
  readonly groups: readonly (readonly [number, number] | undefined)[];
  readonly names: ReadonlyMap<string, number>;
  constructor(
    codes: readonly number[],
    groups: readonly (readonly [number, number] | undefined)[],
    names: ReadonlyMap<string, number>,
  );
  get cls(): Class;
  get key(): string;
  text(): string;
  group(which: Value): string | null;
  attribute(name: string): Value;
}
export declare class Pattern extends Foreign {
  #private;
  readonly pattern: string;
  constructor(pattern: string, flags?: string);
  get cls(): Class;
  get key(): string;
  text(): string;
  run(
    text: string,
    start: number,
    whole: boolean,
    codes?: number[],
  ): Match | null;
  search(text: string, from?: number, codes?: number[]): Match | null;
  all(text: string): Match[];
  replaced(text: string, replace: (match: Match) => string): string;
  split(text: string): Value[];
  attribute(name: string): Value;
}
/** What `re.escape` gives. */
export declare function escaped(text: string): string;
/** A pattern as `re._parser.parse` gives it: tuples of an operator's name and its argument. */
export declare class Parsed extends Foreign {
  #private;
  constructor(pattern: string);
  get cls(): Class;
  get key(): string;
  text(): string;
  [Symbol.iterator](): Iterator<Tuple>;
  attribute(name: string): Value;
}
