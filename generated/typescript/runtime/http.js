/** Calls over plain HTTP: no live queries, no open connection. For servers, scripts and edge functions. */
import { fingerprint } from "./contract.js";
import { retryDelayMs } from "./backoff.js";
import { randomUuid, systemClock } from "./environment.js";
import { callError } from "./errors.js";
import { encodeArgs, targetOf } from "./reference.js";
export class HttpClient {
  #address;
  #options;
  #session = randomUuid(systemClock);
  #nextRequestId = 1;
  /** Calls the backend at `address` (`https://crm.example`). */
  constructor(address, options = {}) {
    this.#address = address.replace(/\/+$/, "");
    this.#options = options;
  }
  query(query, args = {}) {
    return this.#call("query", query, args, this.#options.retries ?? 3);
  }
  mutation(mutation, args = {}) {
    const headers = {
      "Idempotency-Key": `${this.#session}:${this.#nextRequestId++}`,
    };
    return this.#call(
      "mutation",
      mutation,
      args,
      this.#options.retries ?? 3,
      headers,
    );
  }
  action(action, args = {}) {
    return this.#call("action", action, args, 0);
  }
  async #call(kind, reference, args, retries, headers = {}) {
    const target = targetOf(reference);
    const { path, codecs } = target;
    const body = encodeArgs(target, args);
    const { token } = this.#options;
    const bearer = typeof token === "function" ? await token() : token;
    if (bearer) headers["Authorization"] = `Bearer ${bearer}`;
    headers["Content-Type"] = "application/json";
    headers["Schemagen-Contract"] = fingerprint;
    const { client = "", version = "" } = this.#options;
    headers["Schemagen-Client"] = ["typescript", client, version]
      .map(encodeURIComponent)
      .join("/");
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#send(
        `${this.#address}/api/${kind}/${path}`,
        headers,
        body,
      );
      if ("value" in answer)
        return codecs ? codecs.decodeReturns(path, answer.value) : answer.value;
      const error = callError(answer.error, codecs);
      if (error.kind !== "unavailable" || attempt > retries) throw error;
      const delayMs = Math.max(
        retryDelayMs(attempt, Math.random()),
        answer.retryAfterMs ?? 0,
      );
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
  async #send(url, headers, body) {
    const { fetch = globalThis.fetch, timeoutMs = 30_000 } = this.#options;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      const response = await fetch(url, {
        method: "POST",
        headers,
        body,
        signal: abort.signal,
        ...NO_STORE,
      });
      return answerOf(
        url,
        response.status,
        await response.text(),
        response.headers.get("Retry-After"),
      );
    } catch (error) {
      if (abort.signal.aborted)
        return notReached(
          "timeout",
          `no answer from ${url} within ${timeoutMs} ms`,
        );
      return notReached(
        "unavailable",
        `${url} was not reached: ${String(error)}`,
      );
    } finally {
      clearTimeout(timer);
    }
  }
}
/** Frameworks may cache what is fetched on a server; some platforms know no cache, and refuse the word. */
const NO_STORE =
  "cache" in (globalThis.Request?.prototype ?? {}) ? { cache: "no-store" } : {};
function notReached(code, message) {
  return { error: { kind: "unavailable", code, message } };
}
/** What a response says; a proxy in between may answer anything. */
function answerOf(url, status, text, retryAfter) {
  const { value, error } = parse(text);
  if (status === 200 && value !== undefined) return { value };
  const kind =
    status === 429 || (status >= 502 && status <= 504)
      ? "unavailable"
      : "protocol";
  const message = `${url} answered with status ${status} and no result: ${text.slice(0, 200)}`;
  return {
    error: error?.kind ? error : { kind, code: kind, message },
    retryAfterMs: Number(retryAfter) * 1000 || 0,
  };
}
function parse(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
