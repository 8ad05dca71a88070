/** The client: calls and live queries over one WebSocket, shared by everything that asks for the same. */

import type { TokenFetcher } from "./auth.js";
import { Connection } from "./connection.js";
import type { ConnectionState } from "./connection.js";
import { fingerprint } from "./contract.js";
import { Fit } from "./fit.js";
import type { ContractState } from "./fit.js";
import { pageLifecycle, randomUuid, systemClock } from "./environment.js";
import type { Clock, Lifecycle, WebSocketConstructor } from "./environment.js";
import { callError, unavailable } from "./errors.js";
import type { CallError } from "./errors.js";
import type { Json, Outcome } from "./messages.js";
import { keyOf, Overlay } from "./optimistic.js";
import type { MutationOptions, OptimisticUpdate, Update } from "./optimistic.js";
import { encodeArgs, targetOf } from "./reference.js";
import type { Action, Mutation, Query, Target } from "./reference.js";
import { notify, throwLater } from "./listeners.js";
import { share } from "./share.js";
import { SyncClient } from "./sync.js";
import type { Effect } from "./sync.js";

export interface ClientOptions {
  /** What this application is called, `mobile`, and its version, `3.2.0`: for `schemagen clients`. */
  readonly client?: string;
  readonly version?: string;
  /** The WebSocket to use. Default: the global one; in Node without one, a small one that comes along. */
  readonly webSocket?: WebSocketConstructor;
  /** Says when the application is back in front or online. Default: the page's events. */
  readonly lifecycle?: Lifecycle;
  /** Timers and chance, for tests. */
  readonly clock?: Clock;
}

/** The latest result of a watched query. */
export type QueryState<Returns> =
  { readonly value: Returns; readonly error?: never } | { readonly error: CallError; readonly value?: never };

/** A query with its arguments, not watched before somebody subscribes. For bindings such as `react.ts`. */
export interface Observation<Returns> {
  /** The same for equal arguments of the same query. */
  readonly key: string;
  /** The latest result; undefined if there is none yet. The same object until it changes. */
  current(): QueryState<Returns> | undefined;
  /** Watches the query until the function that comes back is called. */
  subscribe(listener: () => void): () => void;
}

/** A query that somebody watches. */
interface Watched {
  readonly key: string;
  readonly target: Target;
  readonly args: unknown;
  readonly queryId: number;
  readonly listeners: Set<() => void>;
  /** What the server says. What is shown may be another thing, see `Overlay`. */
  state: QueryState<unknown> | undefined;
  /** Whether `state` is of the present connection. */
  isFresh: boolean;
}

interface Waiter {
  readonly target: Target;
  readonly update: Update | undefined;
  resolve(value: unknown): void;
  reject(error: CallError): void;
}

export class Client {
  readonly #sync: SyncClient;
  readonly #connection: Connection;
  readonly #watched = new Map<string, Watched>();
  readonly #watchedById = new Map<number, Watched>();
  readonly #mutations = new Map<number, Waiter>();
  readonly #actions = new Map<number, Waiter>();
  readonly #overlay = new Overlay(this.#watched);
  readonly #fit = new Fit(fingerprint);
  /** One-time queries without a result, to be told when the client is closed. */
  readonly #queries = new Set<(error: CallError) => void>();
  #flushing = false;

  /** Connects to the backend at `address` (`https://crm.example`) once something is asked of it. */
  constructor(address: string, options: ClientOptions = {}) {
    const clock = options.clock ?? systemClock;
    const webSocket = options.webSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
    if (!webSocket) throw new TypeError("this platform has no WebSocket: pass one, new Client(address, { webSocket })");
    const { client: name = "", version = "" } = options;
    this.#sync = new SyncClient(randomUuid(clock), fingerprint, true, { language: "typescript", name, version });
    this.#connection = new Connection({
      url: syncUrl(address),
      webSocket,
      lifecycle: options.lifecycle ?? pageLifecycle,
      clock,
      sync: this.#sync,
      perform: (effects) => this.#perform(effects),
    });
    this.#connection.listen(() => this.#connection.state.status === "closed" && this.#closed());
  }

  /** The result of a query, once: the server's, without optimistic updates. */
  query<Returns>(query: Query<{}, Returns>): Promise<Returns>;
  query<Args, Returns>(query: Query<Args, Returns>, args: NoInfer<Args>): Promise<Returns>;
  async query(query: Query<never, unknown>, args: unknown = {}): Promise<unknown> {
    const observation = this.#observe(targetOf(query), args);
    this.#assertNotClosed();
    const state = await new Promise<QueryState<unknown>>((resolve, reject) => {
      const end = () => {
        stop();
        this.#queries.delete(fail);
      };
      const fail = (error: CallError) => {
        end();
        reject(error);
      };
      const look = () => {
        const watched = this.#watched.get(observation.key);
        if (!watched?.isFresh || !watched.state) return;
        end();
        resolve(watched.state);
      };
      const stop = observation.subscribe(look);
      this.#queries.add(fail);
      look();
    });
    if (state.error) throw state.error;
    return state.value;
  }

  /**
   * Runs a mutation exactly once, in the order of the calls, however often the connection is lost meanwhile. When the
   * promise resolves, its effect is visible in all watched queries. `optimistic` shows it before; if it throws, the
   * promise rejects with that and nothing is sent.
   */
  mutation<Returns>(mutation: Mutation<{}, Returns>): Promise<Returns>;
  mutation<Args, Returns>(
    mutation: Mutation<Args, Returns>,
    args: NoInfer<Args>,
    options?: MutationOptions<Args>,
  ): Promise<Returns>;
  async mutation(
    mutation: Mutation<never, unknown>,
    args: unknown = {},
    { optimistic }: MutationOptions<unknown> = {},
  ): Promise<unknown> {
    return this.#call(this.#mutations, targetOf(mutation), args, (call) => this.#sync.mutate(call), optimistic);
  }

  /** Runs an action at most once; rejects with code `connection_lost` if the connection goes while it runs. */
  action<Returns>(action: Action<{}, Returns>): Promise<Returns>;
  action<Args, Returns>(action: Action<Args, Returns>, args: NoInfer<Args>): Promise<Returns>;
  async action(action: Action<never, unknown>, args: unknown = {}): Promise<unknown> {
    return this.#call(this.#actions, targetOf(action), args, (call) => this.#sync.act(call));
  }

  /**
   * Calls `onUpdate` with a query's result, and again whenever it changes, until the function that comes back is called.
   * `onError` takes the error a query ends in; it stays watched, and `onUpdate` is called once it has a value again.
   */
  watch<Args, Returns>(
    query: Query<Args, Returns>,
    args: NoInfer<Args>,
    onUpdate: (value: Returns) => void,
    onError: (error: CallError) => void = throwLater,
  ): () => void {
    const observation = this.observe(query, args);
    let told: QueryState<Returns> | undefined;
    let isStopped = false;
    const tell = () => {
      const state = observation.current();
      if (isStopped || !state || state === told) return;
      told = state;
      if (state.error) onError(state.error);
      else onUpdate(state.value as Returns);
    };
    const stop = observation.subscribe(tell);
    queueMicrotask(() => notify([tell])); // somebody else may have asked before
    return () => {
      isStopped = true;
      stop();
    };
  }

  /**
   * The results of a query as they come, the present one first: `for await (const page of client.live(api.contacts.list))`.
   * Results that came while the loop was busy are skipped, but for the last. Throws the error the query ends in.
   */
  live<Returns>(query: Query<{}, Returns>): AsyncGenerator<Returns, never, void>;
  live<Args, Returns>(query: Query<Args, Returns>, args: NoInfer<Args>): AsyncGenerator<Returns, never, void>;
  async *live(query: Query<never, unknown>, args: unknown = {}): AsyncGenerator<unknown, never, void> {
    const observation = this.#observe(targetOf(query), args);
    let told: QueryState<unknown> | undefined;
    let wake = () => {};
    const stop = [observation.subscribe(() => wake()), this.#connection.listen(() => wake())];
    try {
      for (;;) {
        this.#assertNotClosed();
        const state = observation.current();
        if (state && state !== told) {
          told = state;
          if (state.error) throw state.error;
          yield state.value;
        } else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      for (const end of stop) end();
    }
  }

  /** A query and its arguments, as bindings need it. */
  observe<Args, Returns>(query: Query<Args, Returns>, args: NoInfer<Args>): Observation<Returns> {
    return this.#observe(targetOf(query), args) as Observation<Returns>;
  }

  /**
   * Says who is calling from here on: `fetchToken` gives the JWT, and is asked again when it is about to expire or was
   * refused; null for nobody. Nothing is sent until the token is there.
   */
  setAuth(fetchToken: TokenFetcher | null): void {
    this.#connection.setAuth(fetchToken);
  }

  get connectionState(): ConnectionState {
    return this.#connection.state;
  }

  /** Calls `listener` with every change of `connectionState`, until the function that comes back is called. */
  onConnectionState(listener: (state: ConnectionState) => void): () => void {
    return this.#connection.listen(() => listener(this.#connection.state));
  }

  /** Whether this application still fits the backend, or must be updated. */
  get contract(): ContractState {
    return this.#fit.state;
  }

  /** Calls `listener` with every change of `contract`, until the function that comes back is called. */
  onContract(listener: (state: ContractState) => void): () => void {
    return this.#fit.listen(() => listener(this.#fit.state));
  }

  /** Closes the connection for good. Calls that have no answer yet reject with code `closed`. */
  close(): void {
    this.#connection.stop();
  }

  // --- live queries ---

  #observe(target: Target, args: unknown): Observation<unknown> {
    const text = encodeArgs(target, args);
    const key = keyOf(target, text);
    return {
      key,
      current: () => (this.#overlay.at(key) ?? this.#watched.get(key))?.state,
      subscribe: (listener) => this.#subscribe(key, target, args, text, () => listener()),
    };
  }

  #subscribe(key: string, target: Target, args: unknown, text: string, listener: () => void): () => void {
    const watched = this.#watched.get(key) ?? this.#watch(key, target, args, text);
    watched.listeners.add(listener);
    return () => {
      if (!watched.listeners.delete(listener) || watched.listeners.size) return;
      queueMicrotask(() => this.#unwatchIfUnused(key, watched));
    };
  }

  #watch(key: string, target: Target, args: unknown, text: string): Watched {
    const queryId = this.#sync.watch({ path: target.path, args: JSON.parse(text) as Json });
    const watched: Watched = { key, target, args, queryId, listeners: new Set(), state: undefined, isFresh: false };
    this.#watched.set(key, watched);
    this.#watchedById.set(queryId, watched);
    this.#flushSoon();
    return watched;
  }

  /** Later, because what replaces one component often asks for the same query. */
  #unwatchIfUnused(key: string, watched: Watched): void {
    if (watched.listeners.size || this.#watched.get(key) !== watched) return;
    this.#watched.delete(key);
    this.#watchedById.delete(watched.queryId);
    this.#sync.unwatch(watched.queryId);
    this.#flushSoon();
  }

  // --- calls ---

  #call(
    waiters: Map<number, Waiter>,
    target: Target,
    args: unknown,
    send: (call: { path: string; args: Json }) => number,
    optimistic?: OptimisticUpdate<unknown>,
  ): Promise<unknown> {
    const text = encodeArgs(target, args);
    this.#assertNotClosed();
    if (this.#overlay.isRunning) {
      throw new TypeError(`an optimistic update changes results, and calls nothing: ${target.path} was not called`);
    }
    return new Promise((resolve, reject) => {
      const update = optimistic && this.#overlay.add(optimistic, args);
      waiters.set(send({ path: target.path, args: JSON.parse(text) as Json }), { target, update, resolve, reject });
      if (update) this.#tell(this.#overlay.keys);
      this.#connection.start();
      this.#connection.flush();
    });
  }

  /** Queries that are watched in one go travel in one message. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      if (this.#connection.state.status === "closed") return;
      if (this.#watched.size) this.#connection.start();
      this.#connection.flush();
    });
  }

  // --- effects ---

  /**
   * Results and ended mutations first, then the updates of those that have not ended, then everybody who listens: nobody
   * sees one query ahead of another, nor an optimistic update beside what its mutation did, nor neither.
   */
  #perform(effects: readonly Effect[]): void {
    const changed: string[] = [];
    const ended: (() => void)[] = [];
    for (const effect of effects) {
      if (effect.type === "results") changed.push(...this.#take(effect.results));
      else if (effect.type === "mutationDone") ended.push(...this.#end(this.#mutations, effect));
      else if (effect.type === "actionDone") ended.push(...this.#end(this.#actions, effect));
      else if (effect.type === "met") this.#fit.met(effect.contract, effect.outdated);
      else if (effect.type === "lost") for (const watched of this.#watched.values()) watched.isFresh = false;
    }
    if (changed.length || ended.length) this.#tell([...changed, ...this.#replay()]);
    notify(ended);
  }

  /** The keys of the queries whose results are new. */
  #take(results: ReadonlyMap<number, Outcome>): string[] {
    const changed: string[] = [];
    for (const [queryId, outcome] of results) {
      const watched = this.#watchedById.get(queryId);
      if (!watched) continue;
      this.#heed(outcome, watched.target);
      const state = stateOf(outcome, watched);
      if (state !== watched.state || !watched.isFresh) changed.push(watched.key);
      watched.state = state;
      watched.isFresh = true;
    }
    return changed;
  }

  /** Takes out who waits for a call, to be told when everything else is in place. */
  #end(waiters: Map<number, Waiter>, { requestId, outcome }: { requestId: number; outcome: Outcome }): (() => void)[] {
    const waiter = waiters.get(requestId);
    waiters.delete(requestId);
    if (!waiter) return [];
    this.#heed(outcome, waiter.target);
    const state = decodeOutcome(outcome, waiter.target);
    return [() => (state.error ? waiter.reject(state.error) : waiter.resolve(state.value))];
  }

  #heed({ error }: Outcome, { path }: Target): void {
    if (error?.kind === "contractMismatch") this.#fit.refused(path);
  }

  /** Runs the updates of mutations under way over what is known now; the keys of queries they changed, or change now. */
  #replay(): string[] {
    const before = this.#overlay.keys;
    this.#overlay.replay([...this.#mutations.values()].flatMap(({ update }) => update ?? []));
    return [...before, ...this.#overlay.keys];
  }

  #tell(keys: readonly string[]): void {
    notify([...new Set(keys)].flatMap((key) => [...(this.#watched.get(key)?.listeners ?? [])]));
  }

  #assertNotClosed(): void {
    if (this.#connection.state.status === "closed") throw this.#connection.state.error ?? closedError();
  }

  #closed(): void {
    const error = this.#connection.state.error ?? closedError();
    const waiting = [...this.#mutations.values(), ...this.#actions.values()];
    this.#mutations.clear();
    this.#actions.clear();
    this.#tell(this.#replay());
    for (const waiter of waiting) waiter.reject(error);
    for (const fail of [...this.#queries]) fail(error);
  }
}

/** The new state of a query; the old one if nothing changed. */
function stateOf(outcome: Outcome, watched: Watched): QueryState<unknown> {
  const state = decodeOutcome(outcome, watched.target);
  if (state.error || !watched.state || watched.state.error) return state;
  const value = share(watched.state.value, state.value);
  return Object.is(value, watched.state.value) ? watched.state : { value };
}

function decodeOutcome(outcome: Outcome, { path, codecs }: Target): QueryState<unknown> {
  if (outcome.error) return { error: callError(outcome.error, codecs) };
  try {
    return { value: codecs ? codecs.decodeReturns(path, outcome.value) : outcome.value };
  } catch (error) {
    const message = `the server sent a value that ${path} does not return: ${String(error)}`;
    return { error: callError({ kind: "protocol", code: "protocol", message }, codecs) };
  }
}

function closedError(): CallError {
  return unavailable("closed", "the client was closed");
}

function syncUrl(address: string): string {
  if (!/^(http|ws)s?:\/\//.test(address)) throw new TypeError(`not the address of a backend: ${address} (https://…)`);
  return `${address.replace(/^http/, "ws").replace(/\/+$/, "")}/api/sync`;
}
