/** The one WebSocket: opened, kept alive, opened again. What is said over it is decided in `sync.ts`. */

import { refreshDelayMs } from "./auth.js";
import type { TokenFetcher } from "./auth.js";
import { retryDelayMs } from "./backoff.js";
import type { Clock, Lifecycle, WebSocketConstructor, WebSocketLike } from "./environment.js";
import { callError, unavailable } from "./errors.js";
import type { CallError, WireError } from "./errors.js";
import { encode } from "./json.js";
import { notify } from "./listeners.js";
import type { ServerMessage } from "./messages.js";
import type { Effect, SyncClient } from "./sync.js";

const SILENCE_MS_MAX = 25_000; // then it pings
const ANSWER_MS_MAX = 10_000; // then the connection counts as lost
const PROBE_MS_MAX = 2_000; // the same when the application comes back
const TOKEN_RETRY_MS = 10_000;

const CLOSE_RESTARTING = 1012;
const CLOSE_UNSUPPORTED = 4426;

/** How the client stands with the server. Each change is a new object. */
export interface ConnectionState {
  /** `idle` until something is asked for, `closed` for good. Results stay visible while it is `reconnecting`. */
  readonly status: "idle" | "connecting" | "connected" | "reconnecting" | "closed";
  /** Whether all results are current. */
  readonly isSynced: boolean;
  /** Attempts that failed since the last time all was current. */
  readonly retries: number;
  /** Why the last attempt failed, or the token was refused; null if all is well. */
  readonly error: CallError | null;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly webSocket: WebSocketConstructor;
  readonly lifecycle: Lifecycle;
  readonly clock: Clock;
  readonly sync: SyncClient;
  /** Takes every effect that is not for the socket. */
  readonly perform: (effects: readonly Effect[]) => void;
}

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #sync: SyncClient;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  /** What the server said before it closed the socket. */
  #fatal: CallError | null = null;
  #state: ConnectionState = { status: "idle", isSynced: false, retries: 0, error: null };
  #socket: WebSocketLike | null = null;
  /** Whether `connect` went out on the socket. */
  #begun = false;
  #fetchToken: TokenFetcher | null = null;
  /** Moves with every `setAuth`: a token that was asked for before is not used. */
  #authVersion = 0;
  /** Whether the current token was fetched because one was refused: a second refusal is final. */
  #refused = false;
  /** Ping when quiet, or give up when no answer comes. */
  #keepAlive: unknown;
  #retry: unknown;
  #refresh: unknown;
  #stopListening: (() => void) | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#sync = options.sync;
    this.#clock = options.clock;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Connects, unless it has begun to. */
  start(): void {
    if (this.#state.status !== "idle") return;
    this.#stopListening = this.#options.lifecycle.listen(() => this.#wake());
    this.#open("connecting");
  }

  /** Ends for good. */
  stop(error: CallError | null = null): void {
    if (this.#state.status === "closed") return;
    this.#stopListening?.();
    this.#socket?.close(1000);
    this.#abandon(1000);
    this.#setState({ status: "closed", isSynced: false, error });
  }

  /** Sends what is not sent yet. */
  flush(): void {
    this.#perform(this.#sync.flush());
  }

  setAuth(fetchToken: TokenFetcher | null): void {
    this.#fetchToken = fetchToken;
    this.#authVersion++;
    this.#refused = false;
    if (!this.#begun) return; // the token is fetched when the socket is open
    this.#sync.hold();
    void this.#renewToken(false);
  }

  // --- one socket's life ---

  #open(status: "connecting" | "reconnecting"): void {
    this.#setState({ status });
    let socket: WebSocketLike;
    try {
      socket = new this.#options.webSocket(this.#options.url);
    } catch (error) {
      return this.stop(unavailable("unavailable", `cannot connect to ${this.#options.url}: ${String(error)}`));
    }
    this.#socket = socket;
    this.#expectAnswer(ANSWER_MS_MAX);
    socket.onopen = () => void this.#begin(socket);
    socket.onmessage = (event: { data: unknown }) => socket === this.#socket && this.#receive(event.data);
    socket.onclose = (event: { code?: number; reason?: string } | undefined) =>
      socket === this.#socket && this.#lose(event?.code ?? 1006, event?.reason ?? "");
    socket.onerror = () => undefined; // close follows, and says more
  }

  /** The socket is open. Nothing is sent before the token is there: no query runs as nobody first. */
  async #begin(socket: WebSocketLike): Promise<void> {
    this.#clock.clearTimeout(this.#keepAlive);
    let token: string | null;
    let version: number;
    try {
      do {
        version = this.#authVersion;
        token = (await this.#fetchToken?.({ force: false })) ?? null;
      } while (version !== this.#authVersion && socket === this.#socket);
    } catch (error) {
      if (socket === this.#socket) this.#drop(`the token fetcher failed: ${String(error)}`);
      return;
    }
    if (socket !== this.#socket) return;
    this.#begun = true;
    this.#refused = false;
    this.#expectAnswer(ANSWER_MS_MAX);
    this.#scheduleRefresh(token);
    this.#perform(this.#sync.opened(token));
  }

  #receive(data: unknown): void {
    let message: ServerMessage;
    try {
      message = JSON.parse(String(data)) as ServerMessage;
    } catch {
      return this.#drop("the server sent something that is no JSON");
    }
    this.#clock.clearTimeout(this.#keepAlive);
    this.#keepAlive = this.#clock.setTimeout(() => this.#ping(ANSWER_MS_MAX), SILENCE_MS_MAX);
    if (message.type === "connected") this.#setState({ status: "connected", error: null });
    this.#perform(this.#sync.receive(message));
  }

  #ping(answerMsMax: number): void {
    this.#socket?.send('{"type":"ping"}');
    this.#expectAnswer(answerMsMax);
  }

  #expectAnswer(answerMsMax: number): void {
    this.#clock.clearTimeout(this.#keepAlive);
    this.#keepAlive = this.#clock.setTimeout(() => this.#drop("the server does not answer"), answerMsMax);
  }

  /** Gives the socket up and tries anew. */
  #drop(reason: string): void {
    this.#socket?.close();
    this.#lose(1006, reason);
  }

  #lose(code: number, reason: string): void {
    this.#abandon(code);
    const message = `the connection to ${this.#options.url} was lost (${reason || `close code ${code}`})`;
    const error = this.#fatal ?? unavailable("connection_lost", message);
    this.#fatal = null;
    if (code === CLOSE_UNSUPPORTED) return this.stop(error);
    const retries = this.#state.retries + 1;
    this.#setState({ status: "reconnecting", isSynced: false, retries, error });
    const restarting = code === CLOSE_RESTARTING && retries === 1;
    const random = this.#clock.random();
    const delayMs = restarting ? random * 500 : retryDelayMs(retries, random);
    this.#retry = this.#clock.setTimeout(() => this.#open("reconnecting"), delayMs);
  }

  /** Forgets the socket, and tells `sync` of it. */
  #abandon(closeCode: number): void {
    this.#socket = null;
    for (const timer of [this.#keepAlive, this.#retry, this.#refresh]) this.#clock.clearTimeout(timer);
    if (this.#begun) this.#perform(this.#sync.lost(closeCode));
    this.#begun = false;
  }

  /** The application is in front or online again: a wait is over, and a silent socket has to prove itself. */
  #wake(): void {
    if (this.#begun) return this.#ping(PROBE_MS_MAX);
    if (this.#socket || this.#state.status === "closed") return;
    this.#clock.clearTimeout(this.#retry);
    this.#open("reconnecting");
  }

  // --- tokens ---

  async #renewToken(force: boolean): Promise<void> {
    const version = this.#authVersion;
    const socket = this.#socket;
    const isCurrent = () => version === this.#authVersion && socket === this.#socket && this.#begun;
    try {
      const token = (await this.#fetchToken?.({ force })) ?? null;
      if (!isCurrent()) return;
      this.#scheduleRefresh(token);
      this.#perform(this.#sync.authenticate(token));
    } catch (error) {
      if (isCurrent()) this.#drop(`the token fetcher failed: ${String(error)}`);
    }
  }

  /** Replaces a token before it expires. Failing is no harm yet: the old one still counts. */
  #scheduleRefresh(token: string | null, delayMs = token && refreshDelayMs(token, this.#clock.now())): void {
    this.#clock.clearTimeout(this.#refresh);
    if (token === null || delayMs === null || delayMs === "" || !this.#fetchToken) return;
    const version = this.#authVersion;
    this.#refresh = this.#clock.setTimeout(async () => {
      const next = await Promise.resolve(this.#fetchToken?.({ force: true })).catch(() => undefined);
      if (version !== this.#authVersion || !this.#begun) return;
      if (!next || next === token) return this.#scheduleRefresh(token, TOKEN_RETRY_MS);
      this.#scheduleRefresh(next);
      this.#perform(this.#sync.authenticate(next));
    }, delayMs);
  }

  /** Asks once for a better token; if that is refused as well the caller stays nobody, and `state.error` says so. */
  #tokenRefused(error: WireError): void {
    if (this.#refused || !this.#fetchToken) return this.#setState({ error: callError(error) });
    this.#refused = true;
    this.#sync.hold();
    void this.#renewToken(true);
  }

  // --- effects ---

  #perform(effects: readonly Effect[]): void {
    const others: Effect[] = [];
    for (const effect of effects) {
      if (effect.type === "send") this.#socket?.send(encode(effect.message));
      else others.push(effect);
    }
    if (others.length) this.#options.perform(others);
    for (const effect of others) this.#react(effect);
  }

  #react(effect: Effect): void {
    if (effect.type === "synced") this.#setState({ isSynced: true, retries: 0 });
    else if (effect.type === "identified") this.#refused = false;
    else if (effect.type === "tokenRefused") this.#tokenRefused(effect.error);
    else if (effect.type === "fatal") this.#fatal = callError(effect.error);
    else if (effect.type === "drop") this.#drop(effect.reason);
  }

  #setState(change: Partial<ConnectionState>): void {
    this.#state = { ...this.#state, ...change };
    notify([...this.#listeners]);
  }
}
