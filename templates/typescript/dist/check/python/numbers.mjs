/** Numbers as Python has them: how floats are written, whole division, decimals, fractions. */
import { Class, Foreign, object, raised, Tuple } from "./objects.mjs";
/** As Python writes a float: `1.0`, `1e+16`, `0.0001`. */
export function floatText(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const [digits = "", power = ""] = Math.abs(value).toExponential().split("e");
  const exponent = Number(power);
  const sign = value < 0 ? "-" : "";
  const bare = digits.replace(".", "");
  if (exponent < -4 || exponent >= 16) {
    const shown = Math.abs(exponent).toString().padStart(2, "0");
    return `${sign}${digits}e${exponent < 0 ? "-" : "+"}${shown}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${bare}`;
  const whole = bare.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${bare.slice(exponent + 1) || "0"}`;
}
export function floorDiv(one, other) {
  if (other === 0n)
    throw raised("ZeroDivisionError", "integer division or modulo by zero");
  const found = one / other;
  return one % other !== 0n && one < 0n !== other < 0n ? found - 1n : found;
}
export function floorMod(one, other) {
  return one - floorDiv(one, other) * other;
}
export function floatMod(one, other) {
  return floatDivMod(one, other)[1];
}
/** The quotient, rounded down, and what is left, with the sign of `other`: step by step as CPython has it. */
export function floatDivMod(one, other) {
  if (other === 0)
    throw raised("ZeroDivisionError", "float floor division by zero");
  let left = one % other;
  let quotient = (one - left) / other;
  if (left === 0) left = other < 0 ? -0 : 0;
  else if (left < 0 !== other < 0) {
    left += other;
    quotient -= 1;
  }
  if (quotient === 0)
    return [one / other < 0 || Object.is(one / other, -0) ? -0 : 0, left];
  const whole = Math.floor(quotient);
  return [quotient - whole > 0.5 ? whole + 1 : whole, left];
}
/** The float nearest to a quotient of whole numbers. */
export function divided(one, other) {
  if (other === 0n) throw raised("ZeroDivisionError", "division by zero");
  const [a, b] = [one < 0n ? -one : one, other < 0n ? -other : other];
  const sign = one < 0n !== other < 0n ? -1 : 1;
  if (a <= EXACT && b <= EXACT) return sign * (Number(a) / Number(b));
  const shift = Math.max(
    -1000,
    66 - (a.toString(2).length - b.toString(2).length),
  );
  const [top, bottom] =
    shift > 0 ? [a << BigInt(shift), b] : [a, b << BigInt(-shift)];
  const found = (top / bottom) | (top % bottom ? 1n : 0n); // what is lost may tip the balance
  const half = Math.trunc(shift / 2); // in two steps: 2 to the whole may be beyond a float
  return sign * Number(found) * 2 ** -half * 2 ** (half - shift);
}
const EXACT = 2n ** 53n;
/** The next float in the direction of another. */
export function nextAfter(value, towards) {
  if (Number.isNaN(value) || Number.isNaN(towards) || value === towards)
    return towards;
  if (value === 0) return towards > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const up = towards > value === value > 0;
  view.setBigUint64(0, view.getBigUint64(0) + (up ? 1n : -1n));
  return view.getFloat64(0);
}
/** What is left of `one` by the nearest multiple of `other`, exactly (IEEE 754). */
export function remainder(one, other) {
  if (!Number.isFinite(one) || other === 0)
    throw raised("ValueError", "math domain error");
  if (!Number.isFinite(other)) return one;
  const x = Fraction.of(one);
  const y = Fraction.of(other);
  const found = x.minus(y.times(Fraction.of(x.over(y).rounded()))).number();
  return found === 0 && (one < 0 || Object.is(one, -0)) ? -0 : found;
}
function gcd(one, other) {
  let [a, b] = [one < 0n ? -one : one, other < 0n ? -other : other];
  while (b) [a, b] = [b, a % b];
  return a;
}
export const fraction = new Class("Fraction", [object]);
export class Fraction extends Foreign {
  top;
  bottom;
  constructor(top, bottom) {
    super();
    if (bottom === 0n) throw raised("ZeroDivisionError", `Fraction(${top}, 0)`);
    const shared = (gcd(top, bottom) || 1n) * (bottom < 0n ? -1n : 1n);
    this.top = top / shared;
    this.bottom = bottom / shared;
  }
  static of(value) {
    if (value instanceof Fraction) return value;
    if (value instanceof Decimal) return value.fraction();
    if (typeof value === "bigint") return new Fraction(value, 1n);
    if (typeof value === "boolean") return new Fraction(value ? 1n : 0n, 1n);
    if (!Number.isFinite(value))
      throw raised("OverflowError", "cannot convert to an integer ratio");
    let bottom = 1n;
    let left = value;
    while (!Number.isInteger(left)) {
      left *= 2;
      bottom *= 2n;
    }
    return new Fraction(BigInt(left), bottom);
  }
  get cls() {
    return fraction;
  }
  get key() {
    return this.bottom === 1n ? `i${this.top}` : `q${this.top}/${this.bottom}`;
  }
  text() {
    return this.bottom === 1n ? `${this.top}` : `${this.top}/${this.bottom}`;
  }
  minus(other) {
    return new Fraction(
      this.top * other.bottom - other.top * this.bottom,
      this.bottom * other.bottom,
    );
  }
  plus(other) {
    return new Fraction(
      this.top * other.bottom + other.top * this.bottom,
      this.bottom * other.bottom,
    );
  }
  times(other) {
    return new Fraction(this.top * other.top, this.bottom * other.bottom);
  }
  over(other) {
    return new Fraction(this.top * other.bottom, this.bottom * other.top);
  }
  /** The nearest whole number, the even one of two. */
  rounded() {
    const floor = floorDiv(this.top, this.bottom);
    const twice = 2n * (this.top - floor * this.bottom);
    return twice > this.bottom || (twice === this.bottom && floor % 2n !== 0n)
      ? floor + 1n
      : floor;
  }
  /** The nearest float, for numbers that floats came from. */
  number() {
    return divided(this.top, this.bottom);
  }
  truth() {
    return this.top !== 0n;
  }
  attribute(name) {
    return { numerator: this.top, denominator: this.bottom }[name];
  }
  compare(other) {
    if (!isNumber(other)) return undefined;
    if (typeof other === "number" && !Number.isFinite(other))
      return other > 0 ? -1 : 1;
    const that = Fraction.of(other);
    const [a, b] = [this.top * that.bottom, that.top * this.bottom];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  operate(operator, other, flipped) {
    if (operator === "neg") return new Fraction(-this.top, this.bottom);
    if (operator === "abs")
      return new Fraction(this.top < 0n ? -this.top : this.top, this.bottom);
    if (operator === "round") return this.rounded();
    if (operator === "int") return this.top / this.bottom;
    if (operator === "float") return this.number();
    if (!isNumber(other) || typeof other === "number") return undefined;
    const that = Fraction.of(other);
    const [one, two] = flipped ? [that, this] : [this, that];
    switch (operator) {
      case "add":
        return one.plus(two);
      case "sub":
        return one.minus(two);
      case "mul":
        return one.times(two);
      case "div":
        return one.over(two);
      case "floordiv":
        return floorDiv(one.over(two).top, one.over(two).bottom);
      case "mod":
        return one.minus(
          two.times(
            Fraction.of(floorDiv(one.over(two).top, one.over(two).bottom)),
          ),
        );
      default:
        return undefined;
    }
  }
}
export function isNumber(value) {
  const kind = typeof value;
  return (
    kind === "bigint" ||
    kind === "number" ||
    kind === "boolean" ||
    value instanceof Fraction ||
    value instanceof Decimal
  );
}
export const decimal = new Class("Decimal", [object]);
const PRECISION = 28;
/** `coefficient × 10^exponent`, with a sign of its own; or an infinity. Results of operators have 28 digits at most. */
export class Decimal extends Foreign {
  negative;
  coefficient;
  exponent;
  infinite;
  constructor(negative, coefficient, exponent, infinite = false) {
    super();
    this.negative = negative;
    this.coefficient = coefficient;
    this.exponent = exponent;
    this.infinite = infinite;
  }
  static of(value) {
    if (value instanceof Decimal) return value;
    if (typeof value === "boolean") return Decimal.of(value ? 1n : 0n);
    if (typeof value === "bigint")
      return new Decimal(value < 0n, value < 0n ? -value : value, 0);
    if (typeof value === "number") {
      const exact = Fraction.of(value);
      const places = exact.bottom.toString(2).length - 1; // a power of two
      return Decimal.signed(exact.top * 5n ** BigInt(places), -places);
    }
    const match =
      /^\s*([+-]?)(?:(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?|(inf(?:inity)?))\s*$/i.exec(
        value,
      );
    if (!match || (!match[5] && !match[2] && !match[3]))
      throw raised("ValueError", `no decimal: ${value}`);
    const negative = match[1] === "-";
    if (match[5]) return new Decimal(negative, 0n, 0, true);
    const [whole, part] = [match[2] ?? "", match[3] ?? ""];
    return new Decimal(
      negative,
      BigInt(whole + part || "0"),
      Number(match[4] ?? "0") - part.length,
    );
  }
  static signed(value, exponent) {
    return new Decimal(value < 0n, value < 0n ? -value : value, exponent);
  }
  get cls() {
    return decimal;
  }
  get key() {
    return this.infinite
      ? `f${this.negative ? "-" : ""}Infinity`
      : this.fraction().key;
  }
  fraction() {
    const value = this.negative ? -this.coefficient : this.coefficient;
    return this.exponent < 0
      ? new Fraction(value, 10n ** BigInt(-this.exponent))
      : new Fraction(value * 10n ** BigInt(this.exponent), 1n);
  }
  get sign() {
    return this.negative ? "-" : "";
  }
  text() {
    if (this.infinite) return `${this.sign}Infinity`;
    const digits = this.coefficient.toString();
    const adjusted = this.exponent + digits.length - 1;
    return this.exponent <= 0 && adjusted >= -6
      ? this.fixed()
      : this.scientific();
  }
  /** Format `f`: no power of ten. */
  fixed() {
    if (this.infinite) return this.text();
    if (this.exponent >= 0)
      return (
        this.sign + (this.coefficient * 10n ** BigInt(this.exponent)).toString()
      );
    const digits = this.coefficient.toString().padStart(1 - this.exponent, "0");
    return `${this.sign}${digits.slice(0, this.exponent)}.${digits.slice(this.exponent)}`;
  }
  /** Format `E`. */
  scientific() {
    if (this.infinite) return this.text();
    const digits = this.coefficient.toString();
    const adjusted = this.exponent + digits.length - 1;
    const point =
      digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${this.sign}${point}E${adjusted < 0 ? "-" : "+"}${Math.abs(adjusted)}`;
  }
  rounded() {
    const extra = this.coefficient.toString().length - PRECISION;
    if (extra <= 0) return this;
    const unit = 10n ** BigInt(extra);
    let kept = this.coefficient / unit;
    const twice = 2n * (this.coefficient % unit);
    if (twice > unit || (twice === unit && kept % 2n === 1n)) kept += 1n;
    return new Decimal(this.negative, kept, this.exponent + extra).rounded();
  }
  truth() {
    return this.infinite || this.coefficient !== 0n;
  }
  attribute(name) {
    switch (name) {
      case "as_tuple":
        return () => {
          const digits = [...this.coefficient.toString()].map(BigInt);
          return new Tuple([
            this.negative ? 1n : 0n,
            new Tuple(digits),
            BigInt(this.exponent),
          ]);
        };
      case "scaleb":
        return (count) =>
          new Decimal(
            this.negative,
            this.coefficient,
            this.exponent + Number(Decimal.of(count).fraction().top),
          );
      case "is_finite":
        return () => !this.infinite;
      default:
        return undefined;
    }
  }
  compare(other) {
    if (!isNumber(other)) return undefined;
    if (other instanceof Decimal && other.infinite) {
      if (this.infinite)
        return this.negative === other.negative ? 0 : this.negative ? -1 : 1;
      return other.negative ? 1 : -1;
    }
    if (this.infinite) return this.negative ? -1 : 1;
    return this.fraction().compare(other);
  }
  operate(operator, other, flipped) {
    switch (operator) {
      case "neg":
        return new Decimal(
          this.infinite || this.coefficient !== 0n ? !this.negative : false,
          this.coefficient,
          this.exponent,
          this.infinite,
        ).rounded();
      case "abs":
        return new Decimal(
          false,
          this.coefficient,
          this.exponent,
          this.infinite,
        ).rounded();
      case "int":
        return this.fraction().operate("int", null, false);
      case "float":
        return this.infinite
          ? this.negative
            ? -Infinity
            : Infinity
          : Number(this.text());
      case "round":
        return this.fraction().rounded();
    }
    if (
      typeof other !== "bigint" &&
      typeof other !== "boolean" &&
      !(other instanceof Decimal)
    )
      return undefined;
    const that = Decimal.of(other);
    const [one, two] = flipped ? [that, this] : [this, that];
    const exponent = Math.min(one.exponent, two.exponent);
    const [a, b] = [one.scaled(exponent), two.scaled(exponent)];
    switch (operator) {
      case "add":
        return Decimal.signed(a + b, exponent).rounded();
      case "sub":
        return Decimal.signed(a - b, exponent).rounded();
      case "mul":
        return new Decimal(
          one.negative !== two.negative,
          one.coefficient * two.coefficient,
          one.exponent + two.exponent,
        ).rounded();
      case "floordiv":
        if (b === 0n) throw raised("ZeroDivisionError", "division by zero");
        return new Decimal(
          one.negative !== two.negative,
          (a < 0n ? -a : a) / (b < 0n ? -b : b),
          0,
        );
      case "mod":
        if (b === 0n) throw raised("ZeroDivisionError", "modulo by zero");
        return new Decimal(
          one.negative,
          (a < 0n ? -a : a) % (b < 0n ? -b : b),
          exponent,
        ).rounded();
      default:
        return undefined;
    }
  }
  scaled(exponent) {
    const value = this.coefficient * 10n ** BigInt(this.exponent - exponent);
    return this.negative ? -value : value;
  }
}
