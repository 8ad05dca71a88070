import type { Note, Task } from "@shop/sdk/types";

export function dueOn(given: Task | Note): string {
  return "text" in given ? given.dueOn : given.dueOn;
}

export function whenever(given: Task | Note): string {
  return given.dueOn;
}
