/** A world turned by hand: a clock, chance, sockets, and a server that says what the test says. */

import { Client } from "../src/client.js";
import type { ClientOptions } from "../src/client.js";
import type { Clock, WebSocketLike } from "../src/environment.js";
import type { ClientMessage, Outcome, ServerMessage } from "../src/messages.js";
import { makeApi } from "../src/reference.js";
import { makeCodecs } from "../src/codec.js";
import type { Action, Mutation, Query } from "../src/reference.js";

export interface TestApi {
  contacts: {
    list: Query<{ stage?: string }, any>;
    get: Query<{ id: string }, any>;
    create: Mutation<{ fullName: string }, string>;
    export: Action<{ format?: string }, string>;
  };
  billing: { total: Query<{ since?: bigint }, bigint>; add: Mutation<{ amount: bigint }, bigint> };
}

const codecs = makeCodecs({
  args: { "billing.add": ["object", { amount: "int64" }], "billing.total": ["object", { since: "int64" }] },
  returns: { "billing.add": "int64", "billing.total": "int64" },
  errors: { quota_exceeded: ["object", { limit: "int64" }] },
});

export const api = makeApi(codecs) as TestApi;

export class FakeClock implements Clock {
  nowMs = 1_700_000_000_000;
  chance = 0;
  #timers = new Map<number, { at: number; callback: () => void }>();
  #next = 1;

  now(): number {
    return this.nowMs;
  }

  random(): number {
    return this.chance;
  }

  setTimeout(callback: () => void, delayMs: number): number {
    this.#timers.set(this.#next, { at: this.nowMs + delayMs, callback });
    return this.#next++;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as number);
  }

  /** Lets time pass; timers fire in order, and what they start may finish in between. */
  async pass(ms: number): Promise<void> {
    const end = this.nowMs + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.nowMs = due[1].at;
      due[1].callback();
      await settled();
    }
    this.nowMs = end;
  }

  get pending(): number {
    return this.#timers.size;
  }
}

/** Until all that can happen by itself has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export class FakeSocket implements WebSocketLike {
  onopen: ((event: any) => any) | null = null;
  onmessage: ((event: any) => any) | null = null;
  onerror: ((event: any) => any) | null = null;
  onclose: ((event: any) => any) | null = null;
  readonly sent: ClientMessage[] = [];
  closedWith: number | null = null;
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as ClientMessage);
  }

  close(code = 1000): void {
    this.closedWith ??= code;
  }
}

/** A client and the other end of its line. */
export class World {
  readonly clock = new FakeClock();
  readonly sockets: FakeSocket[] = [];
  wake: () => void = () => undefined;
  readonly client: Client;
  #version = { querySet: 0, identity: 0, ts: 0 };

  constructor(options: ClientOptions = {}) {
    const { sockets } = this;
    class Socket extends FakeSocket {
      constructor(url: string) {
        super(url);
        sockets.push(this);
      }
    }
    const lifecycle = {
      listen: (onWake: () => void) => {
        this.wake = onWake;
        return () => (this.wake = () => undefined);
      },
    };
    this.client = new Client("http://crm.example/", { webSocket: Socket, lifecycle, clock: this.clock, ...options });
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  /** Takes what the client sent since the last time. */
  async taken(): Promise<ClientMessage[]> {
    await settled();
    return this.socket.sent.splice(0);
  }

  async types(): Promise<string[]> {
    return (await this.taken()).map((message) => message.type);
  }

  async open(): Promise<void> {
    await settled();
    this.socket.onopen?.({});
    await settled();
  }

  /** Opens the line and answers `connect`. */
  async connect(ts = 1): Promise<ClientMessage[]> {
    await this.open();
    this.connected(ts);
    return this.taken();
  }

  connected(ts: number): void {
    this.#version = { querySet: 0, identity: 0, ts };
    this.say({ type: "connected", protocol: 1, contract: "", ts });
  }

  say(message: ServerMessage): void {
    this.socket.onmessage?.({ data: JSON.stringify(message) });
  }

  /** A transition to `end`, with these results by query id, and the mutations it makes visible. */
  move(
    end: { querySet?: number; identity?: number; ts?: number },
    results: { [queryId: number]: Outcome } = {},
    mutations?: number[],
  ): void {
    const start = this.#version;
    this.#version = { ...start, ...end };
    const changes = Object.entries(results).map(([queryId, outcome]) => ({ queryId: Number(queryId), ...outcome }));
    this.say({ type: "transition", start, end: this.#version, changes, ...(mutations && { mutations }) });
  }

  drop(code = 1006): void {
    this.socket.onclose?.({ code, reason: "" });
  }

  /** Drops the line, waits, and opens the next. */
  async reconnect(ts: number): Promise<ClientMessage[]> {
    this.drop();
    await this.clock.pass(16_000);
    return this.connect(ts);
  }
}

/** What a promise came to so far. */
export function watchPromise<T>(promise: Promise<T>): { value?: T; error?: any; isDone: boolean } {
  const seen: { value?: T; error?: any; isDone: boolean } = { isDone: false };
  promise.then(
    (value) => Object.assign(seen, { value, isDone: true }),
    (error: unknown) => Object.assign(seen, { error, isDone: true }),
  );
  return seen;
}
