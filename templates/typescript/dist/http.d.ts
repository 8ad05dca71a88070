/** Calls over plain HTTP: no live queries, no open connection. For servers, scripts and edge functions. */
import type { Action, Mutation, Query } from "./reference.js";
/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: {
      [name: string]: string;
    };
    body: string;
    signal?: any;
    cache?: any;
  },
) => Promise<{
  readonly status: number;
  readonly headers: {
    get(name: string): string | null;
  };
  text(): Promise<string>;
}>;
export interface HttpClientOptions {
  /** The caller's JWT, or what gives it; asked before every call. */
  readonly token?: string | (() => Promise<string | null> | string | null);
  /** Milliseconds one attempt may take. Default: 30 s. */
  readonly timeoutMs?: number;
  /** How often a query or mutation is tried again when the server is not reached. Default: 3. */
  readonly retries?: number;
  readonly fetch?: Fetch;
  /** What this application is called, `mobile`, and its version, `3.2.0`: for `schemagen clients`. */
  readonly client?: string;
  readonly version?: string;
}
export declare class HttpClient {
  #private;
  /** Calls the backend at `address` (`https://crm.example`). */
  constructor(address: string, options?: HttpClientOptions);
  query<Returns>(query: Query<{}, Returns>): Promise<Returns>;
  query<Args, Returns>(
    query: Query<Args, Returns>,
    args: NoInfer<Args>,
  ): Promise<Returns>;
  /** Runs a mutation once, however often it is tried. */
  mutation<Returns>(mutation: Mutation<{}, Returns>): Promise<Returns>;
  mutation<Args, Returns>(
    mutation: Mutation<Args, Returns>,
    args: NoInfer<Args>,
  ): Promise<Returns>;
  /** Runs an action; never tried again, because it may have run. */
  action<Returns>(action: Action<{}, Returns>): Promise<Returns>;
  action<Args, Returns>(
    action: Action<Args, Returns>,
    args: NoInfer<Args>,
  ): Promise<Returns>;
}
