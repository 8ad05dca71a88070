import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { ClientMessage, Json, ServerMessage } from "../src/messages.js";
import { SyncClient } from "../src/sync.js";
import type { Effect } from "../src/sync.js";

type Line =
  | { from: "client"; message: ClientMessage }
  | { from: "server"; message: ServerMessage }
  | { from: "network"; message: { type: string; code?: number } }
  | { from: "note" | "engine" | "effect" | "optimistic" | "shown"; message: unknown };

const folder = process.env["SYNC_CASES"]!;
const mistakes = ["bad_version.jsonl", "bad_protocol.jsonl"];

for (const file of readdirSync(folder).filter((name) => name.endsWith(".jsonl") && !mistakes.includes(name))) {
  test(`replays ${file}`, () => {
    const lines = readFileSync(join(folder, file), "utf-8").trim().split("\n");
    replay(lines.map((line) => JSON.parse(line) as Line));
  });
}

/** Plays server and network; the client has to send exactly what stands there, its query ids aside. */
function replay(lines: Line[]): void {
  const messages = (from: number) =>
    lines.slice(from).flatMap((line) => (line.from === "client" ? [line.message] : []));
  const connects = messages(0).filter((message) => message.type === "connect");
  const { session, contract, digests = false, client: who } = connects[0]!;
  const client = new SyncClient(session, contract, digests, who);
  const ids = new Map<number, number>(); // theirs → ours
  const told = new Map<number, unknown>(); // by the engine, of their queries
  const sentOn = new Map<number, unknown>(); // by the server
  const shown = new Map<number, unknown>(); // of ours
  let sent: ClientMessage[] = [];
  const perform = (effects: Effect[]) => {
    for (const effect of effects) {
      if (effect.type !== "results") continue;
      for (const [queryId, { value }] of effect.results) shown.set(queryId, value);
    }
    assert.equal(
      effects.find((effect) => effect.type === "drop"),
      undefined,
    );
    for (const effect of effects) if (effect.type === "send") sent.push(effect.message);
  };
  const watch = (queries: { queryId: number; path: string; args: Json }[]) => {
    for (const { queryId, path, args } of queries) ids.set(queryId, client.watch({ path, args }));
  };
  const unwatch = (queryIds: number[]) => {
    for (const queryId of queryIds) {
      client.unwatch(ids.get(queryId)!);
      ids.delete(queryId);
    }
  };
  const imply = (message: ClientMessage) => {
    if (message.type === "modifyQuerySet") {
      unwatch(message.remove);
      watch(message.add);
    } else if (message.type === "mutation") client.mutate({ path: message.path, args: message.args });
    else if (message.type === "action") client.act({ path: message.path, args: message.args });
    else if (message.type === "authenticate") return perform(client.authenticate(message.token));
    else if (message.type === "ping") return perform([{ type: "send", message }]);
    perform(client.flush());
  };
  for (const [at, line] of lines.entries()) {
    if (line.from === "network" && line.message.type === "opened") {
      const [connect, state] = messages(at);
      if (ids.size && state?.type === "modifyQuerySet") {
        unwatch([...ids.keys()].filter((queryId) => !state.add.some((query) => query.queryId === queryId)));
        watch(state.add.filter((query) => !ids.has(query.queryId)));
      }
      perform(client.opened(connect?.type === "connect" ? connect.token : null));
    } else if (line.from === "network" && line.message.type === "closed") {
      perform(client.lost());
      sent = [];
      told.clear();
    } else if (line.from === "engine") {
      const { changed = {} } = line.message as { changed?: { [queryId: string]: { value?: unknown } } };
      for (const [queryId, { value }] of Object.entries(changed)) told.set(Number(queryId), value);
    } else if (line.from === "server") {
      for (const [queryId, value] of told) sentOn.set(queryId, value);
      perform(client.receive(mapIds(line.message, (queryId) => ids.get(queryId) ?? -1)));
    } else if (line.from === "client") {
      if (line.message.type === "modifyQuerySet" && line.message.remove.some((queryId) => !ids.has(queryId))) return; // ours cannot
      const expected = mapIds(line.message, (queryId) => ids.get(queryId) ?? -1);
      if (!sent.length) imply(line.message);
      const now = mapIds(line.message, (queryId) => ids.get(queryId) ?? -1);
      const removed =
        line.message.type === "modifyQuerySet" ? { remove: (expected as typeof line.message).remove } : {};
      assert.deepEqual(
        mapIds(sent.shift()!, (queryId) => queryId),
        { ...now, ...removed },
      );
    }
  }
  for (const [theirs, value] of sentOn) if (ids.has(theirs)) assert.deepEqual(shown.get(ids.get(theirs)!), value);
}

/** A copy of the message with other query ids. */
function mapIds<M extends ClientMessage | ServerMessage>(message: M, to: (queryId: number) => number): M {
  const copy = JSON.parse(JSON.stringify(message)) as M;
  if (copy.type === "modifyQuerySet") copy.remove = copy.remove.map(to);
  const queries = copy.type === "modifyQuerySet" ? copy.add : copy.type === "transition" ? copy.changes : [];
  for (const query of queries) query.queryId = to(query.queryId);
  return copy;
}

test("a query that is dropped before it was sent is never sent", () => {
  const client = new SyncClient("s", "c");
  client.opened(null);
  client.unwatch(client.watch({ path: "a", args: {} }));
  assert.deepEqual(client.flush(), []);
});

test("the whole query set is sent again in frames of at most 100", () => {
  const client = new SyncClient("s", "c");
  for (let i = 0; i < 250; i++) client.watch({ path: "a", args: { i } });
  const frames = client
    .opened(null)
    .flatMap((e) => (e.type === "send" && e.message.type === "modifyQuerySet" ? [e.message] : []));
  assert.deepEqual(
    frames.map((frame) => [frame.baseVersion, frame.newVersion, frame.add.length]),
    [
      [0, 1, 100],
      [1, 2, 100],
      [2, 3, 50],
    ],
  );
});

test("results of the first frames are held back until the last has its own", () => {
  const client = new SyncClient("s", "c");
  for (let i = 0; i < 101; i++) client.watch({ path: "a", args: { i } });
  client.opened(null);
  client.receive({ type: "connected", protocol: 1, contract: "c", ts: 5 });
  const at = (querySet: number) => ({ querySet, identity: 0, ts: 5 });
  const first = client.receive({ type: "transition", start: at(0), end: at(1), changes: [{ queryId: 1, value: 1 }] });
  assert.deepEqual(
    first.filter((effect) => effect.type === "results"),
    [],
  );
  const second = client.receive({
    type: "transition",
    start: at(1),
    end: at(2),
    changes: [{ queryId: 101, value: 2 }],
  });
  const results = second.find((effect) => effect.type === "results");
  assert.deepEqual(results?.type === "results" && [...results.results.keys()], [1, 101]);
  assert.ok(second.some((effect) => effect.type === "synced"));
});

test("a transition from elsewhere is dropped, not shown", () => {
  const client = new SyncClient("s", "c");
  client.opened(null);
  client.receive({ type: "connected", protocol: 1, contract: "c", ts: 5 });
  const at = (ts: number) => ({ querySet: 0, identity: 0, ts });
  const effects = client.receive({ type: "transition", start: at(4), end: at(6), changes: [] });
  assert.deepEqual(
    effects.map((effect) => effect.type),
    ["drop"],
  );
});

test("a message of tomorrow's server is ignored", () => {
  const client = new SyncClient("s", "c");
  client.opened(null);
  assert.deepEqual(client.receive({ type: "confetti" } as unknown as ServerMessage), []);
});

test("random losses and restarts: every mutation ends once, in order, and results are of one version", () => {
  for (let seed = 1; seed <= 300; seed++) simulate(seed);
});

/** A server with one number, which mutations count up; all queries return it. */
function simulate(seed: number): void {
  let state = seed;
  const random = (n: number) => ((state = (Math.imul(state, 1103515245) + 12345) >>> 0), (state >>> 16) % n);
  const client = new SyncClient("s", "c");
  const answers = new Map<number, number>(); // request id → ts at which it ran
  let ts = 1;
  let line: {
    toServer: ClientMessage[];
    toClient: ServerMessage[];
    querySet: number;
    watched: Set<number>;
    shownTs: number;
  } | null = null;
  const wanted = new Set<number>();
  const shown = new Map<number, number>();
  const done: number[] = [];
  let asked = 0;

  const perform = (effects: Effect[]) => {
    for (const effect of effects) {
      if (effect.type === "send") line?.toServer.push(JSON.parse(JSON.stringify(effect.message)) as ClientMessage);
      else if (effect.type === "mutationDone") done.push(effect.requestId);
      else if (effect.type === "drop") assert.fail(`seed ${seed}: ${effect.reason}`);
      else if (effect.type === "results") {
        for (const [queryId, outcome] of effect.results) shown.set(queryId, outcome.value as number);
        for (const queryId of shown.keys()) if (!wanted.has(queryId)) shown.delete(queryId);
        assert.ok(new Set(shown.values()).size <= 1, `seed ${seed}: mixed versions ${[...shown.values()]}`);
      }
    }
    for (const requestId of done) {
      for (const value of shown.values())
        assert.ok(value >= answers.get(requestId)!, `seed ${seed}: effect not visible`);
    }
  };
  const serve = () => {
    const message = line!.toServer.shift();
    if (!message) return;
    const move = (change: { querySet?: number; ts?: number }, queryIds: Iterable<number>) => {
      const start = { querySet: line!.querySet, identity: 0, ts: line!.shownTs };
      line!.querySet = change.querySet ?? line!.querySet;
      line!.shownTs = change.ts ?? line!.shownTs;
      const end = { querySet: line!.querySet, identity: 0, ts: line!.shownTs };
      line!.toClient.push({
        type: "transition",
        start,
        end,
        changes: [...queryIds].map((queryId) => ({ queryId, value: end.ts })),
      });
    };
    if (message.type === "connect") {
      assert.ok(message.lastTs <= ts);
      line!.shownTs = ts;
      line!.toClient.push({ type: "connected", protocol: 1, contract: "c", ts });
    } else if (message.type === "modifyQuerySet") {
      assert.equal(message.baseVersion, line!.querySet);
      for (const { queryId } of message.add) line!.watched.add(queryId);
      for (const queryId of message.remove) line!.watched.delete(queryId);
      move({ querySet: message.newVersion, ts }, line!.watched);
    } else if (message.type === "mutation") {
      if (!answers.has(message.requestId)) {
        assert.equal(message.requestId, answers.size + 1, `seed ${seed}: out of order`);
        answers.set(message.requestId, ++ts);
      }
      move({ ts }, line!.watched);
      line!.toClient.push({
        type: "mutationResponse",
        requestId: message.requestId,
        ts: answers.get(message.requestId)!,
        value: null,
      });
    }
  };
  const step = (choice: number) => {
    if (choice === 0 && wanted.size < 5) wanted.add(client.watch({ path: "n", args: { i: random(9) } }));
    else if (choice === 1 && wanted.size) {
      const queryId = [...wanted][random(wanted.size)]!;
      wanted.delete(queryId);
      shown.delete(queryId);
      client.unwatch(queryId);
    } else if (choice === 2) asked = client.mutate({ path: "count", args: {} });
    else if (choice === 3) perform(client.flush());
    else if (choice === 4 && line && random(4) === 0) {
      line = null;
      perform(client.lost());
    } else if (!line) {
      line = { toServer: [], toClient: [], querySet: 0, watched: new Set(), shownTs: 0 };
      perform(client.opened(null));
    } else if (choice < 8) serve();
    else if (line.toClient.length) perform(client.receive(line.toClient.shift()!));
  };
  for (let i = 0; i < 400; i++) step(random(11));
  for (let i = 0; i < 400; i++) for (const choice of [3, 5, 9]) step(choice); // a quiet end
  assert.deepEqual(
    done,
    Array.from({ length: asked }, (_, i) => i + 1),
    `seed ${seed}`,
  );
  assert.deepEqual(new Set(shown.keys()), wanted, `seed ${seed}`);
  for (const value of shown.values()) assert.equal(value, ts, `seed ${seed}`);
  assert.ok(client.isSynced);
}
