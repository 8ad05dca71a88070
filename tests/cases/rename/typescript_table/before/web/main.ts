import { asId, Client, type Id } from "@shop/sdk";
import { api } from "@shop/sdk/api";

const client = new Client("http://shop.example");
type TaskId = Id<"tasks">;
const route = "tasks";

export async function get(text: string, id: Id<'tasks'> | null): Promise<TaskId | undefined> {
  const task = await client.query(api.tasks.get, { taskId: id ?? asId("tasks", `${route}_${text}`) });
  return task?.id;
}
