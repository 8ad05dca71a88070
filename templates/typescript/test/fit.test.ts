import assert from "node:assert/strict";
import { test } from "node:test";
import { ContractMismatch, SchemagenError } from "../src/errors.js";
import type { ContractState } from "../src/fit.js";
import { Fit } from "../src/fit.js";
import { settled, watchPromise, World, api } from "./world.js";

const mismatch = (path: string) => ({
  kind: "contractMismatch" as const,
  code: "contract_mismatch",
  message: `update this app: ${path} has changed`,
  data: { function: path, reason: "it is gone", witness: { stage: "lead" } },
});

/** A client that watches one query, and everything it was told of its contract. */
async function met(outdated: string[] | undefined, contract = "b") {
  const world = new World({ client: "mobile", version: "3.2.0" });
  const told: ContractState[] = [];
  world.client.onContract((state) => told.push(state));
  const seen: unknown[] = [];
  world.client.watch(
    api.contacts.list,
    {},
    (value) => seen.push(value),
    (error) => seen.push(error),
  );
  await world.open();
  world.connected(1);
  const sent = await world.taken();
  world.drop();
  await world.clock.pass(16_000);
  await world.open();
  world.say({ type: "connected", protocol: 1, contract, ts: 1, ...(outdated && { outdated }) });
  return { world, told, seen, sent };
}

test("the client says who it is", async () => {
  const { sent } = await met([]);
  assert.equal(sent[0]!.type, "connect");
  assert.deepEqual((sent[0] as { client?: unknown }).client, {
    language: "typescript",
    name: "mobile",
    version: "3.2.0",
  });
});

test("a server of the same contract, of another that fits, of one that does not, and one that cannot tell", async () => {
  assert.deepEqual(new World().client.contract, { status: "unknown", functions: [] });
  const { told } = await met([]);
  assert.deepEqual(
    told.map(({ status }) => status),
    ["current", "compatible"],
  );
  const { world } = await met(["contacts.get", "contacts.list"]);
  assert.deepEqual(world.client.contract, { status: "outdated", functions: ["contacts.get", "contacts.list"] });
  assert.equal((await met(undefined)).world.client.contract.status, "unknown");
});

test("a live query that no longer fits shows a ContractMismatch and goes on being nobody's loop", async () => {
  const { world, seen } = await met(["contacts.list"]);
  await world.taken();
  world.say({
    type: "transition",
    start: { querySet: 0, identity: 0, ts: 1 },
    end: { querySet: 1, identity: 0, ts: 1 },
    changes: [{ queryId: 1, error: mismatch("contacts.list") }],
  });
  const [error] = seen as [ContractMismatch];
  assert.ok(error instanceof ContractMismatch && error instanceof SchemagenError);
  assert.equal(error.name, "ContractMismatch");
  assert.deepEqual(
    [error.kind, error.code, error.function, error.reason, error.witness],
    ["contractMismatch", "contract_mismatch", "contacts.list", "it is gone", { stage: "lead" }],
  );
  await world.clock.pass(20_000);
  assert.deepEqual(await world.taken(), []);
});

test("a call refused for its arguments makes the application outdated, until another contract is served", async () => {
  const { world, told } = await met([]);
  await world.taken();
  const call = watchPromise(world.client.mutation(api.contacts.create, { fullName: "Ada" }));
  await settled();
  world.say({ type: "mutationResponse", requestId: 1, ts: 1, error: mismatch("contacts.create") });
  world.say({
    type: "transition",
    start: { querySet: 0, identity: 0, ts: 1 },
    end: { querySet: 1, identity: 0, ts: 1 },
    changes: [{ queryId: 1, value: [] }],
  });
  await settled();
  assert.ok(call.error instanceof ContractMismatch);
  const outdated = { status: "outdated", functions: ["contacts.create"] };
  assert.deepEqual(told.at(-1), outdated);
  world.drop();
  await world.clock.pass(16_000);
  await world.open();
  world.say({ type: "connected", protocol: 1, contract: "b", ts: 1, outdated: [] });
  assert.deepEqual(world.client.contract, outdated);
  world.drop();
  await world.clock.pass(16_000);
  await world.open();
  world.say({ type: "connected", protocol: 1, contract: "c", ts: 1, outdated: [] });
  assert.deepEqual(world.client.contract, { status: "compatible", functions: [] });
});

test("nobody is told what they know", () => {
  const fit = new Fit("a");
  let told = 0;
  const stop = fit.listen(() => told++);
  fit.met("b", ["x"]);
  const { state } = fit;
  fit.met("b", ["x"]);
  fit.refused("x");
  assert.equal(fit.state, state);
  assert.equal(told, 1);
  fit.met("c", ["y"]);
  assert.deepEqual(fit.state.functions, ["y"]);
  stop();
  fit.met("a", undefined);
  assert.deepEqual([fit.state.status, told], ["current", 2]);
});
