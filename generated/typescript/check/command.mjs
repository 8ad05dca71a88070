#!/usr/bin/env node
/** `schemagen-check`: the lock, the installed SDK and a server, compared by what the source uses. Never part of an application. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { deployedContract } from "./deployed.mjs";
import { readLock, writeLock } from "./lock-file.mjs";
import { isRemembered, remember, stateOf } from "./memory.mjs";
import { CannotCheck, ContractChanged } from "./mistakes.mjs";
import { installedSdk } from "./package.mjs";
import { python } from "./python/library.mjs";
import {
  Checked,
  Comparison,
  felt,
  github_of,
  json_of,
  lock_of,
  mistakes_github,
  mistakes_json,
  relocated_in_text,
  text_of,
  unlocked,
  usage_from_text,
} from "./relation.mjs";
import { lockedSources, readUses } from "./sources.mjs";
const LOCK = "schemagen.lock.json";
const HELP = `usage: schemagen-check [--lock FILE] [--source DIR] [--update] [--url URL] [--format text|json|github]

Compares what this program uses of the SDK, as the lock holds it, with the installed SDK; with --url also the SDK with a
server. Exits with 0 if all fits, 1 if not, 2 if that could not be found out.

  --lock FILE    the committed lock; ${LOCK} by default
  --source DIR   where the program's source is; here by default
  --update       write the lock from the source and the installed SDK
  --url URL      the address of a server that the program has to get along with
  --format FORM  text, json or github; text by default
`;
/** Rejects with `ContractChanged`, the report as its message, if what the program uses has changed below it. */
export async function check(options = {}) {
  const asked = askedFor(options);
  const checked = await checkedFor(asked);
  if (!isOk(checked))
    throw new ContractChanged(`\n${text_of(checked, asked.update)}`);
}
function askedFor({ lock = LOCK, source = ".", url }) {
  const options = [
    lock === LOCK ? "" : ` --lock ${lock}`,
    source === "." ? "" : ` --source ${source}`,
  ];
  return {
    sdk: installedSdk(),
    lock,
    source,
    url,
    update: `npx schemagen-check --update${options.join("")}`,
  };
}
function isOk(checked) {
  return python.get(checked, "ok");
}
async function checkedFor({ sdk, lock: file, source, url, update }) {
  const lock = readLock(file, update);
  const isSame = python.get(lock, "fingerprint") === sdk.fingerprint;
  const state = existsSync(source)
    ? stateOf(source, sdk.fingerprint, sdk.folder, readFileSync(file, "utf8"))
    : "";
  if (isSame && url === undefined && isRemembered(process.cwd(), state))
    return Checked(none(), none());
  const uses = await readUses(source, sdk);
  const client = python.get(lock, "client");
  const usage = usage_from_text(client, sdk.contract(), uses);
  const comparisons = isSame
    ? []
    : [comparedWithSdk(file, lock, sdk, client, uses)];
  if (url !== undefined)
    comparisons.push(...(await comparedWithServer(url, sdk, client, usage)));
  const checked = Checked(
    several(comparisons),
    unlocked(usage, python.get(lock, "usage")),
  );
  if (isOk(checked) && isSame) remember(process.cwd(), state);
  return checked;
}
function comparedWithSdk(file, lock, sdk, client, uses) {
  const known = python.get(lock, "contract");
  const found = usage_from_text(client, known, uses);
  const before = relocated_in_text(
    python.get(lock, "usage"),
    found,
    lockedSources(lock),
  );
  return Comparison(file, sdk.name, felt(known, sdk.contract(), before));
}
/** What is built now calls as the installed SDK says. */
async function comparedWithServer(url, sdk, client, usage) {
  const server = await deployedContract(url);
  if (server.fingerprint === sdk.fingerprint) return [];
  const used = python.get(
    lock_of(sdk.contract(), usage, client, today()),
    "contract",
  );
  return [Comparison(sdk.name, url, felt(used, server.contract, usage))];
}
async function update({ sdk, lock: file, source }) {
  const client = clientName(file, source);
  const usage = usage_from_text(
    client,
    sdk.contract(),
    await readUses(source, sdk),
  );
  if (!python.truth(python.get(usage, "uses")))
    throw new CannotCheck({
      rule: "source_without_uses",
      says: `nothing in ${source} uses ${sdk.name}`,
      why: "the lock holds what is used of the SDK, and would be empty",
      fix: `name the folder of the source that imports ${sdk.name} with --source`,
    });
  const lock = lock_of(sdk.contract(), usage, client, today());
  const isNew = writeLock(file, lock);
  const count = python.get(python.get(lock, "contract"), "functions").items
    .length;
  const told = `${count} function${count === 1 ? "" : "s"} of ${sdk.name}`;
  process.stderr.write(
    `${file}: ${told}, ${isNew ? "written; commit it" : "as before"}\n`,
  );
}
/** As the lock calls it, or as its folder is called. */
function clientName(file, source) {
  try {
    return python.get(readLock(file, ""), "client");
  } catch {
    return basename(resolve(source)) || "client";
  }
}
function today() {
  return new Date().toISOString().slice(0, 10);
}
function several(items) {
  return python.tuple([...items]);
}
function none() {
  return several([]);
}
async function main() {
  const { values } = parseArgs({
    options: {
      lock: { type: "string" },
      source: { type: "string" },
      url: { type: "string" },
      update: { type: "boolean" },
      format: { type: "string", default: "text" },
      help: { type: "boolean", short: "h" },
    },
  });
  const { lock, source, url, format } = values;
  if (values.help) return said(HELP, 0);
  if (!["text", "json", "github"].includes(format))
    throw new TypeError(`--format ${format}: it is text, json or github`);
  const form = format;
  const asked = askedFor({
    ...(lock && { lock }),
    ...(source && { source }),
    ...(url && { url }),
  });
  try {
    if (values.update) await update(asked);
    if (values.update && !url) return 0;
    const checked = await checkedFor(asked);
    const report =
      form === "json"
        ? json_of(checked)
        : form === "github"
          ? github_of(checked, asked.update)
          : text_of(checked, asked.update);
    return said(report, isOk(checked) ? 0 : 1);
  } catch (error) {
    if (!(error instanceof CannotCheck)) throw error;
    if (form === "text") process.stderr.write(`${error.message}\n`);
    return form === "text"
      ? 2
      : said(
          (form === "json" ? mistakes_json : mistakes_github)(error.mistakes),
          2,
        );
  }
}
function said(text, code) {
  process.stdout.write(text);
  return code;
}
if (
  process.argv[1] &&
  import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href
) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${HELP}`); // options that are none
    process.exitCode = 2;
  }
}
