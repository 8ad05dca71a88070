/** Calls over plain HTTP: no live queries, no open connection. For servers, scripts and edge functions. */

import { fingerprint } from "./contract.js";
import { retryDelayMs } from "./backoff.js";
import { randomUuid, systemClock } from "./environment.js";
import { callError } from "./errors.js";
import type { WireError } from "./errors.js";
import { encodeArgs, targetOf } from "./reference.js";
import type { Action, FunctionKind, Mutation, Query } from "./reference.js";

/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
  init: { method: string; headers: { [name: string]: string }; body: string; signal?: any; cache?: any },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
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

export class HttpClient {
  readonly #address: string;
  readonly #options: HttpClientOptions;
  readonly #session = randomUuid(systemClock);
  #nextRequestId = 1;

  /** Calls the backend at `address` (`https://crm.example`). */
  constructor(address: string, options: HttpClientOptions = {}) {
    this.#address = address.replace(/\/+$/, "");
    this.#options = options;
  }

  query<Returns>(query: Query<{}, Returns>): Promise<Returns>;
  query<Args, Returns>(query: Query<Args, Returns>, args: NoInfer<Args>): Promise<Returns>;
  query(query: Query<never, unknown>, args: unknown = {}): Promise<unknown> {
    return this.#call("query", query, args, this.#options.retries ?? 3);
  }

  /** Runs a mutation once, however often it is tried. */
  mutation<Returns>(mutation: Mutation<{}, Returns>): Promise<Returns>;
  mutation<Args, Returns>(mutation: Mutation<Args, Returns>, args: NoInfer<Args>): Promise<Returns>;
  mutation(mutation: Mutation<never, unknown>, args: unknown = {}): Promise<unknown> {
    const headers = { "Idempotency-Key": `${this.#session}:${this.#nextRequestId++}` };
    return this.#call("mutation", mutation, args, this.#options.retries ?? 3, headers);
  }

  /** Runs an action; never tried again, because it may have run. */
  action<Returns>(action: Action<{}, Returns>): Promise<Returns>;
  action<Args, Returns>(action: Action<Args, Returns>, args: NoInfer<Args>): Promise<Returns>;
  action(action: Action<never, unknown>, args: unknown = {}): Promise<unknown> {
    return this.#call("action", action, args, 0);
  }

  async #call(
    kind: FunctionKind,
    reference: Query<never, unknown> | Mutation<never, unknown> | Action<never, unknown>,
    args: unknown,
    retries: number,
    headers: { [name: string]: string } = {},
  ): Promise<unknown> {
    const target = targetOf(reference);
    const { path, codecs } = target;
    const body = encodeArgs(target, args);
    const { token } = this.#options;
    const bearer = typeof token === "function" ? await token() : token;
    if (bearer) headers["Authorization"] = `Bearer ${bearer}`;
    headers["Content-Type"] = "application/json";
    headers["Schemagen-Contract"] = fingerprint;
    const { client = "", version = "" } = this.#options;
    headers["Schemagen-Client"] = ["typescript", client, version].map(encodeURIComponent).join("/");
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#send(`${this.#address}/api/${kind}/${path}`, headers, body);
      if ("value" in answer) return codecs ? codecs.decodeReturns(path, answer.value) : answer.value;
      const error = callError(answer.error, codecs);
      if (error.kind !== "unavailable" || attempt > retries) throw error;
      const delayMs = Math.max(retryDelayMs(attempt, Math.random()), answer.retryAfterMs ?? 0);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }

  async #send(url: string, headers: { [name: string]: string }, body: string): Promise<Answer> {
    const { fetch = globalThis.fetch as Fetch, timeoutMs = 30_000 } = this.#options;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      const response = await fetch(url, { method: "POST", headers, body, signal: abort.signal, ...NO_STORE });
      return answerOf(url, response.status, await response.text(), response.headers.get("Retry-After"));
    } catch (error) {
      if (abort.signal.aborted) return notReached("timeout", `no answer from ${url} within ${timeoutMs} ms`);
      return notReached("unavailable", `${url} was not reached: ${String(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Frameworks may cache what is fetched on a server; some platforms know no cache, and refuse the word. */
const NO_STORE = "cache" in (globalThis.Request?.prototype ?? {}) ? { cache: "no-store" } : {};

type Answer = { value: unknown } | { error: WireError; retryAfterMs?: number };

function notReached(code: "timeout" | "unavailable", message: string): Answer {
  return { error: { kind: "unavailable", code, message } };
}

/** What a response says; a proxy in between may answer anything. */
function answerOf(url: string, status: number, text: string, retryAfter: string | null): Answer {
  const { value, error } = parse(text);
  if (status === 200 && value !== undefined) return { value };
  const kind = status === 429 || (status >= 502 && status <= 504) ? "unavailable" : "protocol";
  const message = `${url} answered with status ${status} and no result: ${text.slice(0, 200)}`;
  return { error: error?.kind ? error : { kind, code: kind, message }, retryAfterMs: Number(retryAfter) * 1000 || 0 };
}

function parse(text: string): { value?: unknown; error?: WireError } {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}
