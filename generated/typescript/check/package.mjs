/** The package around this checker: its name, and the contract it was generated from. */
import { readFileSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { from_json } from "./relation.mjs";
export function installedSdk() {
  const folder = realpathSync(dirname(dirname(fileURLToPath(import.meta.url))));
  const read = (file) => readFileSync(join(folder, file), "utf8");
  const { name } = JSON.parse(read("package.json"));
  const [, fingerprint = ""] =
    /fingerprint = "(\w+)"/.exec(read("runtime/contract.js")) ?? [];
  let contract;
  return {
    name,
    folder: folder.split(sep).join("/"),
    fingerprint,
    contract: () => (contract ??= from_json(read("contract.json"))),
  };
}
