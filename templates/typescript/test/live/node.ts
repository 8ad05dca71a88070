/** The generated package of the board, in Node, against a real server. */

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Client, fromDate, isAppError, toDate, type Clock, type LocalResults } from "@crm/backend";
import { api } from "@crm/backend/api";
import { HttpClient } from "@crm/backend/http";
import { NodeWebSocket } from "@crm/backend/node";
import type { Card, EverythingInput } from "@crm/backend/types";

const address = process.env["ADDRESS"]!;
const client = new Client(address);
const http = new HttpClient(address, { token: process.env["TOKEN"]! });
after(() => client.close());

/** Waits until a condition holds. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(condition());
}

test("a live query follows another client's mutations", async () => {
  const seen: string[][] = [];
  const stop = client.watch(api.cards.list, { column: "live" }, (cards: Card[]) =>
    seen.push(cards.map((card) => card.title)),
  );
  await until(() => seen.length === 1);
  const id = await http.mutation(api.cards.add, { title: "by HTTP", column: "live" });
  assert.match(id, /^cards_/);
  await until(() => seen.length === 2);
  await client.mutation(api.cards.add, { title: "by WebSocket", column: "live" });
  assert.deepEqual(seen, [[], ["by HTTP"], ["by HTTP", "by WebSocket"]]); // in view when the promise resolves
  stop();
});

test("an error of the backend arrives typed, on every way", async () => {
  for (const title of ["1", "2", "3"]) await client.mutation(api.cards.add, { title, column: "full" });
  const calls = [
    () => client.mutation(api.cards.add, { title: "4", column: "full" }),
    () => client.query(api.cards.free, { column: "full" }),
    () => http.mutation(api.cards.add, { title: "4", column: "full" }),
    () => http.query(api.cards.free, { column: "full" }),
  ];
  for (const call of calls) {
    const error: unknown = await (call as () => Promise<unknown>)().then(
      () => assert.fail("no error"),
      (e: unknown) => e,
    );
    assert.ok(isAppError(error) && error.code === "column_full");
    assert.deepEqual(error.data, { column: "full", limit: 3 });
    assert.equal(error.message, "The column full has no place left.");
  }
});

const value: EverythingInput = {
  text: 'ä€😀 \u2028 " \\',
  yes: true,
  whole: Number.MAX_SAFE_INTEGER,
  large: -(2n ** 63n),
  real: 0.1,
  anyReal: -Infinity,
  exact: "12345678901234567890.12345" as EverythingInput["exact"],
  unique: "4be0643f-1d98-473b-97cd-ca98a65347dd" as EverythingInput["unique"],
  at: fromDate(new Date(1234567890123)),
  day: "2026-01-02" as EverythingInput["day"],
  clock: "03:04:05.678901" as EverythingInput["clock"],
  span: "P1DT2.5S" as EverythingInput["span"],
  raw: Uint8Array.from([0, 1, 254, 255]),
  card: "cards_01h455vb4pex5vsknk084sn02q" as EverythingInput["card"],
  mood: "good",
  openMood: "bad",
  maybe: null,
  items: [1n, 2n ** 62n],
  pair: [1, Uint8Array.from([9])],
  words: ["b", "a"],
  byName: { "": 1n, __proto: 2n, constructor: 3n },
  shape: { kind: "blob", data: Uint8Array.from([7]), size: 5n },
  either: Uint8Array.from([8]),
  jsonValue: { a: [1, "x", null] },
};

test("a value of every type comes back as it went", async () => {
  const full: EverythingInput = {
    ...value,
    withDefault: 1,
    children: [{ ...value, anyReal: NaN, maybe: "x" }],
    anything: [1],
  };
  for (const caller of [client, http]) {
    const { children, anything, withDefault, ...rest } = await caller.query(api.values.echo, { value: full });
    assert.deepEqual({ ...rest, words: rest.words.sort().reverse() }, value);
    assert.deepEqual([anything, withDefault], [[1], 1]);
    const { children: none, anything: nothing, withDefault: seven, ...child } = children[0]!;
    assert.deepEqual({ ...child, words: child.words.sort().reverse() }, { ...value, anyReal: NaN, maybe: "x" });
    assert.deepEqual([none, nothing, seven], [[], null, 7]);
    assert.equal(toDate(rest.at).getTime(), 1234567890123);
  }
  assert.equal(await client.query(api.values.total, { amounts: [2n ** 62n, 5n] }), 2n ** 62n + 5n);
});

test("a mistake in the arguments is told with its place", async () => {
  const wrong = { value: { ...value, whole: 1.5, items: ["x"] } } as unknown as { value: EverythingInput };
  for (const caller of [client, http]) {
    const error = await caller.query(api.values.echo, wrong).catch((e: unknown) => e);
    assert.ok(error instanceof Error && "issues" in error);
    const paths = (error.issues as { path: unknown[] }[]).map(({ path }) => path.join("."));
    assert.deepEqual(paths.sort(), ["value.items.0", "value.whole"]);
  }
});

test("actions run", async () => {
  assert.equal(await client.action(api.cards.shout, { text: "hey" }), "HEY");
  assert.equal(await http.action(api.cards.shout, { text: "hey" }), "HEY");
});

test("the caller is whom the token says", async () => {
  const seen: (string | null)[] = [];
  const stop = client.watch(api.cards.whoami, {}, (name) => seen.push(name));
  await until(() => seen.length === 1);
  client.setAuth(async () => process.env["TOKEN"]!);
  await until(() => seen.length === 2);
  client.setAuth(null);
  await until(() => seen.length === 3);
  assert.deepEqual(seen, [null, "ada", null]);
  assert.equal(await http.query(api.cards.whoami), "ada");
  client.setAuth(() => "no token at all");
  await until(() => client.connectionState.error !== null);
  assert.equal(client.connectionState.error?.code, "unauthenticated");
  client.setAuth(null);
  stop();
});

test("many mutations at once keep their order", async () => {
  const counts = await Promise.all(Array.from({ length: 50 }, () => client.mutation(api.cells.bump)));
  assert.deepEqual(
    counts,
    counts.map((_, i) => counts[0]! + i),
  );
  assert.equal(await client.query(api.cells.read, { index: 0 }), counts.at(-1));
});

/** How results came over flaky lines. */
const told = { value: 0, unchanged: 0, diff: 0 };

/** A line that breaks every few moments, wherever its messages are just then. */
class FlakySocket extends NodeWebSocket {
  constructor(url: string, lifeMs = 4 + Math.random() * 12) {
    super(url);
    let listener: typeof this.onmessage = null;
    const hear = (event: { data: string }) => {
      for (const change of JSON.parse(event.data).changes ?? []) {
        for (const kind of ["value", "unchanged", "diff"] as const) told[kind] += kind in change ? 1 : 0;
      }
      listener?.(event);
    };
    Object.defineProperty(this, "onmessage", { get: () => hear, set: (given) => (listener = given) });
    setTimeout(() => this.#break(), lifeMs);
  }

  #break(): void {
    super.close();
    this.onclose?.({ code: 1006, reason: "flaky" });
  }
}

/** A line that stands long enough for calls to end on it. */
class WeakSocket extends FlakySocket {
  constructor(url: string) {
    super(url, 20 + Math.random() * 80);
  }
}

/** Time that passes a hundred times as fast. */
const hurried: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs < 20_000 ? delayMs / 100 : delayMs),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

test("over a line that breaks now and then an optimistic number is right at every moment", async () => {
  const before = await client.query(api.cells.read, { index: 0 });
  const flaky = new Client(address, { webSocket: WeakSocket, clock: hurried });
  let connections = 0;
  flaky.onConnectionState(({ status }) => status === "connected" && connections++);
  let called = 0;
  let looks = 0;
  const wrong: string[] = [];
  const look = () => {
    const shown = cells.map((cell) => cell.current()?.value).filter((value) => value !== undefined);
    if (shown.some((value) => value !== before + called)) wrong.push(`${shown} after ${called} calls`);
    looks += shown.length;
  };
  const cells = [1, 2, 3].map((index) => flaky.observe(api.cells.read, { index }));
  try {
    for (const cell of cells) cell.subscribe(look);
    await until(() => looks > 0);
    const calls: Promise<number>[] = [];
    for (let i = 0; i < 300; i++) {
      const increment = (local: LocalResults) => {
        for (const { args, value } of local.getAll(api.cells.read)) local.set(api.cells.read, args, value + 1);
      };
      called++;
      calls.push(flaky.mutation(api.cells.bump, {}, { optimistic: increment }));
      look();
      if (i % 2 === 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
    }
    await Promise.all(calls);
    look();
    assert.deepEqual(wrong, []);
    assert.ok(connections > 4 && looks > 600, `only ${connections} connections, ${looks} looks`);
  } finally {
    flaky.close();
  }
});

test("over a line that breaks all the time every mutation runs once, and in order", async () => {
  const before = await client.query(api.cells.read, { index: 0 });
  const flaky = new Client(address, { webSocket: FlakySocket, clock: hurried });
  let connections = 0;
  flaky.onConnectionState(({ status }) => status === "connected" && connections++);
  try {
    const seen: number[][] = [];
    const cells = [1, 2, 3].map((index) => flaky.observe(api.cells.read, { index }));
    const rows = flaky.observe(api.cells.rows, {});
    const sum = () => rows.current()?.value?.reduce((total, { value }) => total + value, 0) ?? -1;
    for (const each of [...cells, rows]) {
      each.subscribe(() => seen.push([sum(), ...cells.map((cell) => cell.current()?.value ?? -1)]));
    }
    const counts: number[] = [];
    for (let i = 0; i < 80; i++) {
      counts.push(await flaky.mutation(api.cells.bump));
      assert.ok(
        cells.every((cell) => (cell.current()?.value ?? 0) >= counts.at(-1)!),
        "its effect is in view",
      );
    }
    counts.push(...(await Promise.all(Array.from({ length: 80 }, () => flaky.mutation(api.cells.bump)))));
    assert.deepEqual(
      counts,
      Array.from({ length: 160 }, (_, i) => before + 1 + i),
    );
    for (const values of seen) assert.equal(new Set(values).size, 1, `mixed: ${values.join()}`);
    assert.ok(connections > 4, `only ${connections} connections`);
    assert.ok(told.unchanged > 2 && told.diff > 2, JSON.stringify(told));
  } finally {
    flaky.close();
  }
});
