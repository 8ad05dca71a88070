/** The package around this checker: its name, and the contract it was generated from. */

import { readFileSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Contract, from_json } from "./relation.mjs";

export interface Sdk {
  readonly name: string;
  readonly folder: string;
  readonly fingerprint: string;
  contract(): Contract;
}

export function installedSdk(): Sdk {
  const folder = realpathSync(dirname(dirname(fileURLToPath(import.meta.url))));
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  const { name } = JSON.parse(read("package.json")) as { name: string };
  const [, fingerprint = ""] = /fingerprint = "(\w+)"/.exec(read("runtime/contract.js")) ?? [];
  let contract: Contract | undefined;
  return {
    name,
    folder: folder.split(sep).join("/"),
    fingerprint,
    contract: () => (contract ??= from_json(read("contract.json"))),
  };
}
