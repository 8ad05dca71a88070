/**
 * What a TypeScript consumer uses of the SDK, printed as JSON; run with Node, never imported by an application.
 *
 *     node check/usage.mjs --consumer . --package @crm/backend --sdk node_modules/@crm/backend
 *
 * Prints `{"typescript": "5.9.3", "uses": [...]}` and ends with 0, or `{"mistakes": [...]}` and ends with 2. It reads with the
 * consumer's own TypeScript; `--typescript <folder>` names further folders in which to look for one.
 */
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { classicCompiler } from "./classic.mjs";
import { nativeCompiler } from "./native.mjs";
import { openPrograms, unreadableFiles } from "./projects.mjs";
import { readProgram } from "./reader.mjs";
import { lineStarts } from "./report.mjs";
/** Packages under which people keep a TypeScript beside the one they compile with. */
const NAMES = [
  "typescript",
  "typescript-5.9",
  "typescript-classic",
  "typescript-5",
  "typescript-6",
];
/** Reads a consumer with the first TypeScript found in `folders`. */
export async function readConsumer(consumer, folders) {
  const found = await findCompiler(consumer.folder, folders);
  if ("rule" in found) return { mistakes: [found] };
  try {
    const programs = openPrograms(found, consumer);
    const mistakes = programs.flatMap((program) =>
      syntaxMistakes(found, program),
    );
    if (mistakes.length) return { mistakes };
    const uses = programs.flatMap((program) =>
      readProgram(found, program, consumer.sdkFolder),
    );
    return {
      typescript: found.version,
      uses: sorted([...uses, ...unreadable(consumer.folder)]),
    };
  } finally {
    found.close();
  }
}
/** The consumer's own TypeScript; of several, one with the classic API first where the native one is not as expected. */
async function findCompiler(folder, folders) {
  const failures = [];
  for (const name of NAMES)
    for (const place of [folder, ...folders]) {
      const found = await compilerOf(name, place, folder);
      if (typeof found === "object") return found;
      if (found !== undefined) failures.push(found);
    }
  const [failure] = failures;
  if (failure === undefined)
    return { rule: "typescript_missing", says: `no TypeScript in ${folder}` };
  return { rule: "typescript_unknown", says: failure };
}
/** A compiler; or why it is not one that can be asked; undefined if there is none of that name. */
async function compilerOf(name, place, folder) {
  const require = createRequire(join(place, "package.json"));
  let version;
  try {
    version = require(`${name}/package.json`).version;
  } catch {
    return undefined;
  }
  if (Number.parseInt(version, 10) < 7) return classicCompiler(require(name));
  try {
    const [sync, ast] = await Promise.all([
      import(pathToFileURL(require.resolve(`${name}/unstable/sync`)).href),
      import(pathToFileURL(require.resolve(`${name}/unstable/ast`)).href),
    ]);
    return nativeCompiler({ ...sync, ...ast }, version, folder);
  } catch (error) {
    return `TypeScript ${version} cannot be asked about types: ${error.message}`;
  }
}
/** What is in these files is unknown: all of the SDK may be. */
function unreadable(folder) {
  return unreadableFiles(folder).map((file) => {
    const all = `a ${file.slice(file.lastIndexOf("."))} file, which the compiler cannot read`;
    return { all, file, line: 1, column: 1 };
  });
}
function syntaxMistakes(compiler, program) {
  return compiler.syntaxErrors(program).map(({ file, position, says }) => {
    const starts = lineStarts(program.file(file)?.text ?? "");
    const line = starts.filter((start) => start <= position).length;
    return {
      rule: "consumer_syntax",
      says,
      file,
      line,
      column: position - (starts[line - 1] ?? 0) + 1,
    };
  });
}
/** By place, each once: a file may belong to several programs. */
function sorted(uses) {
  const byText = new Map(uses.map((use) => [JSON.stringify(use), use]));
  return [...byText.values()].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(JSON.stringify(a), JSON.stringify(b)),
  );
}
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
function options(given) {
  const found = new Map();
  for (let i = 0; i + 1 < given.length; i += 2)
    found.set(given[i] ?? "", [
      ...(found.get(given[i] ?? "") ?? []),
      given[i + 1] ?? "",
    ]);
  return found;
}
async function main() {
  const given = options(process.argv.slice(2));
  const [folder, sdk, sdkFolder] = ["--consumer", "--package", "--sdk"].map(
    (name) => given.get(name)?.[0],
  );
  if (!folder || !sdk || !sdkFolder)
    throw new Error(
      "usage: usage.mjs --consumer <folder> --package <name> --sdk <folder>",
    );
  const real = (path) => realpathSync(resolve(path)).split(sep).join("/");
  const consumer = { folder: real(folder), sdk, sdkFolder: real(sdkFolder) };
  const answer = await readConsumer(
    consumer,
    (given.get("--typescript") ?? []).map(real),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  process.exitCode = "mistakes" in answer ? 2 : 0;
}
if (
  process.argv[1] &&
  import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href
)
  await main();
