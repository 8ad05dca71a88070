/** Values as JSON text. */
/**
 * The JSON text of a value, the same for equal values: keys sorted, `undefined` fields left out. Throws a TypeError that
 * names the place of anything the wire cannot carry.
 */
export function encode(value, path = []) {
  if (value === null || typeof value === "string" || typeof value === "boolean")
    return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value))
    return encodeNumber(value);
  if (Array.isArray(value))
    return `[${Array.from(value, (item, i) => encode(item, [...path, i])).join()}]`;
  if (!isPlainObject(value)) return refuse(value, path);
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return `{${keys
    .sort()
    .map(
      (key) => `${JSON.stringify(key)}:${encode(value[key], [...path, key])}`,
    )
    .join()}}`;
}
/** A number beyond ±(2^53 - 1) is a float: written as one, it is not taken for an integer whose last digits are wrong. */
function encodeNumber(value) {
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? value.toExponential()
    : JSON.stringify(value);
}
/** Whether a value is what `{...}` makes; also in another frame, and without a prototype. */
export function isPlainObject(value) {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
function refuse(value, path) {
  const place = path.length ? ` at ${path.join(".")}` : "";
  throw new TypeError(
    `cannot send ${describe(value)}${place}${adviceFor(value)}`,
  );
}
function describe(value) {
  if (value === undefined || typeof value === "number") return String(value);
  return `a ${typeof value === "object" ? value?.constructor?.name : typeof value}`;
}
function adviceFor(value) {
  if (value instanceof Date) return ": pass fromDate(date)";
  if (value === undefined) return ": pass null, or leave it out";
  return typeof value === "bigint"
    ? ": the backend takes a number here, Number(value)"
    : "";
}
