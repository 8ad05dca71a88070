import assert from "node:assert/strict";
import { test } from "node:test";
import { isAppError, SchemagenError } from "../src/errors.js";
import type { ClientMessage } from "../src/messages.js";
import { settled, watchPromise, World, api } from "./world.js";

const quota = {
  kind: "app",
  code: "quota_exceeded",
  message: "The limit is reached.",
  data: { limit: "9007199254740993" },
} as const;
const unauthenticated = { kind: "unauthenticated", code: "unauthenticated", message: "the token has expired" } as const;

function sets(messages: ClientMessage[]) {
  return messages.filter((message) => message.type === "modifyQuerySet");
}

test("nothing is connected before something is asked", async () => {
  const world = new World();
  await settled();
  assert.equal(world.sockets.length, 0);
  assert.deepEqual(world.client.connectionState, { status: "idle", isSynced: false, retries: 0, error: null });
});

test("a watched query is called with each new value", async () => {
  const world = new World();
  const seen: unknown[] = [];
  const stop = world.client.watch(api.contacts.list, { stage: "lead" }, (value) => seen.push(value));
  const sent = await world.connect();
  assert.equal(world.socket.url, "ws://crm.example/api/sync");
  assert.deepEqual(
    sent.map((message) => message.type),
    ["connect", "modifyQuerySet"],
  );
  assert.deepEqual(sets(sent)[0], {
    type: "modifyQuerySet",
    baseVersion: 0,
    newVersion: 1,
    add: [{ queryId: 1, path: "contacts.list", args: { stage: "lead" } }],
    remove: [],
  });
  world.move({ querySet: 1 }, { 1: { value: ["Ada"] } });
  world.move({ ts: 2 }, { 1: { value: ["Ada", "Grace"] } });
  world.move({ ts: 3 });
  assert.deepEqual(seen, [["Ada"], ["Ada", "Grace"]]);
  stop();
  assert.deepEqual(sets(await world.taken())[0], {
    type: "modifyQuerySet",
    baseVersion: 1,
    newVersion: 2,
    add: [],
    remove: [1],
  });
  world.move({ ts: 4 }, { 1: { value: [] } });
  assert.equal(seen.length, 2);
});

test("equal arguments are one query, whatever the order of their keys", async () => {
  const world = new World();
  const seen: string[] = [];
  const stops = [
    world.client.watch(api.contacts.list, { stage: "lead", a: undefined, b: 1 } as object, () => seen.push("first")),
    world.client.watch(api.contacts.list, { b: 1, stage: "lead" } as object, () => seen.push("second")),
  ];
  assert.equal(sets(await world.connect())[0]!.add.length, 1);
  world.move({ querySet: 1 }, { 1: { value: [] } });
  assert.deepEqual(seen, ["first", "second"]);
  const third = world.client.watch(api.contacts.list, { b: 1, stage: "lead" } as object, () => seen.push("third"));
  await settled();
  assert.deepEqual(seen, ["first", "second", "third"]); // the value that is there already
  stops[0]!();
  stops[0]!();
  third();
  assert.deepEqual(await world.taken(), []);
  stops[1]!();
  assert.deepEqual(sets(await world.taken())[0]!.remove, [1]);
});

test("a query that one component drops and another takes up in the same breath is not asked again", async () => {
  const world = new World();
  const stop = world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  stop();
  world.client.watch(api.contacts.list, {}, () => undefined);
  assert.deepEqual(await world.taken(), []);
});

test("all queries change before anybody is told", async () => {
  const world = new World();
  const list = world.client.observe(api.contacts.list, {});
  const get = world.client.observe(api.contacts.get, { id: "1" });
  const seen: unknown[] = [];
  const look = () => seen.push([list.current()?.value, get.current()?.value]);
  list.subscribe(look);
  get.subscribe(look);
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: 1 }, 2: { value: 1 } });
  world.move({ ts: 2 }, { 1: { value: 2 }, 2: { value: 2 } });
  assert.deepEqual(seen, [
    [1, 1],
    [1, 1],
    [2, 2],
    [2, 2],
  ]);
});

test("what did not change stays the same object", async () => {
  const world = new World();
  const list = world.client.observe(api.contacts.list, {});
  let calls = 0;
  list.subscribe(() => calls++);
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: [{ name: "Ada" }, { name: "Alan" }] } });
  const before = list.current();
  world.move({ ts: 2 }, { 1: { value: [{ name: "Ada" }, { name: "Alan" }] } });
  assert.equal(list.current(), before);
  assert.equal(calls, 1);
  world.move({ ts: 3 }, { 1: { value: [{ name: "Ada" }, { name: "Grace" }] } });
  assert.equal((list.current()!.value as object[])[0], (before!.value as object[])[0]);
  assert.notEqual((list.current()!.value as object[])[1], (before!.value as object[])[1]);
});

test("query() asks once and lets go", async () => {
  const world = new World();
  const total = watchPromise(world.client.query(api.billing.total, { since: 5n }));
  const sent = await world.connect();
  assert.deepEqual(sets(sent)[0]!.add[0], { queryId: 1, path: "billing.total", args: { since: "5" } });
  world.move({ querySet: 1 }, { 1: { value: "9007199254740993" } });
  assert.deepEqual(sets(await world.taken())[0]!.remove, [1]);
  assert.equal(total.value, 9007199254740993n);
});

test("query() waits for a value of the present connection", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: "old" } });
  world.drop();
  const asked = watchPromise(world.client.query(api.contacts.list));
  await world.clock.pass(500);
  await world.connect(2);
  assert.equal(asked.isDone, false);
  world.move({ querySet: 1 }, { 1: { value: "old" } });
  await settled();
  assert.equal(asked.value, "old");
});

test("query() rejects with the application's error, its fields decoded", async () => {
  const world = new World();
  const asked = watchPromise(world.client.query(api.contacts.list));
  await world.connect();
  world.move({ querySet: 1 }, { 1: { error: quota } });
  await settled();
  assert.ok(asked.error instanceof SchemagenError && isAppError(asked.error));
  assert.equal(asked.error.code, "quota_exceeded");
  assert.deepEqual(asked.error.data, { limit: 9007199254740993n });
  assert.equal(asked.error.message, "The limit is reached.");
});

test("a live query that fails stays watched, and comes back", async () => {
  const world = new World();
  const seen: unknown[] = [];
  world.client.watch(
    api.contacts.list,
    {},
    (value) => seen.push(value),
    (error) => seen.push(error.code),
  );
  await world.connect();
  world.move({ querySet: 1 }, { 1: { error: quota } });
  world.move({ ts: 2 }, { 1: { value: [] } });
  assert.deepEqual(seen, ["quota_exceeded", []]);
});

test("live() gives each result to a loop, and the last one to a slow loop", async () => {
  const world = new World();
  const seen: unknown[] = [];
  const ended = (async () => {
    for await (const value of world.client.live(api.contacts.list, { stage: "lead" })) {
      seen.push(value);
      if (value === 4) break;
      await settled();
    }
  })();
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: 1 } });
  await settled();
  await settled();
  world.move({ ts: 2 }, { 1: { value: 2 } });
  world.move({ ts: 3 }, { 1: { value: 3 } });
  world.move({ ts: 4 });
  await settled();
  await settled();
  world.move({ ts: 5 }, { 1: { value: 4 } });
  await ended;
  assert.deepEqual(seen, [1, 3, 4]);
  assert.deepEqual(sets(await world.taken())[0]?.remove, [1]);
});

test("live() throws the error of the query, and that the client was closed", async () => {
  const world = new World();
  const failing = watchPromise(world.client.live(api.contacts.list).next());
  const waiting = watchPromise(world.client.live(api.contacts.get, { id: "1" }).next());
  await world.connect();
  world.move({ querySet: 1 }, { 1: { error: quota } });
  await settled();
  assert.equal(failing.error?.code, "quota_exceeded");
  world.client.close();
  await settled();
  assert.equal(waiting.error?.code, "closed");
});

test("a mutation resolves with its effect in view", async () => {
  const world = new World();
  const seen: unknown[] = [];
  world.client.watch(api.contacts.list, {}, (value) => seen.push(value));
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: [] } });
  const created = world.client.mutation(api.contacts.create, { fullName: "Ada" }).then((id) => seen.push(id));
  assert.deepEqual(await world.taken(), [
    { type: "mutation", requestId: 1, path: "contacts.create", args: { fullName: "Ada" } },
  ]);
  world.move({ ts: 2 }, { 1: { value: ["Ada"] } });
  world.say({ type: "mutationResponse", requestId: 1, ts: 2, value: "contacts_1" });
  await created;
  assert.deepEqual(seen, [[], ["Ada"], "contacts_1"]);
});

test("queries asked before a mutation are sent before it", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  void world.client.mutation(api.contacts.create, { fullName: "Ada" });
  assert.deepEqual(
    (await world.connect()).map((message) => message.type),
    ["connect", "modifyQuerySet", "mutation"],
  );
  world.client.watch(api.contacts.get, { id: "1" }, () => undefined);
  void world.client.mutation(api.contacts.create, { fullName: "Grace" });
  assert.deepEqual(await world.types(), ["modifyQuerySet", "mutation"]);
});

test("mutations under way are sent again, in order, under the same numbers", async () => {
  const world = new World();
  const first = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Ada" }));
  const second = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Grace" }));
  const before = await world.connect();
  world.move({ ts: 2 });
  world.say({ type: "mutationResponse", requestId: 1, ts: 2, value: "1" });
  const third = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Alan" }));
  const after = await world.reconnect(3);
  assert.equal(first.value, "1");
  assert.deepEqual(
    after.slice(1).map((m) => m.type === "mutation" && [m.requestId, m.args]),
    [
      [2, { fullName: "Grace" }],
      [3, { fullName: "Alan" }],
    ],
  );
  const [was, is] = [before[0]!, after[0]!];
  assert.ok(was.type === "connect" && is.type === "connect" && was.session === is.session && is.lastTs === 2);
  world.say({ type: "mutationResponse", requestId: 3, ts: 3, value: "3" });
  world.say({ type: "mutationResponse", requestId: 2, ts: 3, value: "2" });
  await settled();
  assert.deepEqual([second.value, third.value], ["2", "3"]);
});

test("a stored answer is not taken before the queries have caught up", async () => {
  const world = new World();
  const seen: unknown[] = [];
  world.client.watch(api.contacts.list, {}, (value) => seen.push(value));
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: [] } });
  void world.client.mutation(api.contacts.create, { fullName: "Ada" }).then((id) => seen.push(id));
  await world.reconnect(7);
  world.say({ type: "mutationResponse", requestId: 1, ts: 6, value: "1" });
  await settled();
  assert.deepEqual(seen, [[]]);
  world.move({ querySet: 1 }, { 1: { value: ["Ada"] } });
  await settled();
  assert.deepEqual(seen, [[], ["Ada"], "1"]);
});

test("an answered mutation that was held back is not sent again when the line drops once more", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  const created = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Ada" }));
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: [] } });
  await world.reconnect(7);
  world.say({ type: "mutationResponse", requestId: 1, ts: 6, value: "1" });
  const again = await world.reconnect(8);
  assert.deepEqual(
    again.map((message) => message.type),
    ["connect", "modifyQuerySet"],
  );
  world.move({ querySet: 1 }, { 1: { value: ["Ada"] } });
  await settled();
  assert.equal(created.value, "1");
});

test("after a restore from a backup a held mutation still ends", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  const created = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Ada" }));
  await world.connect(50);
  world.move({ querySet: 1 }, { 1: { value: [] } });
  await world.reconnect(51);
  world.say({ type: "mutationResponse", requestId: 1, ts: 51, value: "1" });
  const again = await world.reconnect(3);
  assert.ok(again[0]!.type === "connect" && again[0]!.lastTs === 51);
  world.move({ querySet: 1 }, { 1: { value: [] } });
  await settled();
  assert.equal(created.value, "1");
  const last = await world.reconnect(4);
  assert.ok(last[0]!.type === "connect" && last[0]!.lastTs === 3);
});

test("an action in flight fails with the connection; one not yet sent waits", async () => {
  const world = new World();
  const flying = watchPromise(world.client.action(api.contacts.export));
  await world.connect();
  world.drop();
  const waiting = watchPromise(world.client.action(api.contacts.export, { format: "csv" }));
  await settled();
  assert.equal(flying.error?.code, "connection_lost");
  assert.equal(waiting.isDone, false);
  await world.clock.pass(500);
  const sent = await world.connect(2);
  assert.deepEqual(sent[1], { type: "action", requestId: 2, path: "contacts.export", args: { format: "csv" } });
  world.say({ type: "actionResponse", requestId: 2, value: "file" });
  world.say({ type: "actionResponse", requestId: 2, value: "twice" });
  world.say({ type: "actionResponse", requestId: 1, value: "late" });
  await settled();
  assert.equal(waiting.value, "file");
});

test("a mutation the server finds too large ends, and does not end every line to come", async () => {
  const world = new World();
  const small = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Ada" }));
  const large = watchPromise(world.client.mutation(api.contacts.create, { fullName: "x".repeat(2 ** 20) }));
  await world.connect();
  world.drop(1009);
  await settled();
  assert.equal(large.error?.kind, "protocol");
  assert.match(large.error?.message, /more than the server takes/);
  await world.clock.pass(500);
  assert.deepEqual(
    (await world.connect(2)).map((message) => message.type),
    ["connect", "mutation"],
  );
  world.say({ type: "mutationResponse", requestId: 1, ts: 2, value: "1" });
  await settled();
  assert.equal(small.value, "1");
});

test("values stay in view while the line is down, and one that did not change tells nobody", async () => {
  const world = new World();
  const seen: unknown[] = [];
  world.client.watch(api.contacts.list, {}, (value) => seen.push(value));
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: ["Ada"] } });
  const list = world.client.observe(api.contacts.list, {});
  world.drop();
  assert.deepEqual(list.current()?.value, ["Ada"]);
  assert.equal(world.client.connectionState.status, "reconnecting");
  assert.equal(world.client.connectionState.isSynced, false);
  await world.clock.pass(500);
  await world.connect(2);
  world.move({ querySet: 1 }, { 1: { value: ["Ada"] } });
  assert.deepEqual(seen, [["Ada"]]);
  assert.equal(world.client.connectionState.isSynced, true);
});

test("what was watched and dropped while the line was down is as if it had never been", async () => {
  const world = new World();
  const stop = world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: [] } });
  world.drop();
  stop();
  world.client.watch(api.contacts.get, { id: "1" }, () => undefined)();
  world.client.watch(api.contacts.get, { id: "2" }, () => undefined);
  await world.clock.pass(500);
  const [set] = sets(await world.connect(2));
  assert.deepEqual(set, {
    type: "modifyQuerySet",
    baseVersion: 0,
    newVersion: 1,
    add: [{ queryId: 3, path: "contacts.get", args: { id: "2" } }],
    remove: [],
  });
});

test("a gap between transitions drops the line and starts anew", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  world.say({
    type: "transition",
    start: { querySet: 0, identity: 0, ts: 9 },
    end: { querySet: 1, identity: 0, ts: 9 },
    changes: [],
  });
  assert.equal(world.client.connectionState.status, "reconnecting");
  assert.match(world.client.connectionState.error!.message, /the server moves on from/);
  assert.equal(world.sockets[0]!.closedWith, 1000);
  await world.clock.pass(500);
  await world.connect(9);
  world.move({ querySet: 1 }, { 1: { value: [] } });
  assert.deepEqual(world.client.connectionState, { status: "connected", isSynced: true, retries: 0, error: null });
});

test("waits twice as long after each failure, up to 16 s, and half of that at least", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  await settled();
  for (const [failure, delayMs] of [500, 1000, 2000, 4000, 8000, 16_000, 16_000].entries()) {
    world.clock.chance = failure % 2 ? 0.9999 : 0;
    world.drop();
    const least = failure % 2 ? delayMs * 0.99 : delayMs / 2;
    await world.clock.pass(least - 1);
    assert.equal(world.sockets.length, failure + 1);
    await world.clock.pass(delayMs - least + 1);
    assert.equal(world.sockets.length, failure + 2);
  }
  assert.equal(world.client.connectionState.retries, 7);
});

test("waits grow until all is current, not just until the socket opens", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  for (const delayMs of [250, 500, 1000]) {
    world.drop();
    await world.clock.pass(delayMs - 1);
    const before = world.sockets.length;
    await world.clock.pass(1);
    assert.equal(world.sockets.length, before + 1);
    await world.connect();
  }
  world.move({ querySet: 1 }, { 1: { value: [] } });
  assert.equal(world.client.connectionState.retries, 0);
});

test("a server that restarts is met again after a random part of half a second", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: [] } });
  world.clock.chance = 0.1;
  world.drop(1012);
  await world.clock.pass(50);
  assert.equal(world.sockets.length, 2);
});

test("a server that speaks another protocol ends the client, and says why", async () => {
  const world = new World();
  const asked = watchPromise(world.client.query(api.contacts.list));
  const created = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Ada" }));
  await world.open();
  world.say({ type: "fatalError", error: { kind: "protocol", code: "protocol", message: "update the client" } });
  world.drop(4426);
  await settled();
  assert.equal(world.client.connectionState.status, "closed");
  assert.equal(asked.error?.message, "update the client");
  assert.equal(created.error?.message, "update the client");
  assert.equal(world.clock.pending, 0);
});

test("pings when it is quiet, and gives up without an answer", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  await world.clock.pass(24_999);
  assert.deepEqual(await world.types(), []);
  await world.clock.pass(1);
  assert.deepEqual(await world.types(), ["ping"]);
  world.say({ type: "pong" });
  await world.clock.pass(25_000);
  assert.deepEqual(await world.types(), ["ping"]);
  await world.clock.pass(9_999);
  assert.equal(world.client.connectionState.status, "connected");
  await world.clock.pass(1);
  assert.equal(world.client.connectionState.status, "reconnecting");
});

test("a socket that never opens, or never answers, is given up", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  await settled();
  await world.clock.pass(10_000);
  assert.equal(world.client.connectionState.status, "reconnecting");
  await world.clock.pass(500);
  await world.open();
  await world.clock.pass(10_000);
  assert.equal(world.sockets.length, 2);
  assert.equal(world.client.connectionState.retries, 2);
});

test("back in front it proves the line within 2 s, or connects at once", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  world.wake();
  assert.deepEqual(await world.types(), ["ping"]);
  await world.clock.pass(2_000);
  assert.equal(world.client.connectionState.status, "reconnecting");
  world.wake();
  assert.equal(world.sockets.length, 2);
  world.wake();
  assert.equal(world.sockets.length, 2);
});

test("what a dead socket still says is not heard", async () => {
  const world = new World();
  const seen: unknown[] = [];
  world.client.watch(api.contacts.list, {}, (value) => seen.push(value));
  await world.connect();
  const old = world.socket;
  world.move({ querySet: 1 }, { 1: { value: 1 } });
  world.drop();
  await world.clock.pass(500);
  await world.open();
  const late = {
    type: "transition",
    start: { querySet: 1, identity: 0, ts: 1 },
    end: { querySet: 1, identity: 0, ts: 2 },
    changes: [{ queryId: 1, value: 2 }],
  };
  old.onmessage?.({ data: JSON.stringify(late) });
  old.onclose?.({ code: 1006 });
  old.onopen?.({});
  await settled();
  assert.deepEqual(seen, [1]);
  assert.equal(world.sockets.length, 2);
  assert.equal(world.client.connectionState.status, "reconnecting");
});

test("a listener that throws keeps nobody else from hearing", async () => {
  const world = new World();
  const seen: string[] = [];
  const uncaught: unknown[] = [];
  const keep = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.once("uncaughtException", (error) => uncaught.push(error));
  world.client.watch(api.contacts.list, {}, () => {
    throw new Error("mine");
  });
  world.client.watch(api.contacts.list, {}, () => seen.push("told"));
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: [] } });
  await settled();
  for (const listener of keep) process.on("uncaughtException", listener);
  assert.deepEqual(seen, ["told"]);
  assert.match(String(uncaught[0]), /mine/);
});

test("values the wire cannot carry reject with their place", async () => {
  const world = new World();
  const reject = (args: unknown, message: RegExp) =>
    assert.rejects(world.client.mutation(api.contacts.create, args as any), message);
  await reject({ fullName: new Date(0) }, /cannot send a Date at fullName: pass fromDate\(date\)/);
  await reject({ tags: ["a", undefined] }, /cannot send undefined at tags\.1: pass null, or leave it out/);
  await reject({ fullName: 1n }, /cannot send a bigint at fullName/);
  await reject({ fullName: NaN }, /cannot send NaN at fullName/);
  await reject({ fullName: new Map() }, /cannot send a Map at fullName/);
  await reject({ fullName: () => 1 }, /cannot send a function at fullName/);
  assert.equal(world.sockets.length, 0);
});

test("close() ends every call that waits, and nothing runs on", async () => {
  const world = new World();
  const asked = watchPromise(world.client.query(api.contacts.list));
  const created = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Ada" }));
  const exported = watchPromise(world.client.action(api.contacts.export));
  await world.connect();
  world.client.close();
  await settled();
  assert.deepEqual([asked.error?.code, created.error?.code], ["closed", "closed"]);
  assert.ok(["closed", "connection_lost"].includes(exported.error?.code));
  assert.equal(world.socket.closedWith, 1000);
  assert.equal(world.clock.pending, 0);
  await assert.rejects(world.client.query(api.contacts.list), /the client was closed/);
  world.client.watch(api.contacts.list, {}, () => assert.fail("told"))();
  await settled();
  assert.equal(world.sockets.length, 1);
});

// --- tokens ---

function jwt(claims: object): string {
  return `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;
}

test("nothing is sent before the token is there", async () => {
  const world = new World();
  let give: (token: string) => void = () => undefined;
  world.client.setAuth(() => new Promise((resolve) => (give = resolve)));
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.open();
  assert.deepEqual(await world.taken(), []);
  give("token");
  const sent = await world.taken();
  assert.ok(sent[0]!.type === "connect" && sent[0]!.token === "token");
  assert.equal(sent[1]!.type, "modifyQuerySet");
});

test("signing in on an open line holds everything back until the token is there", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: [] } });
  let give: (token: string) => void = () => undefined;
  world.client.setAuth(() => new Promise((resolve) => (give = resolve)));
  world.client.watch(api.contacts.get, { id: "1" }, () => undefined);
  void world.client.mutation(api.contacts.create, { fullName: "Ada" });
  assert.deepEqual(await world.taken(), []);
  give("token");
  const sent = await world.taken();
  assert.deepEqual(sent[0], { type: "authenticate", baseVersion: 0, newVersion: 1, token: "token" });
  assert.deepEqual(
    sent.slice(1).map((message) => message.type),
    ["modifyQuerySet", "mutation"],
  );
});

test("only the last of two sign-ins counts", async () => {
  const world = new World();
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  const gives: ((token: string) => void)[] = [];
  world.client.setAuth(() => new Promise((resolve) => gives.push(resolve)));
  world.client.setAuth(() => new Promise((resolve) => gives.push(resolve)));
  gives[1]!("second");
  gives[0]!("first");
  assert.deepEqual(await world.taken(), [{ type: "authenticate", baseVersion: 0, newVersion: 1, token: "second" }]);
  world.client.setAuth(null);
  assert.deepEqual(await world.taken(), [{ type: "authenticate", baseVersion: 1, newVersion: 2, token: null }]);
});

test("a sign-in while the first token is on its way replaces it", async () => {
  const world = new World();
  let give: (token: string) => void = () => undefined;
  world.client.setAuth(() => new Promise((resolve) => (give = resolve)));
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.open();
  world.client.setAuth(() => "second");
  give("first");
  const sent = await world.taken();
  assert.ok(sent[0]!.type === "connect" && sent[0]!.token === "second");
});

test("each connection asks for a token", async () => {
  const world = new World();
  let count = 0;
  world.client.setAuth(({ force }) => `${force ? "forced" : "cached"} ${++count}`);
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  const [connect] = await world.reconnect(1);
  assert.ok(connect?.type === "connect" && connect.token === "cached 2");
});

test("a refused token is replaced once; a second refusal is final", async () => {
  const world = new World();
  const forces: boolean[] = [];
  world.client.setAuth(({ force }) => {
    forces.push(force);
    return `token ${forces.length}`;
  });
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  world.say({ type: "authError", identityVersion: 0, error: unauthenticated });
  assert.deepEqual(await world.taken(), [{ type: "authenticate", baseVersion: 0, newVersion: 1, token: "token 2" }]);
  world.say({ type: "authError", identityVersion: 0, error: unauthenticated }); // stale
  world.say({ type: "authError", identityVersion: 1, error: unauthenticated });
  assert.deepEqual(await world.taken(), []);
  assert.deepEqual(forces, [false, true]);
  assert.equal(world.client.connectionState.error?.code, "unauthenticated");
});

test("a token that was taken and expires much later is replaced again", async () => {
  const world = new World();
  let count = 0;
  world.client.setAuth(() => `token ${++count}`);
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  world.say({ type: "authError", identityVersion: 0, error: unauthenticated });
  await world.taken();
  world.move({ querySet: 1, identity: 1 }, { 1: { value: [] } });
  world.say({ type: "authError", identityVersion: 1, error: unauthenticated });
  assert.deepEqual(await world.taken(), [{ type: "authenticate", baseVersion: 1, newVersion: 2, token: "token 3" }]);
});

test("a token is replaced at nine tenths of its life", async () => {
  const world = new World();
  const at = () => Math.floor(world.clock.now() / 1000);
  let count = 0;
  world.client.setAuth(({ force }) => jwt({ iat: at(), exp: at() + 1000, count: ++count, force }));
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.connect();
  for (let i = 0; i < 90; i++) {
    await world.clock.pass(10_000);
    world.say({ type: "pong" });
  }
  const sent = (await world.taken()).filter((message) => message.type === "authenticate");
  assert.equal(sent.length, 1);
  assert.equal(count, 2);
});

test("a token fetcher that fails is tried again with the connection", async () => {
  const world = new World();
  let fails = true;
  world.client.setAuth(async () => {
    if (fails) throw new Error("offline");
    return "token";
  });
  world.client.watch(api.contacts.list, {}, () => undefined);
  await world.open();
  assert.equal(world.client.connectionState.status, "reconnecting");
  assert.match(world.client.connectionState.error!.message, /the token fetcher failed: Error: offline/);
  fails = false;
  await world.clock.pass(500);
  const [connect] = await world.connect();
  assert.ok(connect?.type === "connect" && connect.token === "token");
});
