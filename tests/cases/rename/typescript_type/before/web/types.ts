import type { Task, TaskPage } from "@shop/sdk/types";

export type { TaskInput } from "@shop/sdk/types";
export type Row = Pick<Task, "title"> & { page?: TaskPage };
