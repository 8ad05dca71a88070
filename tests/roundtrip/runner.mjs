/**
 * Sends what `job.json` says through the generated package, over the WebSocket and over plain HTTP, and prints what came
 * back otherwise than it should, and the places that each refused value was refused for, as JSON.
 */

import { readFileSync } from "node:fs";
import { Client } from "@random/backend";
import { api } from "@random/backend/api";
import { HttpClient } from "@random/backend/http";
import { encode } from "./node_modules/@random/backend/runtime/json.js";
import { targetOf } from "./node_modules/@random/backend/runtime/reference.js";

const CALLS_AT_ONCE = 50;

const { address, sent, refused } = JSON.parse(readFileSync(new URL("job.json", import.meta.url), "utf8"));
const client = new Client(address);
const doors = { socket: client, http: new HttpClient(address) };

/** The function's reference as an application writes it: `api.billing.invoices.echo3`. */
function referenceOf(path) {
  return path.split(".").reduce((node, name) => node[name], api);
}

/** A value from the wire as the SDK gives it to an application. */
function decoded(path, wire) {
  const { codecs } = targetOf(referenceOf(path));
  const copy = structuredClone(wire);
  return codecs ? codecs.decodeReturns(path, copy) : copy;
}

/** A value of an application as the SDK writes it. */
function written(path, value) {
  const { codecs } = targetOf(referenceOf(path));
  return encode(codecs ? codecs.encodeArgs(path, { value }) : { value });
}

function same(a, b) {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

function shown(value) {
  return String(JSON.stringify(value, (_, held) => (typeof held === "bigint" ? `${held}n` : held)));
}

/** Says what went wrong with one value; undefined if nothing did. */
async function roundTrip(door, [path, kind, wire, answer]) {
  try {
    const back = await doors[door][kind](referenceOf(path), { value: decoded(path, wire) });
    const expected = decoded(path, answer);
    if (!same(back, expected)) return `came back as ${shown(back)}, not ${shown(expected)}`;
    const text = written(path, back);
    return text === encode({ value: answer }) ? undefined : `is written as ${text}, not ${encode({ value: answer })}`;
  } catch (error) {
    return `failed: ${error}`;
  }
}

/** The places that one value is refused for, or what happened instead. */
async function refusal(door, [path, kind, wire]) {
  try {
    const back = await doors[door][kind](referenceOf(path), { value: wire });
    return `was taken, and came back as ${shown(back)}`;
  } catch (error) {
    return error.kind === "invalidArguments" ? error.issues.map((issue) => issue.path) : `failed: ${error}`;
  }
}

async function all(items, work) {
  const results = [];
  for (let start = 0; start < items.length; start += CALLS_AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + CALLS_AT_ONCE).map(work))));
  }
  return results;
}

const report = { mismatches: [], refusals: {} };
for (const door of Object.keys(doors)) {
  const results = await all(sent, (item) => roundTrip(door, item));
  results.forEach((mismatch, i) => mismatch && report.mismatches.push([door, i, mismatch]));
  report.refusals[door] = await all(refused, (item) => refusal(door, item));
}
client.close();
console.log(JSON.stringify(report));
