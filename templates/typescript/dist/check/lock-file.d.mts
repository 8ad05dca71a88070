/** The lock: what a consumer uses of its SDK, as it was when somebody last looked. Committed beside the source. */
import { type Lock } from "./relation.mjs";
/** Raises CannotCheck if there is none of a TypeScript consumer; `update` is the command that makes it. */
export declare function readLock(file: string, update: string): Lock;
/** Whether the file had to change; if nothing but the day would, it is left alone. */
export declare function writeLock(file: string, lock: Lock): boolean;
