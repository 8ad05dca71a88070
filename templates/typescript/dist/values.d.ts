/** Values JSON has no type for: branded strings that carry their meaning, and the way to and from JavaScript's own types. */
declare const brand: unique symbol;
/** The id of a document of one table: `Id<"contacts">`. */
export type Id<Table extends string> = string & {
  readonly [brand]: Table;
};
/** An instant with its offset: `2026-01-02T03:04:05.678901Z`. Kept as text, because a `Date` would lose microseconds. */
export type DateTime = string & {
  readonly [brand]: "datetime";
};
/** A day: `2026-01-02`. */
export type PlainDate = string & {
  readonly [brand]: "date";
};
/** A time of day: `03:04:05` or `03:04:05.678901`. */
export type PlainTime = string & {
  readonly [brand]: "time";
};
/** A length of time, ISO 8601 in days and seconds: `P1DT2.5S`. */
export type Duration = string & {
  readonly [brand]: "duration";
};
/** An exact decimal number: `19.99`. */
export type Decimal = string & {
  readonly [brand]: "decimal";
};
/** A UUID in its lower-case, hyphenated form. */
export type Uuid = string & {
  readonly [brand]: "uuid";
};
/** Any JSON value. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | {
      [key: string]: JsonValue;
    };
/** Takes a string for the id of a document, unchecked: for ids from an address bar or a storage of your own. */
export declare function asId<Table extends string>(
  table: Table,
  text: string,
): Id<Table>;
/** The instant as a `Date`, to the millisecond. */
export declare function toDate(instant: DateTime): Date;
/** A `Date` as the backend writes it: equal instants are equal text. Throws a RangeError for an invalid date. */
export declare function fromDate(date: Date): DateTime;
/** A duration in milliseconds. */
export declare function toMilliseconds(duration: Duration): number;
/** Milliseconds as a duration. Throws a RangeError unless finite. */
export declare function fromMilliseconds(milliseconds: number): Duration;
/** A decimal from a number or its text, written out in full. Throws a TypeError if it is none. */
export declare function asDecimal(value: number | bigint | string): Decimal;
/** Takes a string for a UUID. Throws a TypeError if it is none. */
export declare function asUuid(text: string): Uuid;
/** Takes a string such as `2026-01-02` for a day. Throws a TypeError if it is none. */
export declare function asPlainDate(text: string): PlainDate;
/** Takes a string such as `03:04:05` for a time of day. Throws a TypeError if it is none. */
export declare function asPlainTime(text: string): PlainTime;
export {};
