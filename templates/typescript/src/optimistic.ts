/** Optimistic updates: results as they will be once a mutation has run, shown until what it did is there. */

import type { QueryState } from "./client.js";
import { throwLater } from "./listeners.js";
import { encodeArgs, targetOf } from "./reference.js";
import type { FunctionKind, FunctionReference, Query, Target } from "./reference.js";

/** A query that has a value, with the arguments it was asked with. */
export interface LoadedQuery<Args, Returns> {
  readonly args: Args;
  readonly value: Returns;
}

/** The results of this client, for an optimistic update to change; of no use once the update has returned. */
export interface LocalResults {
  /** Names this call of the mutation, the same whenever the update is run again: for ids of documents to come. */
  readonly callId: string;
  /**
   * What a query shows, with the changes of earlier mutations; undefined if it has no value (yet). It is the object the
   * application holds: to change it, make a new one and `set` that.
   */
  get<Returns>(query: Query<{}, Returns>): Returns | undefined;
  get<Args, Returns>(query: Query<Args, Returns>, args: NoInfer<Args>): Returns | undefined;
  /** Lets a query show `value`; if that is undefined, nothing, as if it were still to be loaded. */
  set<Args, Returns>(query: Query<Args, Returns>, args: NoInfer<Args>, value: NoInfer<Returns> | undefined): void;
  /** All queries of a function that have a value, whatever their arguments. */
  getAll<Args, Returns>(query: Query<Args, Returns>): LoadedQuery<Args, Returns>[];
}

/**
 * Changes what is shown as the mutation called with `args` will. It is run at once, and again on every new result until
 * the mutation has ended; so it is synchronous, changes nothing else, and draws nothing at random.
 */
export type OptimisticUpdate<Args> = (local: LocalResults, args: Args) => void;

export interface MutationOptions<Args> {
  /** Shows what the mutation will do before it is done; taken back in the step that shows what it did. */
  readonly optimistic?: OptimisticUpdate<Args>;
}

/** The update of one call. */
export interface Update {
  readonly callId: string;
  readonly run: (local: LocalResults) => unknown;
}

/** A query and what it shows. */
export interface Shown {
  readonly target: Target;
  readonly args: unknown;
  readonly state: QueryState<unknown> | undefined;
}

/** What lies over the server's results. It holds no mutations: who waits for them says which updates still count. */
export class Overlay {
  readonly #results: ReadonlyMap<string, Shown>;
  #changed = new Map<string, Shown>();
  #calls = 0;
  /** While an update runs, it must call nothing that it would call again with every new result. */
  isRunning = false;

  /** `results` are the server's, by query key. */
  constructor(results: ReadonlyMap<string, Shown>) {
    this.#results = results;
  }

  /** What a query shows, if updates have a say in it. */
  at(key: string): Shown | undefined {
    return this.#changed.get(key);
  }

  /** The update of a new call. Throws what it throws, and nothing has changed then. */
  add<Args>(optimistic: OptimisticUpdate<Args>, args: Args): Update {
    const update: Update = { callId: `call${++this.#calls}`, run: (local) => optimistic(local, args) };
    this.#changed = this.#with(update, this.#changed);
    return update;
  }

  /** Runs the updates over new results, in order. One that throws is left out, and the error is nobody's. */
  replay(updates: readonly Update[]): void {
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
  get keys(): string[] {
    return [...this.#changed.keys()];
  }

  #with({ callId, run }: Update, below: ReadonlyMap<string, Shown>): Map<string, Shown> {
    const changed = new Map(below);
    let isOver = false;
    const find = (query: FunctionReference<FunctionKind, never, unknown>, args: unknown): [string, Target, unknown] => {
      if (isOver) throw asynchronous();
      const target = targetOf(query);
      const key = keyOf(target, encodeArgs(target, args));
      return [key, target, (changed.get(key) ?? this.#results.get(key))?.state?.value];
    };
    const local = {
      callId,
      get: (query: Query<{}, unknown>, args: unknown = {}) => find(query, args)[2],
      set: (query: Query<never, unknown>, args: unknown, value: unknown) => {
        const [key, target, current] = find(query, args);
        if (value !== current) changed.set(key, { target, args, state: value === undefined ? value : { value } });
      },
      getAll: (query: Query<never, unknown>) => {
        const { path } = targetOf(query);
        const all = [...new Map([...this.#results, ...changed]).values()];
        return all.flatMap(({ target, args, state }) =>
          target.path === path && state && !state.error ? [{ args, value: state.value }] : [],
        );
      },
    };
    this.isRunning = true;
    try {
      if (run(local as LocalResults) instanceof Promise) throw asynchronous();
    } finally {
      this.isRunning = false;
      isOver = true;
    }
    return changed;
  }
}

/** What tells queries apart. `args` is their JSON text. */
export function keyOf({ path }: Target, args: string): string {
  return `${path} ${args}`;
}

function asynchronous(): TypeError {
  return new TypeError("an optimistic update is synchronous: it changes results while it runs, and awaits nothing");
}
