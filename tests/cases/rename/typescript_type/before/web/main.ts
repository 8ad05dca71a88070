import type { Task as SdkTask, Task } from "@shop/sdk/types";
import type { TaskInput } from "./types.js";

class Todo {
  constructor(readonly task: Task, readonly like: TaskInput) {}
}

export const todos: Todo[] = [];
export const first: SdkTask | undefined = todos[0]?.task;
