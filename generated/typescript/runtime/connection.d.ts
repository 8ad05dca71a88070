/** The one WebSocket: opened, kept alive, opened again. What is said over it is decided in `sync.ts`. */
import type { TokenFetcher } from "./auth.js";
import type { Clock, Lifecycle, WebSocketConstructor } from "./environment.js";
import type { CallError } from "./errors.js";
import type { Effect, SyncClient } from "./sync.js";
/** How the client stands with the server. Each change is a new object. */
export interface ConnectionState {
  /** `idle` until something is asked for, `closed` for good. Results stay visible while it is `reconnecting`. */
  readonly status:
    "idle" | "connecting" | "connected" | "reconnecting" | "closed";
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
export declare class Connection {
  #private;
  constructor(options: ConnectionOptions);
  get state(): ConnectionState;
  listen(listener: () => void): () => void;
  /** Connects, unless it has begun to. */
  start(): void;
  /** Ends for good. */
  stop(error?: CallError | null): void;
  /** Sends what is not sent yet. */
  flush(): void;
  setAuth(fetchToken: TokenFetcher | null): void;
}
