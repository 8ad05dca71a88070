/** The declarations of a generated SDK, by their place: which one is which function, argument or field. */

import type { Node, Numbers, Program, SourceFile } from "./compiler.mjs";

export interface Field {
  /** Name of the interface, `Contact` or `AddressInput`. */
  readonly type: string;
  readonly field: string;
}

export interface Argument {
  readonly function: string;
  readonly argument: string;
}

/** What the SDK declares, by `Program.keyOf` of the declaration. */
export interface Sdk {
  readonly fields: ReadonlyMap<string, Field>;
  readonly arguments: ReadonlyMap<string, Argument>;
  /** Wire paths of functions, `contacts.list`. */
  readonly functions: ReadonlyMap<string, string>;
  /** Wire paths of the functions below each module, by the module's interface. */
  readonly modules: ReadonlyMap<string, readonly string[]>;
  /** Functions by the name of the interface of their arguments. */
  readonly functionOfArguments: ReadonlyMap<string, string>;
  /** Every type that can be imported, by its declaration. */
  readonly types: ReadonlyMap<string, string>;
  /** Names of the errors, by code. */
  readonly errors: ReadonlyMap<string, string>;
  isInside(file: string): boolean;
}

interface Tables {
  fields: Map<string, Field>;
  arguments: Map<string, Argument>;
  functions: Map<string, string>;
  modules: Map<string, string[]>;
  functionOfArguments: Map<string, string>;
  types: Map<string, string>;
  errors: Map<string, string>;
}

/** Reads the declarations in `folder`; undefined if no file of the program imports them. */
export function readSdk(program: Program, kinds: Numbers, folder: string): Sdk | undefined {
  const tables: Tables = {
    fields: new Map(),
    arguments: new Map(),
    functions: new Map(),
    modules: new Map(),
    functionOfArguments: new Map(),
    types: new Map(),
    errors: new Map(),
  };
  const types = program.file(`${folder}/types.d.ts`);
  const api = program.file(`${folder}/api.d.ts`);
  if (types) readTypes(types, program, kinds, tables);
  if (api) readApi(api, program, kinds, tables);
  return types || api ? { ...tables, isInside: (file) => file.startsWith(`${folder}/`) } : undefined;
}

function readTypes(file: SourceFile, program: Program, kinds: Numbers, tables: Tables): void {
  for (const statement of file.statements ?? []) {
    const type = statement.name?.text;
    if (type === undefined) continue;
    tables.types.set(program.keyOf(statement), type);
    if (statement.kind !== kinds["InterfaceDeclaration"]) continue;
    const members = statement.members ?? [];
    const code = statement.heritageClauses?.length ? literalOf(member(members, "code")) : undefined;
    if (code !== undefined) tables.errors.set(code, type);
    for (const each of code === undefined ? members : (member(members, "data")?.type?.members ?? []))
      if (each.name) tables.fields.set(program.keyOf(each), { type, field: nameOf(each.name) });
  }
}

function readApi(file: SourceFile, program: Program, kinds: Numbers, tables: Tables): void {
  const interfaces = new Map<string, Node>();
  for (const statement of file.statements ?? [])
    if (statement.kind === kinds["InterfaceDeclaration"] && statement.name)
      interfaces.set(nameOf(statement.name), statement);
  const module = (declared: Node, path: string): string[] => {
    const found: string[] = [];
    for (const each of declared.members ?? []) {
      if (!each.name) continue;
      const below = path ? `${path}.${nameOf(each.name)}` : nameOf(each.name);
      const inner = interfaces.get(nameOf(each.type?.typeName));
      if (inner) {
        found.push(...module(inner, below));
      } else if (!isTombstone(each)) {
        tables.functions.set(program.keyOf(each), below);
        found.push(below);
        readArguments(each, below, interfaces, program, tables);
      }
    }
    tables.modules.set(program.keyOf(declared), found);
    return found;
  };
  const root = interfaces.get("Api");
  if (root) module(root, "");
}

function readArguments(
  declared: Node,
  path: string,
  interfaces: ReadonlyMap<string, Node>,
  program: Program,
  tables: Tables,
): void {
  const name = nameOf(declared.type?.typeArguments?.[0]?.typeName);
  const found = interfaces.get(name);
  if (!found) return;
  tables.functionOfArguments.set(program.keyOf(found), path);
  for (const each of found.members ?? [])
    if (each.name) tables.arguments.set(program.keyOf(each), { function: path, argument: nameOf(each.name) });
}

/** `readonly oldName: Renamed<"contacts.list">`: a signpost, not a function. */
function isTombstone(declared: Node): boolean {
  return nameOf(declared.type?.typeName).startsWith("Renamed");
}

function member(members: readonly Node[], name: string): Node | undefined {
  return members.find((each) => nameOf(each.name) === name);
}

function literalOf(declared: Node | undefined): string | undefined {
  return declared?.type?.literal?.text;
}

/** The text of an identifier or a quoted name. */
export function nameOf(node: Node | undefined): string {
  return node?.text ?? "";
}
