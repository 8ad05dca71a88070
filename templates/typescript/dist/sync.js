/** The client's half of the sync protocol, without a socket or a clock: calls and messages in, effects out. */
import { HeldValues } from "./diff.js";
import { protocol } from "./messages.js";
/** The most queries that one frame adds: a frame never grows with the number of queries. */
const FRAME_QUERIES = 100;
/** A call below this size fits whatever a server's limit is; counted in UTF-16 units, which are up to 3 bytes. */
const FRAME_CHARACTERS_SAFE = 2 ** 14;
const CLOSE_TOO_LARGE = 1009;
/**
 * One client's half. It holds what the client wants (queries, calls under way), where it stands, and the results as the
 * server sent them; no types, and nobody who waits.
 */
export class SyncClient {
  #session;
  #contract;
  #queries = new Map();
  #mutations = new Map();
  #actions = new Map();
  /** Queries the server knows of and nobody wants any more. */
  #unwanted = [];
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
  #version = null;
  /** The query set version at which this connection has caught up with the one before. */
  #caughtUpAt = 0;
  /** Results that came before all had: shown together once it has caught up. */
  #staged = new Map();
  /** Mutations whose effect may be staged while their response is not here: nothing is shown before it is. */
  #shownBy = new Set();
  /** Mutations sent again on this connection that have no response yet. */
  #resent = new Set();
  #synced = false;
  #values = new HeldValues();
  /** Whether values may be told by what is held; no longer once that went wrong. */
  #digests;
  #client;
  constructor(session, contract, digests = true, client) {
    this.#session = session;
    this.#contract = contract;
    this.#digests = digests;
    this.#client = client;
  }
  /** Whether all results are of one version, and that of this connection. */
  get isCaughtUp() {
    return this.#version !== null && this.#version.querySet >= this.#caughtUpAt;
  }
  /** Whether the server has computed this query for this connection. */
  get isSynced() {
    return this.#synced;
  }
  // --- what the application does ---
  /** Starts to watch a query. Sent by the next `flush`, together with its neighbours. */
  watch(call) {
    const queryId = this.#nextQueryId++;
    this.#queries.set(queryId, { call, sent: false });
    return queryId;
  }
  unwatch(queryId) {
    if (this.#queries.get(queryId)?.sent) this.#unwanted.push(queryId);
    this.#queries.delete(queryId);
    this.#values.forget(queryId);
    this.#staged.delete(queryId);
  }
  /** Adds a mutation; the next `flush` sends it, behind the queries it may change. */
  mutate(call) {
    const requestId = this.#nextMutationId++;
    this.#mutations.set(requestId, { call, sent: false, response: null });
    return requestId;
  }
  act(call) {
    const requestId = this.#nextActionId++;
    this.#actions.set(requestId, { call, sent: false });
    return requestId;
  }
  /** Sends all that is not sent yet. */
  flush() {
    if (!this.#open || this.#held) return [];
    return [...this.#queryMessages(), ...this.#callMessages()].map(
      (message) => ({ type: "send", message }),
    );
  }
  /** Keeps everything back until `authenticate`: a new token is on its way. */
  hold() {
    this.#held = true;
  }
  /** From here on the caller is somebody else. */
  authenticate(token) {
    this.#held = this.#answered = false;
    if (!this.#open) return [];
    const message = {
      type: "authenticate",
      baseVersion: this.#identity,
      newVersion: ++this.#identity,
      token,
    };
    return [{ type: "send", message }, ...this.flush()];
  }
  // --- what the connection does ---
  /** A socket is open: the whole state goes out, not waiting for an answer. */
  opened(token) {
    this.#open = true;
    this.#held = this.#answered = false;
    this.#querySet = this.#identity = 0;
    for (const [requestId, mutation] of this.#mutations) {
      if (mutation.sent && !mutation.response) this.#shownBy.add(requestId); // it may have run
      mutation.sent = mutation.response !== null;
      if (!mutation.sent) this.#resent.add(requestId);
    }
    const { session, contract, lastTs } = {
      session: this.#session,
      contract: this.#contract,
      lastTs: this.#lastTs,
    };
    const hello = {
      type: "connect",
      protocol,
      session,
      lastTs,
      contract,
      token,
    };
    if (this.#digests) hello.digests = true;
    if (this.#client) hello.client = this.#client;
    const connect = { type: "send", message: hello };
    const rest = this.flush();
    this.#caughtUpAt = this.#querySet;
    return [connect, ...rest];
  }
  /** The connection is gone. Actions in flight end here; mutations wait to be sent again, results stay as they are. */
  lost(closeCode = 1006) {
    this.#open = this.#synced = false;
    this.#version = null;
    this.#unwanted = [];
    for (const query of this.#queries.values()) query.sent = false;
    this.#staged.clear();
    this.#resent.clear();
    const message =
      "the connection was lost while the action ran; whether it ran to its end is unknown";
    const error = { kind: "unavailable", code: "connection_lost", message };
    const inFlight = [...this.#actions].filter(([, action]) => action.sent);
    const tooLarge = closeCode === CLOSE_TOO_LARGE ? this.#endLargest() : [];
    return [
      { type: "lost" },
      ...inFlight.map(([requestId]) => this.#endAction(requestId, { error })),
      ...tooLarge,
    ];
  }
  /** The server takes no frame of this size: the largest mutation, sent again, would end every connection to come. */
  #endLargest() {
    const sizes = [...this.#mutations].map(([id, { call }]) => [
      JSON.stringify(call).length,
      id,
    ]);
    const [size, requestId] = sizes.sort(([a], [b]) => b - a)[0] ?? [0, 0];
    if (size < FRAME_CHARACTERS_SAFE) return [];
    this.#mutations.delete(requestId);
    this.#shownBy.delete(requestId);
    const message = `a call of ${size} characters is more than the server takes`;
    return [
      {
        type: "mutationDone",
        requestId,
        outcome: { error: { kind: "protocol", code: "protocol", message } },
      },
    ];
  }
  receive(message) {
    if (!this.#open) return [];
    switch (message.type) {
      case "connected":
        return [
          {
            type: "met",
            contract: message.contract,
            outdated: message.outdated,
          },
          ...this.#connected(message.ts),
        ];
      case "transition":
        return this.#transition(
          message.start,
          message.end,
          message.changes,
          message.mutations,
        );
      case "mutationResponse":
        return this.#mutationResponse(
          message.requestId,
          message.ts,
          outcomeOf(message),
        );
      case "actionResponse":
        return this.#actions.has(message.requestId)
          ? [this.#endAction(message.requestId, outcomeOf(message))]
          : [];
      case "authError":
        return this.#authError(message.identityVersion, message.error);
      case "fatalError":
        return [{ type: "fatal", error: message.error }];
      case "pong":
        return [];
      default:
        message; // a message of tomorrow's server
        return [];
    }
  }
  #connected(ts) {
    if (ts < this.#lastTs) this.#enterOtherHistory(ts);
    this.#lastTs = ts;
    this.#version = { querySet: 0, identity: 0, ts };
    return this.#catchUp();
  }
  /** The server was restored from a backup, or lost its memory: timestamps seen so far mean nothing to it. */
  #enterOtherHistory(ts) {
    for (const { response } of this.#mutations.values())
      if (response) response.ts = Math.min(response.ts, ts);
  }
  #transition(start, end, changes, mutations = []) {
    if (!this.#version || !sameVersion(start, this.#version)) {
      const at = this.#version
        ? JSON.stringify(this.#version)
        : "no version yet";
      return [
        {
          type: "drop",
          reason: `the server moves on from ${JSON.stringify(start)}, the client is at ${at}`,
        },
      ];
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
      if (this.#mutations.get(requestId)?.response === null)
        this.#shownBy.add(requestId);
    }
    const identified =
      !this.#answered && end.identity === this.#identity
        ? [{ type: "identified" }]
        : [];
    this.#answered ||= identified.length > 0;
    return [...identified, ...this.#catchUp()];
  }
  /** What the server builds on is not what is held: the next connection is sent every value whole. */
  #startOver(queryId) {
    this.#values = new HeldValues();
    this.#digests = false;
    return [
      {
        type: "drop",
        reason: `a change of query ${queryId} does not fit the value before it`,
      },
    ];
  }
  #authError(identityVersion, error) {
    if (identityVersion !== this.#identity) return []; // of a token that has been replaced since
    this.#answered = true;
    return [{ type: "tokenRefused", error }];
  }
  #mutationResponse(requestId, ts, outcome) {
    const mutation = this.#mutations.get(requestId);
    if (!mutation) return [];
    mutation.response = { ts, outcome };
    this.#lastTs = Math.max(this.#lastTs, ts);
    this.#resent.delete(requestId);
    this.#shownBy.delete(requestId);
    return this.#catchUp();
  }
  /** Shows what came in, ends the mutations that are now visible, and says so when nothing is left behind. */
  #catchUp() {
    if (!this.isCaughtUp || this.#shownBy.size) return [];
    const effects = [];
    if (this.#staged.size)
      effects.push({ type: "results", results: this.#staged });
    this.#staged = new Map();
    for (const [requestId, { response }] of this.#mutations) {
      if (!response || response.ts > this.#version.ts) continue;
      this.#mutations.delete(requestId);
      effects.push({
        type: "mutationDone",
        requestId,
        outcome: response.outcome,
      });
    }
    if (!this.#synced && !this.#resent.size) {
      this.#synced = true;
      effects.push({ type: "synced" });
    }
    return effects;
  }
  #endAction(requestId, outcome) {
    this.#actions.delete(requestId);
    return { type: "actionDone", requestId, outcome };
  }
  #queryMessages() {
    const added = [...this.#queries].filter(([, query]) => !query.sent);
    const removed = this.#unwanted;
    this.#unwanted = [];
    for (const [, query] of added) query.sent = true;
    const add = added.map(([queryId, { call }]) => ({
      queryId,
      ...call,
      ...this.#values.digest(queryId),
    }));
    const messages = [];
    for (
      let from = 0;
      from < add.length || (from === 0 && removed.length);
      from += FRAME_QUERIES
    ) {
      const versions = {
        baseVersion: this.#querySet,
        newVersion: ++this.#querySet,
      };
      const remove = from === 0 ? removed : [];
      messages.push({
        type: "modifyQuerySet",
        ...versions,
        add: add.slice(from, from + FRAME_QUERIES),
        remove,
      });
    }
    return messages;
  }
  #callMessages() {
    return [
      ...unsent("mutation", this.#mutations),
      ...unsent("action", this.#actions),
    ];
  }
}
function unsent(type, calls) {
  const waiting = [...calls].filter(([, { sent }]) => !sent);
  return waiting.map(([requestId, waiter]) => {
    waiter.sent = true;
    return { type, requestId, ...waiter.call };
  });
}
function sameVersion(a, b) {
  return (
    a.querySet === b.querySet && a.identity === b.identity && a.ts === b.ts
  );
}
function outcomeOf(message) {
  return message.error ? { error: message.error } : { value: message.value };
}
