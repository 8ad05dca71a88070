import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { ContractMismatch, SchemagenError } from "../src/errors.js";
import { HttpClient } from "../src/http.js";
import type { HttpClientOptions } from "../src/http.js";
import { api } from "./world.js";

interface Seen {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A server that answers each request with the next of `answers`, over a real socket. */
async function serve(
  answers: ((response: ServerResponse) => void)[],
  use: (client: (options?: HttpClientOptions) => HttpClient, seen: Seen[]) => Promise<void>,
): Promise<void> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      seen.push({ url: `${request.method} ${request.url}`, headers: request.headers, body });
      answers.shift()!(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    await use((options) => new HttpClient(address, options), seen);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function answer(status: number, body: unknown, headers: { [name: string]: string } = {}) {
  return (response: ServerResponse) =>
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
}

test("a query is a POST, its values encoded", () =>
  serve([answer(200, { value: "9007199254740993", ts: 1 })], async (client, seen) => {
    assert.equal(await client({ token: "t" }).query(api.billing.total, { since: 5n }), 9007199254740993n);
    assert.equal(seen[0]!.url, "POST /api/query/billing.total");
    assert.equal(seen[0]!.body, '{"since":"5"}');
    assert.equal(seen[0]!.headers.authorization, "Bearer t");
    assert.equal(seen[0]!.headers["content-type"], "application/json");
  }));

test("a call says what it was built from and by whom, and a function that no longer fits is not tried again", () => {
  const data = { function: "billing.total", reason: "it is gone" };
  const error = { kind: "contractMismatch", code: "contract_mismatch", message: "update this app", data };
  return serve([answer(409, { error })], async (client, seen) => {
    const http = client({ client: "back office", version: "3/ü" });
    const failed = await http.query(api.billing.total).catch((error: unknown) => error);
    assert.ok(failed instanceof ContractMismatch);
    assert.deepEqual([failed.function, failed.reason, failed.witness], ["billing.total", "it is gone", undefined]);
    assert.equal(seen[0]!.headers["schemagen-contract"], "");
    assert.equal(seen[0]!.headers["schemagen-client"], "typescript/back%20office/3%2F%C3%BC");
  });
});

test("a mutation is tried again under the same key", () => {
  const unavailable = { error: { kind: "unavailable", code: "unavailable", message: "restarting" } };
  return serve(
    [answer(503, unavailable), (r) => r.destroy(), answer(200, { value: "id", ts: 1 })],
    async (client, seen) => {
      const http = client({ token: async () => null });
      assert.equal(await http.mutation(api.contacts.create, { fullName: "Ada" }), "id");
      const keys = seen.map(({ headers }) => headers["idempotency-key"]);
      assert.match(String(keys[0]), /^[0-9a-f-]{36}:1$/);
      assert.deepEqual(keys, [keys[0], keys[0], keys[0]]);
      assert.equal(seen[0]!.headers.authorization, undefined);
    },
  );
});

test("an action is never tried again", () =>
  serve([(r) => r.destroy()], async (client, seen) => {
    await assert.rejects(client().action(api.contacts.export), { kind: "unavailable" });
    assert.equal(seen.length, 1);
  }));

test("an error of the application is not tried again, and has its fields", () => {
  const error = { kind: "app", code: "quota_exceeded", message: "No.", data: { limit: "3" } };
  return serve([answer(400, { error })], async (client) => {
    const failure = (await client()
      .mutation(api.contacts.create, { fullName: "" })
      .catch((e: unknown) => e)) as SchemagenError;
    assert.ok(failure instanceof SchemagenError);
    assert.deepEqual([failure.kind, failure.code, failure.data], ["app", "quota_exceeded", { limit: 3n }]);
  });
});

test("mistakes in arguments are part of the message", () => {
  const issues = [{ path: ["page", "size"], message: "must be at most 1000" }];
  const error = { kind: "invalidArguments", code: "invalid_arguments", message: "invalid arguments", issues };
  return serve([answer(422, { error })], async (client) => {
    await assert.rejects(client().query(api.contacts.list), {
      message: "invalid arguments\n  page.size: must be at most 1000",
      issues,
    });
  });
});

test("whatever a proxy answers becomes an error that shows it", () =>
  serve([answer(404, "<h1>nginx</h1>"), answer(200, "null")], async (client) => {
    await assert.rejects(client().query(api.contacts.list), {
      kind: "protocol",
      message: /status 404 and no result: <h1>nginx/,
    });
    await assert.rejects(client().query(api.contacts.list), {
      kind: "protocol",
      message: /status 200 and no result: null/,
    });
  }));

test("a server that says nothing is given up in time", () =>
  serve([() => undefined], async (client) => {
    const http = client({ timeoutMs: 50, retries: 0 });
    await assert.rejects(http.query(api.contacts.list), { kind: "unavailable", code: "timeout" });
  }));
