import { Client } from "@shop/sdk";
import { api, type TasksListArgs } from "@shop/sdk/api";

const client = new Client("http://shop.example");
const { list: openOnes, create } = api.tasks;
const { list } = api.tasks;   // short

export async function show(args: TasksListArgs, list2 = list): Promise<string[]> {
  await client.query( api.tasks.list, args );
  await client.query(api["tasks"]["list"], { day: "monday" });
  await client.mutation(create, { title: "a list" });
  const list = await client.query(openOnes, { day: `tasks.list` });
  const tasks = { list: 1, list2 };
  return tasks.list > 0 ? list : [];
}
