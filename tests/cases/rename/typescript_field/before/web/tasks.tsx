import { Client } from "@shop/sdk";
import { api } from "@shop/sdk/api";
import type { Note, Task, TaskInput } from "@shop/sdk/types";

const client = new Client("http://shop.example");

export async function late(dueOn: string): Promise<string[]> {
  const like: TaskInput = { dueOn };
  const tasks = await client.query(api.tasks.list, { like: { dueOn, note: "" } });
  const [ first ] = await client.query(api.tasks.list, { like });
  const { dueOn: when = "", ...rest } = first!;
  return tasks.map(({ dueOn }) => dueOn).concat(when, rest.note, describe(first!), tasks[0]?.dueOn ?? "");
}

function describe(task: Task) {
  const { dueOn } = task;   // eslint-disable-line
  const copy = { ...task, dueOn: dueOn + "!" } satisfies Task;
  const short = { ...task, dueOn } satisfies Task;
  return `${task.dueOn} ${task["dueOn"]} ${copy.dueOn} ${short.dueOn}`;
}

export function both(task: Task, note: Note, any: any): unknown[] {
  return [task.dueOn, note.dueOn, any.dueOn, "dueOn"];
}
