/** What the source of a consumer uses, in the words of the relation. */

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { CannotCheck, type Given } from "./mistakes.mjs";
import type { Sdk } from "./package.mjs";
import { python } from "./python/library.mjs";
import type { Lock } from "./relation.mjs";
import type { Use } from "./report.mjs";
import { type Mistake, readConsumer } from "./usage.mjs";

/** The uses as JSON. Raises CannotCheck. */
export async function readUses(source: string, sdk: Sdk): Promise<string> {
  if (!existsSync(source)) throw new CannotCheck(missing(source));
  const folder = realpathSync(resolve(source)).split(sep).join("/");
  const answer = await readConsumer({ folder, sdk: sdk.name, sdkFolder: sdk.folder }, [process.cwd()]);
  if ("mistakes" in answer) throw new CannotCheck(...answer.mistakes.map((each) => unreadable(each, source)));
  return JSON.stringify(answer.uses.map((use: Use) => ({ ...use, file: shown(use.file) })));
}

/** The texts of the files that a lock speaks of and that are still there, by path, as JSON. */
export function lockedSources(lock: Lock): string {
  const uses = python.get(python.get(lock, "usage"), "uses").items as readonly Lock[];
  const files = new Set(uses.map((use) => python.get(python.get(use, "place"), "file") as string));
  return JSON.stringify(
    Object.fromEntries([...files].filter((file) => existsSync(file)).map((file) => [file, readFileSync(file, "utf8")])),
  );
}

/** As people find it from where they are. */
function shown(file: string): string {
  const way = relative(realpathSync(process.cwd()), file);
  return (way.startsWith("..") || isAbsolute(way) ? file : way).split(sep).join("/");
}

function missing(source: string): Given {
  return {
    rule: "source_missing",
    says: `there is no ${source}`,
    why: "what is used of the SDK is read from the source of the program that uses it",
    fix: "run this in the program's folder, or name that with --source",
  };
}

function unreadable({ rule, says, file, line, column }: Mistake, source: string): Given {
  if (rule === "consumer_syntax")
    return {
      rule: "source_syntax",
      says: `not valid TypeScript: ${says}`,
      why: "what is used of the SDK is read from the source, all of it",
      fix: "repair this line",
      place: file === undefined ? "" : `${shown(file)}:${line}:${column}`,
    };
  return {
    rule,
    says,
    why: "what is used of the SDK is told by the types that TypeScript finds",
    fix:
      rule === "sdk_unused"
        ? `name the folder that imports the SDK with --source, in place of ${source}`
        : "npm install --save-dev typescript",
  };
}
