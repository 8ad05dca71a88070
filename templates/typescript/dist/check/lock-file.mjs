/** The lock: what a consumer uses of its SDK, as it was when somebody last looked. Committed beside the source. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { CannotCheck } from "./mistakes.mjs";
import { python } from "./python/library.mjs";
import { from_text, is_written, to_text } from "./relation.mjs";
/** Raises CannotCheck if there is none of a TypeScript consumer; `update` is the command that makes it. */
export function readLock(file, update) {
  if (!existsSync(file))
    throw new CannotCheck({
      rule: "lock_missing",
      says: `${file} does not exist`,
      why: "it holds what this program uses of the SDK, as it was when it was last checked",
      fix: `make it with \`${update}\`, and commit it`,
    });
  let lock;
  try {
    lock = from_text(readFileSync(file, "utf8"));
  } catch (error) {
    throw new CannotCheck(unreadable(file, error.message, update));
  }
  const language = python.get(lock, "language");
  if (language !== "typescript")
    throw new CannotCheck(
      unreadable(file, `it is the lock of a ${language} program`, update),
    );
  return lock;
}
/** Whether the file had to change; if nothing but the day would, it is left alone. */
export function writeLock(file, lock) {
  if (existsSync(file) && is_written(readFileSync(file, "utf8"), lock))
    return false;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, to_text(lock));
  return true;
}
function unreadable(file, says, update) {
  return {
    rule: "lock_unreadable",
    says,
    why: "what is used now is compared with what the lock says was used",
    fix: `take the file as it was committed, or write it anew with \`${update}\`; --lock names another one`,
    place: file,
  };
}
