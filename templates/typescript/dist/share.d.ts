/** Old parts of a new value: what did not change stays the same object, so that `===` and `memo` see it. */
/**
 * `next`, with every part that equals its counterpart in `previous` replaced by that; `previous` itself if all does.
 * Changes `next` in place: it must be fresh, as parsed JSON is.
 */
export declare function share<T>(previous: unknown, next: T): T;
