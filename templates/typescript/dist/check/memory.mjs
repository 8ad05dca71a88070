/** That nothing has moved since a check found nothing: reading all sources takes a compiler seconds. */
import { createHash } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
const NOT_SOURCE = new Set([
  "node_modules",
  "dist",
  "build",
  "out",
  "coverage",
  "web-build",
]);
const SOURCE = /\.(?:[cm]?[jt]sx?|json)$/;
/** Names of all sources below a folder, when each was written, and how long it is; with what else counts. */
export function stateOf(folder, ...others) {
  const hash = createHash("sha256");
  for (const other of others) hash.update(`${other}\0`);
  addFolder(folder, hash);
  return hash.digest("hex");
}
function addFolder(folder, hash) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort(
    (a, b) => (a.name < b.name ? -1 : 1),
  )) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!NOT_SOURCE.has(entry.name) && !entry.name.startsWith("."))
        addFolder(path, hash);
    } else if (SOURCE.test(entry.name)) {
      const { mtimeMs, size } = statSync(path);
      hash.update(`${path}\0${mtimeMs}\0${size}\0`);
    }
  }
}
/** Where tools of a project remember things: beside what is installed, never committed. */
function fileFor(folder) {
  return join(folder, "node_modules", ".cache", "schemagen-check.txt");
}
export function isRemembered(folder, state) {
  try {
    return readFileSync(fileFor(folder), "utf8") === state;
  } catch {
    return false;
  }
}
/** Does nothing where there is no `node_modules`, or it may not be written. */
export function remember(folder, state) {
  const file = fileFor(folder);
  try {
    statSync(dirname(dirname(file)));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, state);
  } catch {
    return; // it is asked again next time
  }
}
