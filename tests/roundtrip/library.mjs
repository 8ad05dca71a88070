/** Meets both errors over the WebSocket and over plain HTTP, and prints what an application sees of them, as JSON. */

import { Client, isAppError } from "@random/backend";
import { api } from "@random/backend/api";
import { HttpClient } from "@random/backend/http";

const client = new Client(process.env.ADDRESS);
const doors = { socket: client, http: new HttpClient(process.env.ADDRESS) };
const report = {};

for (const [name, door] of Object.entries(doors)) {
  const shelfId = await door.mutation(api.books.build, { name });
  const add = () => door.mutation(api.books.add, { shelfId, title: "one", number: name.length });
  await add();
  report[name] = [];
  for (const call of [add, () => door.mutation(api.books.tearDown, { shelfId })]) {
    try {
      await call();
    } catch (error) {
      report[name].push([isAppError(error), error.code, error.data]);
    }
  }
}
client.close();
console.log(JSON.stringify(report));
