/** Values JSON has no type for: branded strings that carry their meaning, and the way to and from JavaScript's own types. */
/** Takes a string for the id of a document, unchecked: for ids from an address bar or a storage of your own. */
export function asId(table, text) {
  if (!text.startsWith(`${table}_`))
    throw new TypeError(`not an id of table "${table}": ${text}`);
  return text;
}
/** The instant as a `Date`, to the millisecond. */
export function toDate(instant) {
  return new Date(instant.replace(/(\.\d{3})\d+/, "$1"));
}
/** A `Date` as the backend writes it: equal instants are equal text. Throws a RangeError for an invalid date. */
export function fromDate(date) {
  return date
    .toISOString()
    .replace(/\.000Z$|Z$/, (end) => (end === "Z" ? "000Z" : "Z"));
}
const DURATION = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/;
/** A duration in milliseconds. */
export function toMilliseconds(duration) {
  const match = DURATION.exec(duration);
  if (!match) throw new TypeError(`not a duration: ${duration}`);
  const [days, hours, minutes, seconds] = match
    .slice(2)
    .map((part) => Number(part ?? 0));
  return (
    ((match[1] ? -1 : 1) *
      Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1e6)) /
    1e3
  );
}
/** Milliseconds as a duration. Throws a RangeError unless finite. */
export function fromMilliseconds(milliseconds) {
  if (!Number.isFinite(milliseconds))
    throw new RangeError(`not a length of time: ${milliseconds}`);
  const microseconds = Math.round(Math.abs(milliseconds) * 1e3);
  const days = Math.floor(microseconds / 86_400e6);
  const rest = microseconds - days * 86_400e6;
  const seconds = Math.floor(rest / 1e6);
  const fraction = String(rest - seconds * 1e6)
    .padStart(6, "0")
    .replace(/0+$/, "");
  const time = rest || !days ? `T${seconds}${fraction && `.${fraction}`}S` : "";
  return `${milliseconds < 0 && microseconds ? "-" : ""}P${days ? `${days}D` : ""}${time}`;
}
/** A decimal from a number or its text, written out in full. Throws a TypeError if it is none. */
export function asDecimal(value) {
  const text = String(value).trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
    throw new TypeError(`not a decimal: ${text}`);
  return text;
}
/** Takes a string for a UUID. Throws a TypeError if it is none. */
export function asUuid(text) {
  const lower = text.toLowerCase();
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(lower))
    throw new TypeError(`not a UUID: ${text}`);
  return lower;
}
/** Takes a string such as `2026-01-02` for a day. Throws a TypeError if it is none. */
export function asPlainDate(text) {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new TypeError(`not a day: ${text}`);
  return text;
}
/** Takes a string such as `03:04:05` for a time of day. Throws a TypeError if it is none. */
export function asPlainTime(text) {
  if (!/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$/.test(text))
    throw new TypeError(`not a time of day: ${text}`);
  return text;
}
