/**
 * Makes the calls of `job.json` with an old package, over the WebSocket and over plain HTTP, and prints those that should
 * have been answered and failed, and those that should have been refused and were taken, as JSON.
 */

import { readFileSync } from "node:fs";
import { Client } from "@random/backend";
import { api } from "@random/backend/api";
import { targetOf } from "./node_modules/@random/backend/runtime/reference.js";

const { address, safe, breaking } = JSON.parse(readFileSync(new URL("job.json", import.meta.url), "utf8"));
const client = new Client(address);

function referenceOf(path) {
  return path.split(".").reduce((node, name) => node[name], api);
}

/** Arguments from the wire as an application has them. */
function decoded(path, wire) {
  const { codecs } = targetOf(referenceOf(path));
  const copy = structuredClone(wire);
  return codecs && "value" in copy ? { ...copy, value: codecs.decodeReturns(path, copy.value) } : copy;
}

const failed = [];
for (const [path, kind, args] of safe) {
  try {
    await client[kind](referenceOf(path), decoded(path, args));
  } catch (error) {
    failed.push([path, args, String(error)]);
  }
}
const taken = [];
for (const [path, kind, args] of breaking) {
  try {
    await client[kind](referenceOf(path), decoded(path, args));
    taken.push([path, args, "was taken"]);
  } catch (error) {
    if (error.kind !== "invalidArguments") taken.push([path, args, String(error)]);
  }
}
client.close();
console.log(JSON.stringify({ failed, taken }));
