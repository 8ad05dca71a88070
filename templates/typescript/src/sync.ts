/** The client's half of the sync protocol, without a socket or a clock: calls and messages in, effects out. */

import { HeldValues } from "./diff.js";
import type { WireError } from "./errors.js";
import { protocol } from "./messages.js";
import type { Call, ClientInfo, ClientMessage, Outcome, QueryChange, ServerMessage, Version } from "./messages.js";

/** The most queries that one frame adds: a frame never grows with the number of queries. */
const FRAME_QUERIES = 100;

/** A call below this size fits whatever a server's limit is; counted in UTF-16 units, which are up to 3 bytes. */
const FRAME_CHARACTERS_SAFE = 2 ** 14;

const CLOSE_TOO_LARGE = 1009;

/** What is to be done after an event. */
export type Effect =
  | { type: "send"; message: ClientMessage }
  | { type: "results"; results: ReadonlyMap<number, Outcome> } // all at one version: show them in one step
  | { type: "mutationDone"; requestId: number; outcome: Outcome }
  | { type: "actionDone"; requestId: number; outcome: Outcome }
  | { type: "met"; contract: string; outdated: readonly string[] | undefined } // the server, and what no longer fits
  | { type: "lost" } // results shown are no longer kept current
  | { type: "synced" } // once per connection: all that was to be caught up is
  | { type: "identified" } // the token last sent was taken
  | { type: "tokenRefused"; error: WireError }
  | { type: "fatal"; error: WireError } // the server closes next
  | { type: "drop"; reason: string }; // this connection makes no sense any more

interface Query {
  readonly call: Call;
  sent: boolean;
}

interface Mutation {
  readonly call: Call;
  sent: boolean;
  /** The response, while the client has not caught up with it after a reconnect. */
  response: { ts: number; outcome: Outcome } | null;
}

interface Action {
  readonly call: Call;
  sent: boolean;
}

/**
 * One client's half. It holds what the client wants (queries, calls under way), where it stands, and the results as the
 * server sent them; no types, and nobody who waits.
 */
export class SyncClient {
  readonly #session: string;
  readonly #contract: string;
  readonly #queries = new Map<number, Query>();
  readonly #mutations = new Map<number, Mutation>();
  readonly #actions = new Map<number, Action>();
  /** Queries the server knows of and nobody wants any more. */
  #unwanted: number[] = [];
  #nextQueryId = 1;
  #nextMutationId = 1;
  #nextActionId = 1;

  /** The highest timestamp seen, on any connection. */
  #lastTs = 0;
  /** Whether `connect` was sent on a connection that still stands. */
  #open = false;
  /** While a token is fetched nothing is sent: nothing is to run as somebody else. */
  #held = false;
  /** Versions as sent. */
  #querySet = 0;
  #identity = 0;
  /** Whether it is known if the token of `#identity` was taken. */
  #answered = false;
  /** The version the client stands at; null before `connected`. */
  #version: Version | null = null;
  /** The query set version at which this connection has caught up with the one before. */
  #caughtUpAt = 0;
  /** Results that came before all had: shown together once it has caught up. */
  #staged = new Map<number, Outcome>();
  /** Mutations whose effect may be staged while their response is not here: nothing is shown before it is. */
  readonly #shownBy = new Set<number>();
  /** Mutations sent again on this connection that have no response yet. */
  readonly #resent = new Set<number>();
  #synced = false;
  #values = new HeldValues();
  /** Whether values may be told by what is held; no longer once that went wrong. */
  #digests: boolean;

  readonly #client: ClientInfo | undefined;

  constructor(session: string, contract: string, digests = true, client?: ClientInfo) {
    this.#session = session;
    this.#contract = contract;
    this.#digests = digests;
    this.#client = client;
  }

  /** Whether all results are of one version, and that of this connection. */
  get isCaughtUp(): boolean {
    return this.#version !== null && this.#version.querySet >= this.#caughtUpAt;
  }

  /** Whether the server has computed this query for this connection. */
  get isSynced(): boolean {
    return this.#synced;
  }

  // --- what the application does ---

  /** Starts to watch a query. Sent by the next `flush`, together with its neighbours. */
  watch(call: Call): number {
    const queryId = this.#nextQueryId++;
    this.#queries.set(queryId, { call, sent: false });
    return queryId;
  }

  unwatch(queryId: number): void {
    if (this.#queries.get(queryId)?.sent) this.#unwanted.push(queryId);
    this.#queries.delete(queryId);
    this.#values.forget(queryId);
    this.#staged.delete(queryId);
  }

  /** Adds a mutation; the next `flush` sends it, behind the queries it may change. */
  mutate(call: Call): number {
    const requestId = this.#nextMutationId++;
    this.#mutations.set(requestId, { call, sent: false, response: null });
    return requestId;
  }

  act(call: Call): number {
    const requestId = this.#nextActionId++;
    this.#actions.set(requestId, { call, sent: false });
    return requestId;
  }

  /** Sends all that is not sent yet. */
  flush(): Effect[] {
    if (!this.#open || this.#held) return [];
    return [...this.#queryMessages(), ...this.#callMessages()].map((message) => ({ type: "send", message }));
  }

  /** Keeps everything back until `authenticate`: a new token is on its way. */
  hold(): void {
    this.#held = true;
  }

  /** From here on the caller is somebody else. */
  authenticate(token: string | null): Effect[] {
    this.#held = this.#answered = false;
    if (!this.#open) return [];
    const message = { type: "authenticate", baseVersion: this.#identity, newVersion: ++this.#identity, token } as const;
    return [{ type: "send", message }, ...this.flush()];
  }

  // --- what the connection does ---

  /** A socket is open: the whole state goes out, not waiting for an answer. */
  opened(token: string | null): Effect[] {
    this.#open = true;
    this.#held = this.#answered = false;
    this.#querySet = this.#identity = 0;
    for (const [requestId, mutation] of this.#mutations) {
      if (mutation.sent && !mutation.response) this.#shownBy.add(requestId); // it may have run
      mutation.sent = mutation.response !== null;
      if (!mutation.sent) this.#resent.add(requestId);
    }
    const { session, contract, lastTs } = { session: this.#session, contract: this.#contract, lastTs: this.#lastTs };
    const hello: ClientMessage = { type: "connect", protocol, session, lastTs, contract, token };
    if (this.#digests) hello.digests = true;
    if (this.#client) hello.client = this.#client;
    const connect: Effect = { type: "send", message: hello };
    const rest = this.flush();
    this.#caughtUpAt = this.#querySet;
    return [connect, ...rest];
  }

  /** The connection is gone. Actions in flight end here; mutations wait to be sent again, results stay as they are. */
  lost(closeCode = 1006): Effect[] {
    this.#open = this.#synced = false;
    this.#version = null;
    this.#unwanted = [];
    for (const query of this.#queries.values()) query.sent = false;
    this.#staged.clear();
    this.#resent.clear();
    const message = "the connection was lost while the action ran; whether it ran to its end is unknown";
    const error: WireError = { kind: "unavailable", code: "connection_lost", message };
    const inFlight = [...this.#actions].filter(([, action]) => action.sent);
    const tooLarge = closeCode === CLOSE_TOO_LARGE ? this.#endLargest() : [];
    return [{ type: "lost" }, ...inFlight.map(([requestId]) => this.#endAction(requestId, { error })), ...tooLarge];
  }

  /** The server takes no frame of this size: the largest mutation, sent again, would end every connection to come. */
  #endLargest(): Effect[] {
    const sizes = [...this.#mutations].map(([id, { call }]) => [JSON.stringify(call).length, id] as const);
    const [size, requestId] = sizes.sort(([a], [b]) => b - a)[0] ?? [0, 0];
    if (size < FRAME_CHARACTERS_SAFE) return [];
    this.#mutations.delete(requestId);
    this.#shownBy.delete(requestId);
    const message = `a call of ${size} characters is more than the server takes`;
    return [{ type: "mutationDone", requestId, outcome: { error: { kind: "protocol", code: "protocol", message } } }];
  }

  receive(message: ServerMessage): Effect[] {
    if (!this.#open) return [];
    switch (message.type) {
      case "connected":
        return [
          { type: "met", contract: message.contract, outdated: message.outdated },
          ...this.#connected(message.ts),
        ];
      case "transition":
        return this.#transition(message.start, message.end, message.changes, message.mutations);
      case "mutationResponse":
        return this.#mutationResponse(message.requestId, message.ts, outcomeOf(message));
      case "actionResponse":
        return this.#actions.has(message.requestId) ? [this.#endAction(message.requestId, outcomeOf(message))] : [];
      case "authError":
        return this.#authError(message.identityVersion, message.error);
      case "fatalError":
        return [{ type: "fatal", error: message.error }];
      case "pong":
        return [];
      default:
        message satisfies never; // a message of tomorrow's server
        return [];
    }
  }

  #connected(ts: number): Effect[] {
    if (ts < this.#lastTs) this.#enterOtherHistory(ts);
    this.#lastTs = ts;
    this.#version = { querySet: 0, identity: 0, ts };
    return this.#catchUp();
  }

  /** The server was restored from a backup, or lost its memory: timestamps seen so far mean nothing to it. */
  #enterOtherHistory(ts: number): void {
    for (const { response } of this.#mutations.values()) if (response) response.ts = Math.min(response.ts, ts);
  }

  #transition(start: Version, end: Version, changes: readonly QueryChange[], mutations: number[] = []): Effect[] {
    if (!this.#version || !sameVersion(start, this.#version)) {
      const at = this.#version ? JSON.stringify(this.#version) : "no version yet";
      return [{ type: "drop", reason: `the server moves on from ${JSON.stringify(start)}, the client is at ${at}` }];
    }
    this.#version = end;
    this.#lastTs = Math.max(this.#lastTs, end.ts);
    for (const change of changes) {
      if (!this.#queries.has(change.queryId)) continue;
      const outcome = this.#values.take(change);
      if (!outcome) return this.#startOver(change.queryId);
      this.#staged.set(change.queryId, outcome);
    }
    for (const requestId of mutations) {
      if (this.#mutations.get(requestId)?.response === null) this.#shownBy.add(requestId);
    }
    const identified: Effect[] = !this.#answered && end.identity === this.#identity ? [{ type: "identified" }] : [];
    this.#answered ||= identified.length > 0;
    return [...identified, ...this.#catchUp()];
  }

  /** What the server builds on is not what is held: the next connection is sent every value whole. */
  #startOver(queryId: number): Effect[] {
    this.#values = new HeldValues();
    this.#digests = false;
    return [{ type: "drop", reason: `a change of query ${queryId} does not fit the value before it` }];
  }

  #authError(identityVersion: number, error: WireError): Effect[] {
    if (identityVersion !== this.#identity) return []; // of a token that has been replaced since
    this.#answered = true;
    return [{ type: "tokenRefused", error }];
  }

  #mutationResponse(requestId: number, ts: number, outcome: Outcome): Effect[] {
    const mutation = this.#mutations.get(requestId);
    if (!mutation) return [];
    mutation.response = { ts, outcome };
    this.#lastTs = Math.max(this.#lastTs, ts);
    this.#resent.delete(requestId);
    this.#shownBy.delete(requestId);
    return this.#catchUp();
  }

  /** Shows what came in, ends the mutations that are now visible, and says so when nothing is left behind. */
  #catchUp(): Effect[] {
    if (!this.isCaughtUp || this.#shownBy.size) return [];
    const effects: Effect[] = [];
    if (this.#staged.size) effects.push({ type: "results", results: this.#staged });
    this.#staged = new Map();
    for (const [requestId, { response }] of this.#mutations) {
      if (!response || response.ts > this.#version!.ts) continue;
      this.#mutations.delete(requestId);
      effects.push({ type: "mutationDone", requestId, outcome: response.outcome });
    }
    if (!this.#synced && !this.#resent.size) {
      this.#synced = true;
      effects.push({ type: "synced" });
    }
    return effects;
  }

  #endAction(requestId: number, outcome: Outcome): Effect {
    this.#actions.delete(requestId);
    return { type: "actionDone", requestId, outcome };
  }

  #queryMessages(): ClientMessage[] {
    const added = [...this.#queries].filter(([, query]) => !query.sent);
    const removed = this.#unwanted;
    this.#unwanted = [];
    for (const [, query] of added) query.sent = true;
    const add = added.map(([queryId, { call }]) => ({ queryId, ...call, ...this.#values.digest(queryId) }));
    const messages: ClientMessage[] = [];
    for (let from = 0; from < add.length || (from === 0 && removed.length); from += FRAME_QUERIES) {
      const versions = { baseVersion: this.#querySet, newVersion: ++this.#querySet };
      const remove = from === 0 ? removed : [];
      messages.push({ type: "modifyQuerySet", ...versions, add: add.slice(from, from + FRAME_QUERIES), remove });
    }
    return messages;
  }

  #callMessages(): ClientMessage[] {
    return [...unsent("mutation", this.#mutations), ...unsent("action", this.#actions)];
  }
}

function unsent(
  type: "mutation" | "action",
  calls: Map<number, { readonly call: Call; sent: boolean }>,
): ClientMessage[] {
  const waiting = [...calls].filter(([, { sent }]) => !sent);
  return waiting.map(([requestId, waiter]) => {
    waiter.sent = true;
    return { type, requestId, ...waiter.call };
  });
}

function sameVersion(a: Version, b: Version): boolean {
  return a.querySet === b.querySet && a.identity === b.identity && a.ts === b.ts;
}

function outcomeOf(message: Outcome): Outcome {
  return message.error ? { error: message.error } : { value: message.value };
}
