/** Dates, times and durations, as far as values on the wire are read and made. */
import { Class, Foreign, object, raised } from "./objects.mjs";
const DAY = 86400000000n;
export const classes = {
  date: new Class("date", [object]),
  datetime: new Class("datetime", [object]),
  time: new Class("time", [object]),
  timedelta: new Class("timedelta", [object]),
  uuid: new Class("UUID", [object]),
};
function pad(value, width = 2) {
  return value.toString().padStart(width, "0");
}
/** Days since the epoch. Raises ValueError if there is no such day. */
function days(year, month, day) {
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  if (
    year < 1 ||
    moment.getUTCMonth() !== month - 1 ||
    moment.getUTCDate() !== day
  )
    throw raised("ValueError", "day is out of range for month");
  return BigInt(Math.round(moment.getTime() / 86_400_000));
}
function dateText(count) {
  const moment = new Date(Number(count) * 86_400_000);
  return `${pad(moment.getUTCFullYear(), 4)}-${pad(moment.getUTCMonth() + 1)}-${pad(moment.getUTCDate())}`;
}
function clock(hour, minute, second, fraction) {
  if (hour > 23 || minute > 59 || second > 59)
    throw raised("ValueError", "hour must be in 0..23");
  return (
    BigInt(hour * 3600 + minute * 60 + second) * 1000000n +
    BigInt(fraction.padEnd(6, "0"))
  );
}
function clockText(micros) {
  const seconds = micros / 1000000n;
  const rest = micros % 1000000n;
  const shown = `${pad(seconds / 3600n)}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}`;
  return rest ? `${shown}.${pad(rest, 6)}` : shown;
}
/** One of the four, as a count: days of a date, microseconds of the others. */
export class Moment extends Foreign {
  kind;
  count;
  aware;
  constructor(kind, count, aware = false) {
    super();
    this.kind = kind;
    this.count = count;
    this.aware = aware;
  }
  get cls() {
    return classes[this.kind];
  }
  get key() {
    return `t${this.kind}${this.aware}${this.count}`;
  }
  text() {
    switch (this.kind) {
      case "date":
        return dateText(this.count);
      case "time":
        return clockText(this.count);
      case "datetime": {
        const day =
          this.count >= 0n
            ? this.count / DAY
            : -((-this.count + DAY - 1n) / DAY);
        return `${dateText(day)}T${clockText(this.count - day * DAY)}${this.aware ? "+00:00" : ""}`;
      }
      default:
        return `${this.count} microseconds`;
    }
  }
  compare(other) {
    if (!(other instanceof Moment) || other.kind !== this.kind)
      return undefined;
    return this.count < other.count ? -1 : this.count > other.count ? 1 : 0;
  }
  operate(operator, other, _flipped) {
    if (operator === "neg") return new Moment(this.kind, -this.count);
    if (operator === "abs")
      return new Moment(this.kind, this.count < 0n ? -this.count : this.count);
    if (
      operator === "add" &&
      other instanceof Moment &&
      other.kind === "timedelta"
    )
      return new Moment(
        this.kind,
        this.count + (this.kind === "date" ? other.count / DAY : other.count),
        this.aware,
      );
    return undefined;
  }
  attribute(name) {
    if (name === "isoformat") return () => this.text();
    if (name === "time")
      return () => new Moment("time", ((this.count % DAY) + DAY) % DAY);
    return undefined;
  }
}
const numbers = (values) => values.map(Number);
export function date(args) {
  const [year = 0, month = 1, day = 1] = numbers(args);
  return new Moment("date", days(year, month, day));
}
export function datetime(args, keywords) {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] =
    numbers(args);
  return new Moment(
    "datetime",
    days(year, month, day) * DAY + clock(hour, minute, second, "0"),
    "tzinfo" in keywords,
  );
}
const UNITS = {
  days: DAY,
  hours: 3600000000n,
  minutes: 60000000n,
  seconds: 1000000n,
  microseconds: 1n,
};
export function timedelta(keywords) {
  let count = 0n;
  for (const name in keywords) count += (UNITS[name] ?? 0n) * keywords[name];
  const whole = count >= 0n ? count / DAY : -((-count + DAY - 1n) / DAY);
  if (whole > 999999999n || whole < -999999999n)
    throw raised("OverflowError", "days out of range");
  return new Moment("timedelta", count);
}
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;
const OFFSET = /(Z|[+-]\d\d:\d\d)$/;
export function dateFrom(text) {
  const match = DATE.exec(text);
  if (!match) throw raised("ValueError", `Invalid isoformat string: '${text}'`);
  const [year = 0, month = 0, day = 0] = numbers(match.slice(1));
  if (month < 1 || month > 12)
    throw raised("ValueError", "month must be in 1..12");
  return new Moment("date", days(year, month, day));
}
export function timeFrom(text) {
  const match = TIME.exec(text);
  if (!match) throw raised("ValueError", `Invalid isoformat string: '${text}'`);
  const [hour = 0, minute = 0, second = 0] = numbers(match.slice(1, 4));
  return new Moment("time", clock(hour, minute, second, match[4] ?? "0"));
}
export function datetimeFrom(text) {
  const offset = OFFSET.exec(text)?.[1] ?? "";
  const [day = "", time = ""] = text
    .slice(0, text.length - offset.length)
    .split("T");
  const [hours = 0, minutes = 0] =
    offset === "Z" || !offset ? [] : numbers(offset.slice(1).split(":"));
  if (hours > 23 || minutes > 59)
    throw raised("ValueError", "offset must be within a day");
  const way = offset.startsWith("-") ? -1n : 1n;
  const shift = way * BigInt(hours * 60 + minutes) * 60000000n;
  return new Moment(
    "datetime",
    dateFrom(day).count * DAY + timeFrom(time).count - shift,
    offset !== "",
  );
}
/** A UUID, in the one form that is read. */
export class Uuid extends Foreign {
  given;
  constructor(given) {
    super();
    this.given = given;
  }
  get cls() {
    return classes.uuid;
  }
  get key() {
    return `u${this.given}`;
  }
  text() {
    return this.given;
  }
}
