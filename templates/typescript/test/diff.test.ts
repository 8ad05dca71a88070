import assert from "node:assert/strict";
import { test } from "node:test";
import { HeldValues } from "../src/diff.js";
import type { Diff, QueryChange, ServerMessage } from "../src/messages.js";
import { SyncClient } from "../src/sync.js";
import { api, World } from "./world.js";

const rows = (...ids: string[]) => ids.map((id) => ({ id, tags: [id] }));
const at = (querySet: number, ts: number) => ({ querySet, identity: 0, ts });

function held(value: unknown): HeldValues {
  const values = new HeldValues();
  assert.deepEqual(values.take({ queryId: 1, digest: "one", value }), { value });
  return values;
}

function change(base: string, diff: Diff): QueryChange {
  return { queryId: 1, digest: "two", base, diff };
}

test("a script names what stayed, and brings what is new", () => {
  const values = held(rows("a", "b", "c"));
  const diff: Diff = { list: [[2, 1], { new: rows("x", "y") }, [0, 2]] };
  assert.deepEqual(values.take(change("one", diff)), { value: rows("c", "x", "y", "a", "b") });
  assert.deepEqual(values.digest(1), { digest: "two" });
});

test("the other fields of a page come with the script for its items", () => {
  const values = held({ items: rows("a", "b"), nextCursor: "n", total: 2 });
  const diff: Diff = { list: [[1, 1]], rest: { nextCursor: null, total: 1 } };
  assert.deepEqual(values.take(change("one", diff)), { value: { items: rows("b"), nextCursor: null, total: 1 } });
});

test("a list may end empty", () => {
  assert.deepEqual(held(rows("a")).take(change("one", { list: [] })), { value: [] });
});

test("what the application does to a result does not reach what is held", () => {
  const values = new HeldValues();
  const first = values.take({ queryId: 1, digest: "one", value: rows("a", "b") })!.value as ReturnType<typeof rows>;
  first.reverse()[0]!.tags.push("spoilt");
  const again = values.take({ queryId: 1, unchanged: true })!.value as ReturnType<typeof rows>;
  assert.deepEqual(again, rows("a", "b"));
  again.length = 0;
  const second = values.take(change("one", { list: [[0, 2]] }))!.value as ReturnType<typeof rows>;
  second.length = 0;
  assert.deepEqual(values.take({ queryId: 1, unchanged: true }), { value: rows("a", "b") });
});

test("what does not fit gives nothing", () => {
  const copy: Diff = { list: [[0, 1]] };
  assert.equal(new HeldValues().take(change("one", copy)), null);
  assert.equal(new HeldValues().take({ queryId: 1, unchanged: true }), null);
  assert.equal(held(rows("a")).take(change("other", copy)), null);
  assert.equal(held(rows("a")).take(change("one", { list: [[0, 2]] })), null);
  assert.equal(held(rows("a")).take(change("one", { list: [[0, 1]], rest: {} })), null);
  assert.equal(held({ items: rows("a") }).take(change("one", copy)), null);
  assert.equal(held(null).take(change("one", { list: [], rest: {} })), null);
});

test("after an error, and without a digest, nothing is held", () => {
  const values = held(rows("a"));
  values.take({ queryId: 1, error: { kind: "internal", code: "internal", message: "" } });
  assert.deepEqual(values.digest(1), {});
  const others = held(rows("a"));
  others.take({ queryId: 1, value: rows("a") });
  assert.deepEqual(others.digest(1), {});
});

test("a change that does not fit drops the line, and from then on values come whole", () => {
  const client = new SyncClient("s", "c");
  const queryId = client.watch({ path: "a", args: {} });
  const open = () =>
    client.opened(null).flatMap((effect) => (effect.type === "send" ? [effect.message as { digests?: true }] : []));
  assert.equal(open()[0]!.digests, true);
  const receive = (message: ServerMessage) => client.receive(message);
  receive({ type: "connected", protocol: 1, contract: "c", ts: 5 });
  const value = rows("a", "b");
  receive({ type: "transition", start: at(0, 5), end: at(1, 5), changes: [{ queryId, digest: "one", value }] });
  const wrong: QueryChange = { queryId, digest: "three", base: "two", diff: { list: [[0, 1]] } };
  const effects = receive({ type: "transition", start: at(1, 5), end: at(1, 6), changes: [wrong] });
  assert.deepEqual(
    effects.map((effect) => effect.type),
    ["drop"],
  );
  client.lost();
  const [connect, modify] = open();
  assert.equal(connect!.digests, undefined);
  assert.deepEqual((modify as { add?: unknown }).add, [{ queryId, path: "a", args: {} }]);
});

test("a query that is dropped is no longer held", () => {
  const client = new SyncClient("s", "c");
  const queryId = client.watch({ path: "a", args: {} });
  client.opened(null);
  client.receive({ type: "connected", protocol: 1, contract: "c", ts: 5 });
  const changes = [{ queryId, digest: "one", value: 1 }];
  client.receive({ type: "transition", start: at(0, 5), end: at(1, 5), changes });
  client.unwatch(queryId);
  const late: QueryChange[] = [{ queryId, digest: "two", base: "one", diff: { list: [] } }];
  assert.deepEqual(client.receive({ type: "transition", start: at(1, 5), end: at(1, 6), changes: late }), []);
});

test("what came before all had, and was not shown when the line was lost, is shown when it is unchanged", () => {
  const client = new SyncClient("s", "c");
  const ids = Array.from({ length: 101 }, (_, i) => client.watch({ path: "a", args: { i } }));
  const connected: ServerMessage = { type: "connected", protocol: 1, contract: "c", ts: 5 };
  client.opened(null);
  client.receive(connected);
  const first: QueryChange = { queryId: ids[0]!, digest: "one", value: "first" };
  client.receive({ type: "transition", start: at(0, 5), end: at(1, 5), changes: [first] });
  client.lost();
  client.opened(null);
  client.receive(connected);
  const changes: QueryChange[] = [
    { queryId: ids[0]!, unchanged: true },
    { queryId: ids[100]!, value: "last" },
  ];
  const effects = client.receive({ type: "transition", start: at(0, 5), end: at(2, 5), changes });
  const results = effects.find((effect) => effect.type === "results");
  assert.deepEqual(results?.type === "results" && [...results.results.values()], [
    { value: "first" },
    { value: "last" },
  ]);
});

test("a result that is sorted where it stands is right after the next change, and the rest of it is the same object", async () => {
  const world = new World();
  const seen: { id: string }[][] = [];
  world.client.watch(api.contacts.list, {}, (value) => seen.push(value));
  await world.connect();
  const say = (start: number, end: number, ts: number, change: QueryChange) =>
    world.say({ type: "transition", start: at(start, ts - 1), end: at(end, ts), changes: [change] });
  say(0, 1, 2, { queryId: 1, digest: "one", value: rows("a", "b", "c") });
  seen[0]!.reverse();
  say(1, 1, 3, { queryId: 1, digest: "two", base: "one", diff: { list: [[0, 3], { new: rows("d") }] } });
  assert.deepEqual(seen[1], rows("a", "b", "c", "d"));
  say(1, 1, 4, { queryId: 1, digest: "three", base: "two", diff: { list: [[0, 3], { new: rows("e") }] } });
  assert.deepEqual(seen[2], rows("a", "b", "c", "e"));
  assert.equal(seen[2]![0], seen[1]![0]);
});
