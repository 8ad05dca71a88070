import { Client } from "@shop/sdk";
import { api, type TasksCreateArgs } from "@shop/sdk/api";

const client = new Client("http://shop.example");

export async function create(title: string): Promise<void> {
  await client.mutation(api.tasks.create, { title });
  await client.mutation(api.tasks.create, { note: "n", title: "t" });
  await client.mutation(api.tasks.copy, { title });
  const args: TasksCreateArgs = { "title": title };
  args.title += "!";
}
