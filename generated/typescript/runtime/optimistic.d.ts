/** Optimistic updates: results as they will be once a mutation has run, shown until what it did is there. */
import type { QueryState } from "./client.js";
import type { Query, Target } from "./reference.js";
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
  get<Args, Returns>(
    query: Query<Args, Returns>,
    args: NoInfer<Args>,
  ): Returns | undefined;
  /** Lets a query show `value`; if that is undefined, nothing, as if it were still to be loaded. */
  set<Args, Returns>(
    query: Query<Args, Returns>,
    args: NoInfer<Args>,
    value: NoInfer<Returns> | undefined,
  ): void;
  /** All queries of a function that have a value, whatever their arguments. */
  getAll<Args, Returns>(
    query: Query<Args, Returns>,
  ): LoadedQuery<Args, Returns>[];
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
export declare class Overlay {
  #private;
  /** While an update runs, it must call nothing that it would call again with every new result. */
  isRunning: boolean;
  /** `results` are the server's, by query key. */
  constructor(results: ReadonlyMap<string, Shown>);
  /** What a query shows, if updates have a say in it. */
  at(key: string): Shown | undefined;
  /** The update of a new call. Throws what it throws, and nothing has changed then. */
  add<Args>(optimistic: OptimisticUpdate<Args>, args: Args): Update;
  /** Runs the updates over new results, in order. One that throws is left out, and the error is nobody's. */
  replay(updates: readonly Update[]): void;
  /** The keys of queries that updates have a say in. */
  get keys(): string[];
}
/** What tells queries apart. `args` is their JSON text. */
export declare function keyOf({ path }: Target, args: string): string;
