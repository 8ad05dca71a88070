/** Dates, times and durations, as far as values on the wire are read and made. */
import { Class, Foreign, type Keywords, type Value } from "./objects.mjs";
export declare const classes: {
  date: Class;
  datetime: Class;
  time: Class;
  timedelta: Class;
  uuid: Class;
};
/** One of the four, as a count: days of a date, microseconds of the others. */
export declare class Moment extends Foreign {
  readonly kind: "date" | "datetime" | "time" | "timedelta";
  readonly count: bigint;
  readonly aware: boolean;
  constructor(
    kind: "date" | "datetime" | "time" | "timedelta",
    count: bigint,
    aware?: boolean,
  );
  get cls(): Class;
  get key(): string;
  text(): string;
  compare(other: Value): number | undefined;
  operate(operator: string, other: Value, _flipped: boolean): Value;
  attribute(name: string): Value;
}
export declare function date(args: Value[]): Moment;
export declare function datetime(args: Value[], keywords: Keywords): Moment;
export declare function timedelta(keywords: Keywords): Moment;
export declare function dateFrom(text: string): Moment;
export declare function timeFrom(text: string): Moment;
export declare function datetimeFrom(text: string): Moment;
/** A UUID, in the one form that is read. */
export declare class Uuid extends Foreign {
  readonly given: string;
  constructor(given: string);
  get cls(): Class;
  get key(): string;
  text(): string;
}
