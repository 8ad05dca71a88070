/** Numbers as Python has them: how floats are written, whole division, decimals, fractions. */
import { Class, Foreign, type Value } from "./objects.mjs";
/** As Python writes a float: `1.0`, `1e+16`, `0.0001`. */
export declare function floatText(value: number): string;
export declare function floorDiv(one: bigint, other: bigint): bigint;
export declare function floorMod(one: bigint, other: bigint): bigint;
export declare function floatMod(one: number, other: number): number;
/** The quotient, rounded down, and what is left, with the sign of `other`: step by step as CPython has it. */
export declare function floatDivMod(
  one: number,
  other: number,
): [number, number];
/** The float nearest to a quotient of whole numbers. */
export declare function divided(one: bigint, other: bigint): number;
/** The next float in the direction of another. */
export declare function nextAfter(value: number, towards: number): number;
/** What is left of `one` by the nearest multiple of `other`, exactly (IEEE 754). */
export declare function remainder(one: number, other: number): number;
export declare const fraction: Class;
export declare class Fraction extends Foreign {
  readonly top: bigint;
  readonly bottom: bigint;
  constructor(top: bigint, bottom: bigint);
  static of(value: Value): Fraction;
  get cls(): Class;
  get key(): string;
  text(): string;
  minus(other: Fraction): Fraction;
  plus(other: Fraction): Fraction;
  times(other: Fraction): Fraction;
  over(other: Fraction): Fraction;
  /** The nearest whole number, the even one of two. */
  rounded(): bigint;
  /** The nearest float, for numbers that floats came from. */
  number(): number;
  truth(): boolean;
  attribute(name: string): Value;
  compare(other: Value): number | undefined;
  operate(operator: string, other: Value, flipped: boolean): Value;
}
export declare function isNumber(value: Value): boolean;
export declare const decimal: Class;
/** `coefficient × 10^exponent`, with a sign of its own; or an infinity. Results of operators have 28 digits at most. */
export declare class Decimal extends Foreign {
  readonly negative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;
  readonly infinite: boolean;
  constructor(
    negative: boolean,
    coefficient: bigint,
    exponent: number,
    infinite?: boolean,
  );
  static of(value: Value): Decimal;
  private static signed;
  get cls(): Class;
  get key(): string;
  fraction(): Fraction;
  private get sign();
  text(): string;
  /** Format `f`: no power of ten. */
  fixed(): string;
  /** Format `E`. */
  scientific(): string;
  private rounded;
  truth(): boolean;
  attribute(name: string): Value;
  compare(other: Value): number | undefined;
  operate(operator: string, other: Value, flipped: boolean): Value;
  private scaled;
}
