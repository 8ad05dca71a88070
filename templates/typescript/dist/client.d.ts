/** The client: calls and live queries over one WebSocket, shared by everything that asks for the same. */
import type { TokenFetcher } from "./auth.js";
import type { ConnectionState } from "./connection.js";
import type { ContractState } from "./fit.js";
import type { Clock, Lifecycle, WebSocketConstructor } from "./environment.js";
import type { CallError } from "./errors.js";
import type { MutationOptions } from "./optimistic.js";
import type { Action, Mutation, Query } from "./reference.js";
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
  | {
      readonly value: Returns;
      readonly error?: never;
    }
  | {
      readonly error: CallError;
      readonly value?: never;
    };
/** A query with its arguments, not watched before somebody subscribes. For bindings such as `react.ts`. */
export interface Observation<Returns> {
  /** The same for equal arguments of the same query. */
  readonly key: string;
  /** The latest result; undefined if there is none yet. The same object until it changes. */
  current(): QueryState<Returns> | undefined;
  /** Watches the query until the function that comes back is called. */
  subscribe(listener: () => void): () => void;
}
export declare class Client {
  #private;
  /** Connects to the backend at `address` (`https://crm.example`) once something is asked of it. */
  constructor(address: string, options?: ClientOptions);
  /** The result of a query, once: the server's, without optimistic updates. */
  query<Returns>(query: Query<{}, Returns>): Promise<Returns>;
  query<Args, Returns>(
    query: Query<Args, Returns>,
    args: NoInfer<Args>,
  ): Promise<Returns>;
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
  /** Runs an action at most once; rejects with code `connection_lost` if the connection goes while it runs. */
  action<Returns>(action: Action<{}, Returns>): Promise<Returns>;
  action<Args, Returns>(
    action: Action<Args, Returns>,
    args: NoInfer<Args>,
  ): Promise<Returns>;
  /**
   * Calls `onUpdate` with a query's result, and again whenever it changes, until the function that comes back is called.
   * `onError` takes the error a query ends in; it stays watched, and `onUpdate` is called once it has a value again.
   */
  watch<Args, Returns>(
    query: Query<Args, Returns>,
    args: NoInfer<Args>,
    onUpdate: (value: Returns) => void,
    onError?: (error: CallError) => void,
  ): () => void;
  /**
   * The results of a query as they come, the present one first: `for await (const page of client.live(api.contacts.list))`.
   * Results that came while the loop was busy are skipped, but for the last. Throws the error the query ends in.
   */
  live<Returns>(
    query: Query<{}, Returns>,
  ): AsyncGenerator<Returns, never, void>;
  live<Args, Returns>(
    query: Query<Args, Returns>,
    args: NoInfer<Args>,
  ): AsyncGenerator<Returns, never, void>;
  /** A query and its arguments, as bindings need it. */
  observe<Args, Returns>(
    query: Query<Args, Returns>,
    args: NoInfer<Args>,
  ): Observation<Returns>;
  /**
   * Says who is calling from here on: `fetchToken` gives the JWT, and is asked again when it is about to expire or was
   * refused; null for nobody. Nothing is sent until the token is there.
   */
  setAuth(fetchToken: TokenFetcher | null): void;
  get connectionState(): ConnectionState;
  /** Calls `listener` with every change of `connectionState`, until the function that comes back is called. */
  onConnectionState(listener: (state: ConnectionState) => void): () => void;
  /** Whether this application still fits the backend, or must be updated. */
  get contract(): ContractState;
  /** Calls `listener` with every change of `contract`, until the function that comes back is called. */
  onContract(listener: (state: ContractState) => void): () => void;
  /** Closes the connection for good. Calls that have no answer yet reject with code `closed`. */
  close(): void;
}
