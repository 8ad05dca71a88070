import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { LocalResults, MutationOptions } from "../src/optimistic.js";
import type { ClientMessage, ServerMessage, Version } from "../src/messages.js";
import type { Mutation, Query } from "../src/reference.js";
import { api, settled, watchPromise, World } from "./world.js";

interface Names {
  readonly items: readonly string[];
}

const lead = { stage: "lead" };
const names = api.contacts.list as Query<{ stage?: string }, Names>;

/** Adds a name to the list, as `contacts.create` will. */
function append(local: LocalResults, { fullName }: { fullName: string }): void {
  const list = local.get(names, lead);
  if (list) local.set(names, lead, { ...list, items: [...list.items, `${fullName}?`] });
}

const optimistic: MutationOptions<{ fullName: string }> = { optimistic: append };

/** A client that shows the leads, and all it has shown, each state once. */
async function showing(items: readonly string[] = []): Promise<{ world: World; shown: (readonly string[])[] }> {
  const world = new World();
  const shown: (readonly string[])[] = [];
  world.client.watch(names, lead, (value) => shown.push(value.items));
  await world.connect();
  world.move({ querySet: 1 }, { 1: { value: { items } } });
  assert.deepEqual(shown, [items]);
  return { world, shown };
}

test("an update is shown before anything is sent, and replaced in one step by what the mutation did", async () => {
  const { world, shown } = await showing();
  const call = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Ada" }, optimistic));
  assert.deepEqual(shown.splice(0), [[], ["Ada?"]]);
  assert.deepEqual(await world.types(), ["mutation"]);
  world.move({ ts: 2 }, { 1: { value: { items: ["Ada"] } } }, [1]);
  await settled();
  assert.deepEqual(shown, []); // the response is right behind
  assert.equal(call.isDone, false);
  world.say({ type: "mutationResponse", requestId: 1, ts: 2, value: "id" });
  assert.deepEqual(shown, [["Ada"]]);
  await settled();
  assert.equal(call.value, "id");
});

test("the promise of a mutation resolves in the task in which its update goes", async () => {
  const { world, shown } = await showing();
  let atTheEnd: unknown;
  const call = world.client.mutation(api.contacts.create, { fullName: "Ada" }, optimistic);
  void call.then(() => (atTheEnd = shown.at(-1)));
  world.move({ ts: 2 }, { 1: { value: { items: ["Ada"] } } }, [1]);
  world.say({ type: "mutationResponse", requestId: 1, ts: 2, value: "id" });
  await Promise.resolve(); // microtasks only: no frame is painted between
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(atTheEnd, ["Ada"]);
});

test("updates lie over whatever comes in, in the order of the calls", async () => {
  const { world, shown } = await showing(["Zoe"]);
  void world.client.mutation(api.contacts.create, { fullName: "Ada" }, optimistic);
  void world.client.mutation(
    api.contacts.create,
    { fullName: "Alan" },
    {
      optimistic: (local) => {
        const list = local.get(names, lead)!;
        local.set(names, lead, { items: list.items.map((name) => (name === "Ada?" ? "Ada, Alan?" : name)) });
      },
    },
  );
  assert.deepEqual(shown.at(-1), ["Zoe", "Ada, Alan?"]);
  world.move({ ts: 2 }, { 1: { value: { items: ["Bob"] } } });
  assert.deepEqual(shown.at(-1), ["Bob", "Ada, Alan?"]);
  world.move({ ts: 3 }, { 1: { value: { items: ["Ada?", "Bob"] } } }, [1]);
  world.say({ type: "mutationResponse", requestId: 1, ts: 3, value: "id" });
  assert.deepEqual(shown.at(-1), ["Ada, Alan?", "Bob"]);
});

test("a mutation that fails takes its update along when its promise rejects", async () => {
  const { world, shown } = await showing();
  const call = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Ada" }, optimistic));
  world.say({
    type: "mutationResponse",
    requestId: 1,
    ts: 1,
    error: { kind: "app", code: "quota_exceeded", message: "full", data: { limit: "3" } },
  });
  assert.deepEqual(shown, [[], ["Ada?"], []]);
  await settled();
  assert.equal(call.error.code, "quota_exceeded");
});

test("an update stays while the connection is lost, and goes when the stored answer is there, not before", async () => {
  const { world, shown } = await showing();
  const call = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Ada" }, optimistic));
  assert.deepEqual((await world.reconnect(5)).map((message) => message.type).sort(), [
    "connect",
    "modifyQuerySet",
    "mutation",
  ]);
  world.move({ querySet: 1 }, { 1: { value: { items: ["Ada"] } } }); // it ran on the connection before
  assert.deepEqual(shown.at(-1), ["Ada?"]);
  world.say({ type: "mutationResponse", requestId: 1, ts: 2, value: "id" });
  assert.deepEqual(shown, [[], ["Ada?"], ["Ada"]]);
  await settled();
  assert.equal(call.value, "id");
  assert.equal(world.client.connectionState.isSynced, true);
});

test("a line that is lost between a transition and the response it announced shows nothing of both", async () => {
  const { world, shown } = await showing();
  void world.client.mutation(api.contacts.create, { fullName: "Ada" }, optimistic);
  world.move({ ts: 2 }, { 1: { value: { items: ["Ada"] } } }, [1]);
  await world.reconnect(2);
  world.move({ querySet: 1 }, { 1: { value: { items: ["Ada"] } } });
  assert.deepEqual(shown, [[], ["Ada?"]]);
  world.say({ type: "mutationResponse", requestId: 1, ts: 2, value: "id" });
  assert.deepEqual(shown, [[], ["Ada?"], ["Ada"]]);
});

test("a client that is closed shows what the server said last", async () => {
  const { world, shown } = await showing();
  const call = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Ada" }, optimistic));
  world.client.close();
  assert.deepEqual(shown, [[], ["Ada?"], []]);
  await settled();
  assert.equal(call.error.code, "closed");
});

test("an update that throws rejects the call: nothing is sent, and nothing is shown", async () => {
  const { world, shown } = await showing();
  const mistake = new Error("no such list");
  const call = world.client.mutation(
    api.contacts.create,
    { fullName: "Ada" },
    {
      optimistic: (local, args) => {
        append(local, args);
        throw mistake;
      },
    },
  );
  await assert.rejects(call, mistake);
  assert.deepEqual(await world.types(), []);
  assert.deepEqual(shown, [[]]);
  void world.client.mutation(api.contacts.create, { fullName: "Alan" }, optimistic);
  assert.deepEqual(shown.at(-1), ["Alan?"]);
  assert.deepEqual(
    (await world.taken()).map((message) => message.type === "mutation" && message.requestId),
    [1],
  );
});

test("an update that throws on a later result is left out, uncaught; the mutation and other updates go on", async (t) => {
  const { world, shown } = await showing();
  const uncaught: unknown[] = [];
  t.mock.method(globalThis, "queueMicrotask", (callback: () => void) => {
    try {
      callback();
    } catch (error) {
      uncaught.push(error);
    }
  });
  const mistake = new Error("no place left");
  const fragile: MutationOptions<{ fullName: string }> = {
    optimistic: (local, args) => {
      append(local, args);
      if (local.get(names, lead)!.items.includes("Bob")) throw mistake;
    },
  };
  const call = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Ada" }, fragile));
  void world.client.mutation(api.contacts.create, { fullName: "Alan" }, optimistic);
  world.move({ ts: 2 }, { 1: { value: { items: ["Bob"] } } });
  assert.deepEqual(shown.at(-1), ["Bob", "Alan?"]);
  assert.deepEqual(uncaught, [mistake]);
  world.say({ type: "mutationResponse", requestId: 1, ts: 2, value: "id" });
  await settled();
  assert.equal(call.value, "id");
});

test("an update has to be synchronous", async () => {
  const { world, shown } = await showing();
  let late: unknown;
  const call = world.client.mutation(
    api.contacts.create,
    { fullName: "Ada" },
    {
      optimistic: async (local, args) => {
        await null;
        try {
          append(local, args);
        } catch (error) {
          late = error;
        }
      },
    },
  );
  await assert.rejects(call, /TypeError: an optimistic update is synchronous/);
  assert.match(String(late), /TypeError: an optimistic update is synchronous/);
  assert.deepEqual(await world.types(), []);
  assert.deepEqual(shown, [[]]);
});

test("an update calls no function of the backend: it would again on every new result", async () => {
  const { world } = await showing();
  let inner: Promise<unknown> | undefined;
  const outer = world.client.mutation(
    api.contacts.create,
    { fullName: "Ada" },
    { optimistic: () => void (inner = world.client.mutation(api.contacts.create, { fullName: "Alan" })) },
  );
  await assert.rejects(inner!, /changes results, and calls nothing: contacts.create was not called/);
  assert.equal((await world.taken()).length, 1);
  void outer;
});

test("an update changes several queries, and everybody sees all of it at once", async () => {
  const { world } = await showing(["Zoe"]);
  const one = api.contacts.get;
  const seen: unknown[] = [];
  const list = world.client.observe(names, lead);
  const card = world.client.observe(one, { id: "zoe" });
  const look = () => seen.push([list.current()?.value?.items, card.current()?.value]);
  list.subscribe(look);
  card.subscribe(look);
  await world.taken();
  world.move({ querySet: 2 }, { 2: { value: "Zoe" } });
  seen.length = 0;
  void world.client.mutation(
    api.contacts.create,
    { fullName: "Zoë" },
    {
      optimistic: (local, { fullName }) => {
        local.set(names, lead, { items: [fullName] });
        local.set(one, { id: "zoe" }, fullName);
      },
    },
  );
  world.move({ ts: 2 }, { 1: { value: { items: ["Zoë!"] } }, 2: { value: "Zoë!" } }, [1]);
  world.say({ type: "mutationResponse", requestId: 1, ts: 2, value: "id" });
  assert.deepEqual(seen, [
    [["Zoë"], "Zoë"],
    [["Zoë"], "Zoë"],
    [["Zoë!"], "Zoë!"],
    [["Zoë!"], "Zoë!"],
  ]);
});

test("getAll gives every loaded query of a function, with the changes of earlier updates", async () => {
  const { world } = await showing(["Zoe"]);
  world.client.watch(names, { stage: "won" }, () => undefined);
  world.client.watch(names, { stage: "lost" }, () => undefined);
  world.client.watch(api.contacts.get, { id: "zoe" }, () => undefined);
  await world.taken();
  world.move({ querySet: 2 }, { 2: { value: { items: [] } }, 4: { value: "Zoe" } }); // "lost" is still to come
  void world.client.mutation(api.contacts.create, { fullName: "Ada" }, optimistic);
  let all: unknown;
  void world.client.mutation(
    api.contacts.create,
    { fullName: "Alan" },
    { optimistic: (local) => void (all = local.getAll(names)) },
  );
  assert.deepEqual(all, [
    { args: { stage: "lead" }, value: { items: ["Zoe", "Ada?"] } },
    { args: { stage: "won" }, value: { items: [] } },
  ]);
});

test("a query without a value has none for an update, and may be given one", async () => {
  const { world } = await showing();
  const total = api.billing.total;
  const shown: unknown[] = [];
  world.client.watch(
    total,
    { since: 1n },
    (value) => shown.push(value),
    (error) => shown.push(error.code),
  );
  await world.taken();
  const found: unknown[] = [];
  const add: MutationOptions<{ amount: bigint }> = {
    optimistic: (local, { amount }) => {
      const now = local.get(total, { since: 1n });
      found.push(now, local.getAll(total));
      local.set(total, { since: 1n }, (now ?? 0n) + amount);
    },
  };
  void world.client.mutation(api.billing.add, { amount: 5n }, add);
  assert.deepEqual(found.splice(0), [undefined, []]);
  assert.deepEqual(shown, [5n]);
  world.move({ querySet: 2 }, { 2: { error: { kind: "internal", code: "internal", message: "no" } } });
  assert.deepEqual(found.splice(0), [undefined, []]);
  world.move({ ts: 2 }, { 2: { value: "10" } });
  assert.deepEqual(found, [10n, [{ args: { since: 1n }, value: 10n }]]);
  assert.deepEqual(shown.at(-1), 15n);
});

test("with undefined a query shows nothing until the mutation has ended", async () => {
  const { world } = await showing(["Zoe"]);
  const list = world.client.observe(names, lead);
  const hide: MutationOptions<{ fullName: string }> = { optimistic: (local) => local.set(names, lead, undefined) };
  void world.client.mutation(api.contacts.create, { fullName: "Ada" }, hide);
  assert.equal(list.current(), undefined);
  world.say({ type: "mutationResponse", requestId: 1, ts: 1, value: "id" });
  assert.deepEqual(list.current(), { value: { items: ["Zoe"] } });
});

test("a query that is read once gets the server's value", async () => {
  const { world } = await showing(["Zoe"]);
  void world.client.mutation(api.contacts.create, { fullName: "Ada" }, optimistic);
  assert.deepEqual(await world.client.query(names, lead), { items: ["Zoe"] });
});

test("a loop over a live query sees updates too", async () => {
  const { world } = await showing(["Zoe"]);
  const loop = world.client.live(names, lead);
  assert.deepEqual((await loop.next()).value, { items: ["Zoe"] });
  void world.client.mutation(api.contacts.create, { fullName: "Ada" }, optimistic);
  assert.deepEqual((await loop.next()).value, { items: ["Zoe", "Ada?"] });
  await loop.return(undefined as never);
});

test("a call has one id in every replay, and no other call has it", async () => {
  const { world } = await showing();
  const ids: string[] = [];
  const note: MutationOptions<{ fullName: string }> = { optimistic: (local) => void ids.push(local.callId) };
  void world.client.mutation(api.contacts.create, { fullName: "Ada" }, note);
  void world.client.mutation(api.contacts.create, { fullName: "Alan" }, note);
  world.move({ ts: 2 }, { 1: { value: { items: ["Bob"] } } });
  assert.equal(ids.length, 4);
  assert.equal(new Set(ids).size, 2);
  assert.deepEqual(ids.slice(0, 2), ids.slice(2));
});

test("what an update leaves alone stays the same object, and nobody is told of it", async () => {
  const { world, shown } = await showing(["Zoe"]);
  const before = world.client.observe(names, lead).current();
  const same: MutationOptions<{ fullName: string }> = {
    optimistic: (local) => {
      for (const { args, value } of local.getAll(names)) local.set(names, args, value);
    },
  };
  void world.client.mutation(api.contacts.create, { fullName: "Ada" }, same);
  assert.equal(world.client.observe(names, lead).current(), before);
  assert.equal(shown.length, 1);
});

// --- simulation ---

test("random commits, slow reading, failures and losses: every call is on the screen exactly once, at all times", async () => {
  let [looks, resumed] = [0, 0];
  for (let seed = 1; seed <= 80; seed++) {
    const simulation = new Simulation(seed);
    await simulation.run();
    looks += simulation.looks;
    resumed += simulation.resumed;
  }
  assert.ok(looks > 20_000 && resumed > 10, `only ${looks} looks, ${resumed} results told by their digest`);
});

/** One connection, as the server knows it. */
interface Line {
  readonly inbox: ClientMessage[];
  /** Frames under way to the client. */
  readonly frames: ServerMessage[];
  readonly watched: Set<number>;
  readonly changed: Set<number>;
  /** Digests of what the client holds. */
  readonly held: Map<number, string>;
  readonly responses: ServerMessage[];
  readonly visible: number[];
  sent: Version;
  reached: Version;
}

/**
 * A server with one log that every query returns. A mutation adds its mark to it, or fails; others add to it too. The
 * client's updates add the mark with a question mark.
 */
class Simulation {
  readonly seed: number;
  readonly world = new World();
  readonly log: string[] = [];
  readonly answers = new Map<number, { ts: number; isOk: boolean }>();
  readonly called: number[] = [];
  readonly ended = new Map<number, boolean>();
  line: Line | null = null;
  sockets = 0;
  /** How often somebody looked at what is shown. */
  looks = 0;
  /** Results that were what the client held. */
  resumed = 0;
  #random: number;

  constructor(seed: number) {
    this.seed = seed;
    this.#random = seed;
  }

  chance(n: number): number {
    this.#random = (Math.imul(this.#random, 1103515245) + 12345) >>> 0;
    return (this.#random >>> 16) % n;
  }

  async run(): Promise<void> {
    for (const stage of ["a", "b"]) this.world.client.watch(names, { stage }, () => this.look());
    for (let i = 0; i < 250; i++) {
      await this.step(this.chance(16));
      await settled();
      this.check();
    }
    for (let i = 0; i < 500 && (i < 20 || this.ended.size < this.called.length || this.line?.frames.length); i++) {
      for (const choice of [15, 7, 3, 9, 12, 12, 12]) await this.step(choice); // a quiet end
      await settled();
      this.check();
    }
    const say = `seed ${this.seed}`;
    assert.deepEqual([...this.ended.keys()].sort(byNumber), this.called, say);
    for (const [requestId, isOk] of this.ended) assert.equal(isOk, isGood(requestId), say);
    assert.deepEqual(this.shown("a"), this.log, say);
    assert.deepEqual(this.shown("b"), this.log, say);
  }

  async step(choice: number): Promise<void> {
    if (choice < 2) this.call();
    else if (choice === 2)
      this.log.push(`x${this.log.length}`); // somebody else's, who is told of it …
    else if (choice === 3)
      this.line?.watched.forEach((queryId) => this.line!.changed.add(queryId)); // … sooner or later
    else if (choice === 4 && this.chance(4) === 0) await this.lose();
    else if (!this.line) await this.open();
    else if (choice < 9) await this.serve();
    else if (choice < 12) this.take();
    else this.deliver();
  }

  call(): void {
    const requestId = this.called.length + 1;
    this.called.push(requestId);
    const optimistic = (local: LocalResults) => {
      for (const { args, value } of local.getAll(names)) {
        local.set(names, args, { items: [...value.items, `m${requestId}?`] });
      }
    };
    this.world.client.mutation(api.contacts.create, { fullName: `m${requestId}` }, { optimistic }).then(
      () => this.ended.set(requestId, true),
      () => this.ended.set(requestId, false),
    );
  }

  async open(): Promise<void> {
    if (this.world.sockets.length === this.sockets) return;
    await this.world.open();
    this.sockets = this.world.sockets.length;
    const start = { querySet: 0, identity: 0, ts: this.log.length };
    const lists = { inbox: this.world.socket.sent, frames: [], responses: [], visible: [] };
    this.line = { ...lists, watched: new Set(), changed: new Set(), held: new Map(), sent: start, reached: start };
  }

  /** What the server has read runs on when the line is lost; what it would say reaches nobody. */
  async lose(): Promise<void> {
    const { line } = this;
    if (!line) return;
    this.line = null;
    const read = line.inbox.splice(0, this.chance(line.inbox.length + 1));
    this.world.drop();
    while (this.world.sockets.length === this.sockets) await this.world.clock.pass(250);
    for (const message of read) if (message.type === "mutation") this.mutate(message.requestId);
  }

  /** One turn of the engine. */
  async serve(): Promise<void> {
    const line = this.line!;
    const message = line.inbox.shift();
    if (message?.type === "connect") {
      line.sent = line.reached = { querySet: 0, identity: 0, ts: this.log.length };
      line.frames.push({ type: "connected", protocol: 1, contract: "", ts: this.log.length });
    } else if (message?.type === "modifyQuerySet") {
      for (const { queryId, digest } of message.add) {
        line.watched.add(queryId);
        line.changed.add(queryId);
        if (digest) line.held.set(queryId, digest);
      }
      line.reached = { ...line.reached, querySet: message.newVersion, ts: this.log.length };
    } else if (message?.type === "mutation") {
      const { requestId } = message;
      const { ts, isOk } = this.mutate(requestId);
      line.reached = { ...line.reached, ts: Math.max(ts, line.reached.ts) };
      if (isOk) line.visible.push(requestId);
      const failure = { error: { kind: "app", code: "full", message: "full" } } as const;
      const outcome = isOk ? { value: `m${requestId}` } : failure;
      line.responses.push({ type: "mutationResponse", requestId, ts, ...outcome });
    }
  }

  mutate(requestId: number): { ts: number; isOk: boolean } {
    const known = this.answers.get(requestId);
    if (known) return known;
    const isOk = isGood(requestId);
    if (isOk) {
      this.log.push(`m${requestId}`);
      this.line?.watched.forEach((queryId) => this.line!.changed.add(queryId));
    }
    const answer = { ts: this.log.length, isOk };
    this.answers.set(requestId, answer);
    return answer;
  }

  /** What is ready goes out, however much has come together. */
  take(): void {
    const line = this.line!;
    if (line.changed.size) line.reached = { ...line.reached, ts: this.log.length };
    if (line.changed.size || JSON.stringify(line.sent) !== JSON.stringify(line.reached)) {
      const digest = `of ${this.log.length}`;
      const changes = [...line.changed].map((queryId) => {
        if (line.held.get(queryId) === digest) {
          this.resumed++;
          return { queryId, unchanged: true } as const;
        }
        line.held.set(queryId, digest);
        return { queryId, value: { items: [...this.log] }, digest };
      });
      const mutations = line.visible.length ? { mutations: [...line.visible] } : {};
      line.frames.push({ type: "transition", start: line.sent, end: line.reached, changes, ...mutations });
      line.sent = line.reached;
      line.changed.clear();
    }
    line.frames.push(...line.responses.splice(0));
    line.visible.length = 0;
  }

  deliver(): void {
    const frame = this.line!.frames.shift();
    if (frame) this.world.say(frame);
  }

  shown(stage: string): readonly string[] | undefined {
    return this.world.client.observe(names, { stage }).current()?.value?.items;
  }

  /** In the middle of a step, as a listener sees it: no call is missing, and none is there twice. */
  look(): void {
    const [a, b] = [this.shown("a"), this.shown("b")];
    assert.deepEqual(a, b, `seed ${this.seed}: two queries of two moments`);
    if (!a) return;
    const marks = a.map((mark) => mark.replace("?", ""));
    assert.equal(new Set(marks).size, marks.length, `seed ${this.seed}: shown twice: ${a}`);
    for (const requestId of this.called) {
      if (isGood(requestId))
        assert.ok(marks.includes(`m${requestId}`), `seed ${this.seed}: m${requestId} is gone: ${a}`);
    }
    this.looks++;
  }

  /** Between steps: what is shown is what the server said, and the updates of exactly those calls that have not ended. */
  check(): void {
    const shown = this.shown("a");
    if (!shown) return;
    this.look();
    const known = shown.filter((mark) => !mark.endsWith("?"));
    const pending = this.called.filter((requestId) => !this.ended.has(requestId));
    const expected = [...this.log.slice(0, known.length), ...pending.map((requestId) => `m${requestId}?`)];
    assert.deepEqual(shown, expected, `seed ${this.seed}`);
  }
}

/** Every fifth mutation fails. */
function isGood(requestId: number): boolean {
  return requestId % 5 !== 0;
}

function byNumber(a: number, b: number): number {
  return a - b;
}

// --- the conversations ---

type Step =
  | { from: "client"; message: ClientMessage }
  | { from: "server"; message: ServerMessage }
  | { from: "network"; message: { type: string } }
  | { from: "optimistic"; message: { queryId: number; append: string } }
  | { from: "shown"; message: { results: { [queryId: string]: unknown }; ended: number[] } }
  | { from: "note" | "engine" | "effect"; message: unknown };

const folder = process.env["SYNC_CASES"]!;

for (const file of readdirSync(folder).filter((name) => name.startsWith("optimistic_"))) {
  test(`shows what ${file} says`, async () => {
    const lines = readFileSync(join(folder, file), "utf-8").trim().split("\n");
    await replay(lines.map((line) => JSON.parse(line) as Step));
  });
}

/** Makes a client do what the conversation implies; after every line it has to show what is said there. */
async function replay(lines: Step[]): Promise<void> {
  const world = new World();
  const queries = new Map<number, { query: Query<{}, string[]>; args: {} }>();
  const called = new Set<number>();
  const ended: number[] = [];
  let update: MutationOptions<unknown> = {};
  let checks = 0;
  for (const { from, message } of lines) {
    if (from !== "client" || message.type !== "modifyQuerySet") continue;
    for (const { queryId, path, args } of message.add) {
      if (queries.has(queryId)) continue; // sent again
      const query = referenceTo<Query<{}, string[]>>(path);
      queries.set(queryId, { query, args: args as {} });
      world.client.watch(query, args as {}, () => undefined);
    }
  }
  for (const { from, message } of lines) {
    if (from === "network") {
      if (message.type === "opened") await world.open();
      else if (message.type === "closed") world.drop();
      await world.clock.pass(message.type === "closed" ? 16_000 : 0);
    } else if (from === "optimistic") {
      const { query, args } = queries.get(message.queryId)!;
      update = { optimistic: (local) => local.set(query, args, [...local.get(query, args)!, message.append]) };
    } else if (from === "client" && message.type === "mutation") {
      const { requestId, path, args } = message;
      if (called.has(requestId)) continue; // sent again
      called.add(requestId);
      const end = () => ended.push(requestId);
      world.client.mutation(referenceTo<Mutation<unknown, unknown>>(path), args, update).then(end, end);
      update = {};
    } else if (from === "server") {
      world.say(message);
    } else if (from === "shown") {
      const shown = Object.entries(message.results).map(([queryId, value]) => {
        const { query, args } = queries.get(Number(queryId))!;
        return [world.client.observe(query, args).current()?.value, value];
      });
      for (const [actual, expected] of shown) assert.deepEqual(actual, expected);
      await settled();
      assert.deepEqual(ended.splice(0), message.ended);
      checks++;
    }
  }
  assert.ok(checks > 3);
}

function referenceTo<Reference>(path: string): Reference {
  return path.split(".").reduce<any>((node, name) => node[name], api) as Reference;
}
