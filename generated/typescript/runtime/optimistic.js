/** Optimistic updates: results as they will be once a mutation has run, shown until what it did is there. */
import { throwLater } from "./listeners.js";
import { encodeArgs, targetOf } from "./reference.js";
/** What lies over the server's results. It holds no mutations: who waits for them says which updates still count. */
export class Overlay {
  #results;
  #changed = new Map();
  #calls = 0;
  /** While an update runs, it must call nothing that it would call again with every new result. */
  isRunning = false;
  /** `results` are the server's, by query key. */
  constructor(results) {
    this.#results = results;
  }
  /** What a query shows, if updates have a say in it. */
  at(key) {
    return this.#changed.get(key);
  }
  /** The update of a new call. Throws what it throws, and nothing has changed then. */
  add(optimistic, args) {
    const update = {
      callId: `call${++this.#calls}`,
      run: (local) => optimistic(local, args),
    };
    this.#changed = this.#with(update, this.#changed);
    return update;
  }
  /** Runs the updates over new results, in order. One that throws is left out, and the error is nobody's. */
  replay(updates) {
    this.#changed = new Map();
    for (const update of updates) {
      try {
        this.#changed = this.#with(update, this.#changed);
      } catch (error) {
        throwLater(error);
      }
    }
  }
  /** The keys of queries that updates have a say in. */
  get keys() {
    return [...this.#changed.keys()];
  }
  #with({ callId, run }, below) {
    const changed = new Map(below);
    let isOver = false;
    const find = (query, args) => {
      if (isOver) throw asynchronous();
      const target = targetOf(query);
      const key = keyOf(target, encodeArgs(target, args));
      return [
        key,
        target,
        (changed.get(key) ?? this.#results.get(key))?.state?.value,
      ];
    };
    const local = {
      callId,
      get: (query, args = {}) => find(query, args)[2],
      set: (query, args, value) => {
        const [key, target, current] = find(query, args);
        if (value !== current)
          changed.set(key, {
            target,
            args,
            state: value === undefined ? value : { value },
          });
      },
      getAll: (query) => {
        const { path } = targetOf(query);
        const all = [...new Map([...this.#results, ...changed]).values()];
        return all.flatMap(({ target, args, state }) =>
          target.path === path && state && !state.error
            ? [{ args, value: state.value }]
            : [],
        );
      },
    };
    this.isRunning = true;
    try {
      if (run(local) instanceof Promise) throw asynchronous();
    } finally {
      this.isRunning = false;
      isOver = true;
    }
    return changed;
  }
}
/** What tells queries apart. `args` is their JSON text. */
export function keyOf({ path }, args) {
  return `${path} ${args}`;
}
function asynchronous() {
  return new TypeError(
    "an optimistic update is synchronous: it changes results while it runs, and awaits nothing",
  );
}
