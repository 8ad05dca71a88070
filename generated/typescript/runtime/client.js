/** The client: calls and live queries over one WebSocket, shared by everything that asks for the same. */
import { Connection } from "./connection.js";
import { fingerprint } from "./contract.js";
import { Fit } from "./fit.js";
import { pageLifecycle, randomUuid, systemClock } from "./environment.js";
import { callError, unavailable } from "./errors.js";
import { keyOf, Overlay } from "./optimistic.js";
import { encodeArgs, targetOf } from "./reference.js";
import { notify, throwLater } from "./listeners.js";
import { share } from "./share.js";
import { SyncClient } from "./sync.js";
export class Client {
  #sync;
  #connection;
  #watched = new Map();
  #watchedById = new Map();
  #mutations = new Map();
  #actions = new Map();
  #overlay = new Overlay(this.#watched);
  #fit = new Fit(fingerprint);
  /** One-time queries without a result, to be told when the client is closed. */
  #queries = new Set();
  #flushing = false;
  /** Connects to the backend at `address` (`https://crm.example`) once something is asked of it. */
  constructor(address, options = {}) {
    const clock = options.clock ?? systemClock;
    const webSocket = options.webSocket ?? globalThis.WebSocket;
    if (!webSocket)
      throw new TypeError(
        "this platform has no WebSocket: pass one, new Client(address, { webSocket })",
      );
    const { client: name = "", version = "" } = options;
    this.#sync = new SyncClient(randomUuid(clock), fingerprint, true, {
      language: "typescript",
      name,
      version,
    });
    this.#connection = new Connection({
      url: syncUrl(address),
      webSocket,
      lifecycle: options.lifecycle ?? pageLifecycle,
      clock,
      sync: this.#sync,
      perform: (effects) => this.#perform(effects),
    });
    this.#connection.listen(
      () => this.#connection.state.status === "closed" && this.#closed(),
    );
  }
  async query(query, args = {}) {
    const observation = this.#observe(targetOf(query), args);
    this.#assertNotClosed();
    const state = await new Promise((resolve, reject) => {
      const end = () => {
        stop();
        this.#queries.delete(fail);
      };
      const fail = (error) => {
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
  async mutation(mutation, args = {}, { optimistic } = {}) {
    return this.#call(
      this.#mutations,
      targetOf(mutation),
      args,
      (call) => this.#sync.mutate(call),
      optimistic,
    );
  }
  async action(action, args = {}) {
    return this.#call(this.#actions, targetOf(action), args, (call) =>
      this.#sync.act(call),
    );
  }
  /**
   * Calls `onUpdate` with a query's result, and again whenever it changes, until the function that comes back is called.
   * `onError` takes the error a query ends in; it stays watched, and `onUpdate` is called once it has a value again.
   */
  watch(query, args, onUpdate, onError = throwLater) {
    const observation = this.observe(query, args);
    let told;
    let isStopped = false;
    const tell = () => {
      const state = observation.current();
      if (isStopped || !state || state === told) return;
      told = state;
      if (state.error) onError(state.error);
      else onUpdate(state.value);
    };
    const stop = observation.subscribe(tell);
    queueMicrotask(() => notify([tell])); // somebody else may have asked before
    return () => {
      isStopped = true;
      stop();
    };
  }
  async *live(query, args = {}) {
    const observation = this.#observe(targetOf(query), args);
    let told;
    let wake = () => {};
    const stop = [
      observation.subscribe(() => wake()),
      this.#connection.listen(() => wake()),
    ];
    try {
      for (;;) {
        this.#assertNotClosed();
        const state = observation.current();
        if (state && state !== told) {
          told = state;
          if (state.error) throw state.error;
          yield state.value;
        } else await new Promise((resolve) => (wake = resolve));
      }
    } finally {
      for (const end of stop) end();
    }
  }
  /** A query and its arguments, as bindings need it. */
  observe(query, args) {
    return this.#observe(targetOf(query), args);
  }
  /**
   * Says who is calling from here on: `fetchToken` gives the JWT, and is asked again when it is about to expire or was
   * refused; null for nobody. Nothing is sent until the token is there.
   */
  setAuth(fetchToken) {
    this.#connection.setAuth(fetchToken);
  }
  get connectionState() {
    return this.#connection.state;
  }
  /** Calls `listener` with every change of `connectionState`, until the function that comes back is called. */
  onConnectionState(listener) {
    return this.#connection.listen(() => listener(this.#connection.state));
  }
  /** Whether this application still fits the backend, or must be updated. */
  get contract() {
    return this.#fit.state;
  }
  /** Calls `listener` with every change of `contract`, until the function that comes back is called. */
  onContract(listener) {
    return this.#fit.listen(() => listener(this.#fit.state));
  }
  /** Closes the connection for good. Calls that have no answer yet reject with code `closed`. */
  close() {
    this.#connection.stop();
  }
  // --- live queries ---
  #observe(target, args) {
    const text = encodeArgs(target, args);
    const key = keyOf(target, text);
    return {
      key,
      current: () => (this.#overlay.at(key) ?? this.#watched.get(key))?.state,
      subscribe: (listener) =>
        this.#subscribe(key, target, args, text, () => listener()),
    };
  }
  #subscribe(key, target, args, text, listener) {
    const watched =
      this.#watched.get(key) ?? this.#watch(key, target, args, text);
    watched.listeners.add(listener);
    return () => {
      if (!watched.listeners.delete(listener) || watched.listeners.size) return;
      queueMicrotask(() => this.#unwatchIfUnused(key, watched));
    };
  }
  #watch(key, target, args, text) {
    const queryId = this.#sync.watch({
      path: target.path,
      args: JSON.parse(text),
    });
    const watched = {
      key,
      target,
      args,
      queryId,
      listeners: new Set(),
      state: undefined,
      isFresh: false,
    };
    this.#watched.set(key, watched);
    this.#watchedById.set(queryId, watched);
    this.#flushSoon();
    return watched;
  }
  /** Later, because what replaces one component often asks for the same query. */
  #unwatchIfUnused(key, watched) {
    if (watched.listeners.size || this.#watched.get(key) !== watched) return;
    this.#watched.delete(key);
    this.#watchedById.delete(watched.queryId);
    this.#sync.unwatch(watched.queryId);
    this.#flushSoon();
  }
  // --- calls ---
  #call(waiters, target, args, send, optimistic) {
    const text = encodeArgs(target, args);
    this.#assertNotClosed();
    if (this.#overlay.isRunning) {
      throw new TypeError(
        `an optimistic update changes results, and calls nothing: ${target.path} was not called`,
      );
    }
    return new Promise((resolve, reject) => {
      const update = optimistic && this.#overlay.add(optimistic, args);
      waiters.set(send({ path: target.path, args: JSON.parse(text) }), {
        target,
        update,
        resolve,
        reject,
      });
      if (update) this.#tell(this.#overlay.keys);
      this.#connection.start();
      this.#connection.flush();
    });
  }
  /** Queries that are watched in one go travel in one message. */
  #flushSoon() {
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
  #perform(effects) {
    const changed = [];
    const ended = [];
    for (const effect of effects) {
      if (effect.type === "results")
        changed.push(...this.#take(effect.results));
      else if (effect.type === "mutationDone")
        ended.push(...this.#end(this.#mutations, effect));
      else if (effect.type === "actionDone")
        ended.push(...this.#end(this.#actions, effect));
      else if (effect.type === "met")
        this.#fit.met(effect.contract, effect.outdated);
      else if (effect.type === "lost")
        for (const watched of this.#watched.values()) watched.isFresh = false;
    }
    if (changed.length || ended.length)
      this.#tell([...changed, ...this.#replay()]);
    notify(ended);
  }
  /** The keys of the queries whose results are new. */
  #take(results) {
    const changed = [];
    for (const [queryId, outcome] of results) {
      const watched = this.#watchedById.get(queryId);
      if (!watched) continue;
      this.#heed(outcome, watched.target);
      const state = stateOf(outcome, watched);
      if (state !== watched.state || !watched.isFresh)
        changed.push(watched.key);
      watched.state = state;
      watched.isFresh = true;
    }
    return changed;
  }
  /** Takes out who waits for a call, to be told when everything else is in place. */
  #end(waiters, { requestId, outcome }) {
    const waiter = waiters.get(requestId);
    waiters.delete(requestId);
    if (!waiter) return [];
    this.#heed(outcome, waiter.target);
    const state = decodeOutcome(outcome, waiter.target);
    return [
      () =>
        state.error ? waiter.reject(state.error) : waiter.resolve(state.value),
    ];
  }
  #heed({ error }, { path }) {
    if (error?.kind === "contractMismatch") this.#fit.refused(path);
  }
  /** Runs the updates of mutations under way over what is known now; the keys of queries they changed, or change now. */
  #replay() {
    const before = this.#overlay.keys;
    this.#overlay.replay(
      [...this.#mutations.values()].flatMap(({ update }) => update ?? []),
    );
    return [...before, ...this.#overlay.keys];
  }
  #tell(keys) {
    notify(
      [...new Set(keys)].flatMap((key) => [
        ...(this.#watched.get(key)?.listeners ?? []),
      ]),
    );
  }
  #assertNotClosed() {
    if (this.#connection.state.status === "closed")
      throw this.#connection.state.error ?? closedError();
  }
  #closed() {
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
function stateOf(outcome, watched) {
  const state = decodeOutcome(outcome, watched.target);
  if (state.error || !watched.state || watched.state.error) return state;
  const value = share(watched.state.value, state.value);
  return Object.is(value, watched.state.value) ? watched.state : { value };
}
function decodeOutcome(outcome, { path, codecs }) {
  if (outcome.error) return { error: callError(outcome.error, codecs) };
  try {
    return {
      value: codecs ? codecs.decodeReturns(path, outcome.value) : outcome.value,
    };
  } catch (error) {
    const message = `the server sent a value that ${path} does not return: ${String(error)}`;
    return {
      error: callError({ kind: "protocol", code: "protocol", message }, codecs),
    };
  }
}
function closedError() {
  return unavailable("closed", "the client was closed");
}
function syncUrl(address) {
  if (!/^(http|ws)s?:\/\//.test(address))
    throw new TypeError(`not the address of a backend: ${address} (https://…)`);
  return `${address.replace(/^http/, "ws").replace(/\/+$/, "")}/api/sync`;
}
