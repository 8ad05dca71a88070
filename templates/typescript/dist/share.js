/** Old parts of a new value: what did not change stays the same object, so that `===` and `memo` see it. */
/**
 * `next`, with every part that equals its counterpart in `previous` replaced by that; `previous` itself if all does.
 * Changes `next` in place: it must be fresh, as parsed JSON is.
 */
export function share(previous, next) {
  if (Object.is(previous, next)) return next;
  if (Array.isArray(previous) && Array.isArray(next)) {
    for (let i = 0; i < next.length; i++) next[i] = share(previous[i], next[i]);
    return next.length === previous.length &&
      next.every((item, i) => Object.is(item, previous[i]))
      ? previous
      : next;
  }
  if (isRecord(previous) && isRecord(next)) {
    const keys = Object.keys(next);
    const fields = next;
    for (const key of keys)
      fields[key] = share(
        Object.hasOwn(previous, key) ? previous[key] : undefined,
        next[key],
      );
    const same = (key) =>
      Object.hasOwn(previous, key) && Object.is(previous[key], next[key]);
    return keys.length === Object.keys(previous).length && keys.every(same)
      ? previous
      : next;
  }
  return sameBytes(previous, next) ? previous : next;
}
function isRecord(value) {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}
function sameBytes(a, b) {
  return (
    a instanceof Uint8Array &&
    b instanceof Uint8Array &&
    a.length === b.length &&
    a.every((byte, i) => byte === b[i])
  );
}
