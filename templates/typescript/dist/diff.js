/** What a client holds of each query, by digest, and what a change makes of it. */
/**
 * Holds each value as it came, and gives out copies: an application may sort a result where it stands, and the next
 * change still builds on what the server knows.
 */
export class HeldValues {
  #held = new Map();
  /** What a query that is watched again says of what is held. */
  digest(queryId) {
    const held = this.#held.get(queryId);
    return held ? { digest: held.digest } : {};
  }
  forget(queryId) {
    this.#held.delete(queryId);
  }
  /** The result after a change; null if the change builds on what is not held. */
  take(change) {
    const { queryId, digest } = change;
    const held = this.#held.get(queryId);
    if (change.unchanged) return held ? { value: copied(held.value) } : null;
    this.#held.delete(queryId);
    if (change.error) return { error: change.error };
    let value = change.value;
    if (change.diff) {
      value =
        held && held.digest === change.base
          ? applied(held.value, change.diff)
          : undefined;
      if (!value) return null;
    }
    if (digest === undefined) return { value };
    this.#held.set(queryId, { digest, value });
    return { value: copied(value) };
  }
}
/** The list or page that the script makes; undefined if there is no such list, or it is too short. */
function applied(base, { list, rest }) {
  const old = rest ? base?.items : base;
  if (!Array.isArray(old)) return undefined;
  const items = [];
  for (const step of list) {
    if ("new" in step) items.push(...step.new);
    else if (step[0] + step[1] > old.length) return undefined;
    else items.push(...old.slice(step[0], step[0] + step[1]));
  }
  return rest ? { items, ...rest } : items;
}
function copied(value) {
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, copied(part)]),
  );
}
