/** One generation of the application against whatever backend is at ADDRESS; prints what it sees, as JSON. */

import { Client, ContractMismatch } from "@mobile/backend";
import { api } from "@mobile/backend/api";
import { HttpClient } from "@mobile/backend/http";

const { ADDRESS, VERSION, TITLE: title } = process.env;
const client = new Client(ADDRESS, { client: "mobile", version: VERSION });
const http = new HttpClient(ADDRESS, { client: "mobile", version: VERSION });

const told = [];
client.onContract(({ status }) => told.push(status));

/** What a call comes to; numbers are as good as any other. */
async function seen(call) {
  try {
    const value = await call();
    if (typeof value === "string") return value.startsWith("tasks_") ? "ok" : value;
    return typeof value === "number" ? value > 0 : { total: value.total > 0 };
  } catch (error) {
    return [error.kind, error.code, error instanceof ContractMismatch && error.message.includes(error.function)];
  }
}

const state = () => [client.contract.status, [...client.contract.functions].sort()];
const report = { before: client.contract.status };

const live = client.live(api.tasks.list, { title });
const first = (await live.next()).value.length;
report.state = state();
await client.mutation(api.tasks.create, { title });
report.live = [first, (await live.next()).value.length];
report.count = await seen(() => client.query(api.tasks.count));
report.liveCount = await seen(async () => (await client.live(api.tasks.count).next()).value);
report.mean = await seen(() => client.query(api.tasks.mean));
report.report = await seen(() => client.query(api.tasks.report));
report.high = await seen(() => client.mutation(api.tasks.create, { title: "x", priority: "high" }));
report.long = await seen(() => client.mutation(api.tasks.create, { title: "far more than twenty characters" }));
report.http = await seen(() => http.query(api.tasks.count));
report.after = state();
report.told = told;
client.close();
console.log(JSON.stringify(report));
