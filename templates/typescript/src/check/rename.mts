/**
 * What a rename in a backend renames in one TypeScript consumer, found by TypeScript's language service.
 *
 * `schemagen rename` runs it with node: a `Request` on stdin, an `Answer` on stdout. It writes no file, and it is not
 * part of any SDK. It needs a TypeScript with the classic API (before 7): see `languageService`.
 */

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import type ts from "typescript-5.9";

export interface Request {
  /** Absolute paths: the project, the consumer in it, and folders whose files are nobody's to edit. */
  readonly root: string;
  readonly consumer: string;
  readonly generated: readonly string[];
  /** The SDK's npm package, and the folder of its `.d.ts` files as they were generated: what is installed may be older. */
  readonly package: string;
  readonly sdk: string;
  readonly names: readonly Declared[];
  readonly tables: readonly { readonly old: string; readonly new: string }[];
  /** What a text may say that means the old thing: `contacts.list`, `fullName`. */
  readonly texts: readonly string[];
}

/** A declaration of the SDK: a type, or a type and its member. */
export interface Declared {
  readonly file: "api" | "types";
  readonly path: readonly string[];
  readonly to: string;
}

export interface Doubt {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly why: string;
}

export type Answer =
  | { readonly ok: true; readonly texts: Readonly<Record<string, Changed>>; readonly doubts: readonly Doubt[] }
  | { readonly ok: false; readonly message: string; readonly why: string; readonly fix: string };

export interface Changed {
  readonly before: string;
  readonly after: string;
}

interface Edit {
  readonly start: number;
  readonly length: number;
  readonly text: string;
}

class Refused extends Error {
  readonly why: string;
  readonly fix: string;

  constructor(message: string, why: string, fix: string) {
    super(message);
    this.why = why;
    this.fix = fix;
  }
}

/** Answers one request; what stands in the way of it is an answer, too. */
export function answer(request: Request): Answer {
  try {
    const renaming = new Renaming(request, classicTypeScript(request));
    return { ok: true, ...renaming.run() };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, message: error.message, why: error.why, fix: error.fix };
    throw error;
  }
}

/** The consumer's own TypeScript if it has a language service, else an older one installed beside it under an alias. */
function classicTypeScript(request: Request): typeof ts {
  const seen: string[] = [];
  for (const from of [join(request.consumer, "package.json"), join(request.root, "package.json"), import.meta.url]) {
    const require = createRequire(from);
    for (const name of ["typescript", ...aliases(require)]) {
      try {
        const found = require(name) as typeof ts;
        if (typeof found.createLanguageService === "function") return found;
        seen.push(found.version);
      } catch {
        continue; // not installed there, or a package that is no library
      }
    }
  }
  const install = "npm install --save-dev typescript-5.9@npm:typescript@5.9";
  throw seen[0] === undefined
    ? new Refused(
        `${request.consumer} has no TypeScript installed`,
        "its language service finds the uses of an SDK",
        `run npm install there, or ${install}`,
      )
    : new Refused(
        `TypeScript ${seen[0]} has no language service that programs can use`,
        "the classic API is gone since TypeScript 7, and its new one finds references but no renames",
        `install the last one beside it, it is used for this command only: ${install}`,
      );
}

/** Packages beside `typescript` whose names begin like it: `typescript-5.9`. */
function aliases(require: NodeJS.Require): string[] {
  const folders = require.resolve.paths("typescript") ?? [];
  const found = folders.flatMap((folder) => {
    try {
      return readdirSync(folder).filter((name) => name.startsWith("typescript"));
    } catch {
      return []; // there is no such folder
    }
  });
  return [...new Set(found)].filter((name) => name !== "typescript").sort();
}

class Renaming {
  private readonly request: Request;
  private readonly ts: typeof ts;
  private readonly files = new Set<string>();
  private options: ts.CompilerOptions = {};
  private readonly sdk: { readonly api: string; readonly types: string };
  private readonly service: ts.LanguageService;
  private readonly edits = new Map<string, Map<string, Edit>>();
  private readonly doubts: Doubt[] = [];

  constructor(request: Request, typescript: typeof ts) {
    this.request = request;
    this.ts = typescript;
    this.readConfig(join(request.consumer, "tsconfig.json"), new Set());
    this.sdk = { api: join(request.sdk, "api.d.ts"), types: join(request.sdk, "types.d.ts") };
    this.files.add(this.sdk.api).add(this.sdk.types);
    this.service = typescript.createLanguageService(this.host());
  }

  run(): { texts: Record<string, Changed>; doubts: Doubt[] } {
    for (const declared of this.request.names) this.rename(declared);
    for (const file of this.own()) this.readWhole(file);
    const texts: Record<string, Changed> = {};
    for (const [file, edits] of this.edits) {
      const before = readFileSync(file, "utf8");
      texts[file] = { before, after: applied(before, edits) };
    }
    const doubts = this.doubts.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
    return { texts, doubts };
  }

  // --- the program ---

  private readConfig(path: string, seen: Set<string>): void {
    const { ts, request } = this;
    if (seen.has(path)) return;
    seen.add(path);
    const exists = ts.sys.fileExists(path);
    const read = exists ? ts.readConfigFile(path, (file) => ts.sys.readFile(file)) : { config: { include: ["**/*"] } };
    if (read.error) throw this.badConfig(path, ts.flattenDiagnosticMessageText(read.error.messageText, "\n"));
    const parsed = ts.parseJsonConfigFileContent(read.config, ts.sys, dirname(path), undefined, path);
    const none = 18003; // "No inputs were found": a root that only refers to other projects
    const error = parsed.errors.find((each) => each.code !== none && each.code !== 18002);
    if (error) throw this.badConfig(path, ts.flattenDiagnosticMessageText(error.messageText, "\n"));
    if (parsed.fileNames.length > 0 && this.files.size === 0) this.options = this.withSdk(parsed.options);
    for (const file of parsed.fileNames) this.files.add(file);
    for (const reference of parsed.projectReferences ?? []) {
      this.readConfig(ts.resolveProjectReferencePath(reference), seen);
    }
    if (seen.size === 1 && this.files.size === 0) {
      throw new Refused(
        `${request.consumer} has no TypeScript files`,
        "there is nothing that could use the SDK",
        "check the path of this consumer in [[tool.schemagen.consumers]]",
      );
    }
  }

  private badConfig(path: string, message: string): Refused {
    return new Refused(`${path}: ${message}`, "it says which files the consumer has", "repair it; tsc says the same");
  }

  private withSdk(options: ts.CompilerOptions): ts.CompilerOptions {
    const { package: name, sdk } = this.request;
    const paths = { ...options.paths, [name]: [`${sdk}/index.d.ts`], [`${name}/*`]: [`${sdk}/*.d.ts`] };
    return { ...options, paths, noEmit: true };
  }

  private host(): ts.LanguageServiceHost {
    const { ts } = this;
    const read = (file: string): string | undefined => ts.sys.readFile(file);
    return {
      getCompilationSettings: () => this.options,
      getScriptFileNames: () => [...this.files],
      getScriptVersion: () => "1",
      getScriptSnapshot: (file) => {
        const text = read(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => this.request.consumer,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      fileExists: (file) => ts.sys.fileExists(file),
      readFile: read,
      readDirectory: (...given) => ts.sys.readDirectory(...given),
      directoryExists: (folder) => ts.sys.directoryExists(folder),
      getDirectories: (folder) => ts.sys.getDirectories(folder),
      ...(ts.sys.realpath ? { realpath: (path: string) => ts.sys.realpath?.(path) ?? path } : {}),
    };
  }

  private program(): ts.Program {
    const program = this.service.getProgram();
    if (program === undefined) throw new Error("a language service has a program");
    return program;
  }

  /** Files of the project's own, that may be edited. */
  private own(): ts.SourceFile[] {
    return this.program()
      .getSourceFiles()
      .filter((file) => this.mayEdit(file.fileName));
  }

  private mayEdit(file: string): boolean {
    const path = resolve(file);
    const inside = (folder: string): boolean => path.startsWith(folder + sep);
    return (
      inside(this.request.root) &&
      !path.includes(`${sep}node_modules${sep}`) &&
      !this.request.generated.some((folder) => inside(folder))
    );
  }

  // --- declarations ---

  private rename(declared: Declared): void {
    const file = this.program().getSourceFile(this.sdk[declared.file]);
    const node = file && this.find(file, declared.path);
    if (file === undefined || node === undefined) {
      throw new Refused(
        `${this.sdk[declared.file]} does not declare ${declared.path.join(".")}`,
        "the SDK there is not the one of this backend as it is now",
        "run schemagen build first, then rename",
      );
    }
    if (declared.path.length > 1) this.renameMember(file.fileName, node, declared.to);
    else this.renameType(file.fileName, node, declared.to);
  }

  /** A member, and the literals that are made for its type: what reads those by their own, unnamed type follows. */
  private renameMember(declaredIn: string, node: ts.Node, to: string): void {
    const { ts } = this;
    const places = [{ fileName: declaredIn, start: node.getStart() }];
    const seen = new Set<string>();
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      for (const found of this.locations(place.fileName, place.start, node)) {
        const key = `${found.fileName}:${found.textSpan.start}`;
        const at = this.program().getSourceFile(found.fileName);
        const meant = at && nodeAt(ts, at, found.textSpan.start);
        if (seen.has(key) || at === undefined || meant === undefined || !this.mayEdit(found.fileName)) continue;
        seen.add(key);
        if (this.isShared(meant, node)) {
          this.doubt(at, meant, "this is not always of the renamed type");
          continue;
        }
        const text = `${found.prefixText ?? ""}${this.spelled(meant, to)}${found.suffixText ?? ""}`;
        this.edit(found.fileName, { start: found.textSpan.start, length: found.textSpan.length, text });
        if (ts.isPropertyAssignment(meant.parent)) {
          places.push({ fileName: found.fileName, start: found.textSpan.start });
        }
      }
    }
  }

  /** Where a member is named; nothing for a literal that is of another type of the SDK as well. */
  private locations(file: string, start: number, declaration: ts.Node): readonly ts.RenameLocation[] {
    const preferences = { providePrefixAndSuffixTextForRename: true };
    const found = this.service.findRenameLocations(file, start, false, false, preferences) ?? [];
    const foreign = found.some(({ fileName, textSpan }) => {
      const at = this.mayEdit(fileName) ? undefined : this.program().getSourceFile(fileName);
      const node = at && nodeAt(this.ts, at, textSpan.start);
      return node !== undefined && node !== declaration && !this.isRenamed(node.parent, declaration);
    });
    return foreign ? [] : found;
  }

  /** A type: its imports, re-exports and uses. */
  private renameType(declaredIn: string, node: ts.Node, to: string): void {
    const taken = this.filesWith(to);
    const preferences = { providePrefixAndSuffixTextForRename: false };
    for (const found of this.service.findRenameLocations(declaredIn, node.getStart(), false, false, preferences) ??
      []) {
      const at = this.mayEdit(found.fileName) ? this.program().getSourceFile(found.fileName) : undefined;
      const meant = at && nodeAt(this.ts, at, found.textSpan.start);
      const text = meant && this.typeText(meant, to, taken.has(found.fileName));
      if (text !== undefined) {
        this.edit(found.fileName, { start: found.textSpan.start, length: found.textSpan.length, text });
      }
    }
  }

  /** The text for one use of a type; where the new name is taken the old one stays in use: `Person as Contact`. */
  private typeText(node: ts.Node, to: string, isTaken: boolean): string | undefined {
    const { ts } = this;
    const { parent } = node;
    const old = node.getText();
    if (ts.isShorthandPropertyAssignment(parent)) return isTaken ? undefined : `${old}: ${to}`;
    if (!isTaken) return to;
    if (ts.isImportSpecifier(parent)) return parent.propertyName === node ? to : `${to} as ${old}`;
    if (ts.isExportSpecifier(parent)) {
      if (parent.parent.parent.moduleSpecifier !== undefined) return to;
      return parent.propertyName === undefined ? `${old} as ${to}` : undefined;
    }
    const isQualified = ts.isQualifiedName(parent) && parent.right === node;
    return isQualified || (ts.isPropertyAccessExpression(parent) && parent.name === node) ? to : undefined;
  }

  private filesWith(name: string): Set<string> {
    const { ts } = this;
    const uses = (node: ts.Node): boolean =>
      (ts.isIdentifier(node) && node.text === name && !isMemberName(ts, node)) ||
      (ts.forEachChild(node, uses) ?? false);
    return new Set(
      this.own()
        .filter(uses)
        .map((file) => file.fileName),
    );
  }

  /** A name that needs quotes gets them, `api["delete"]` keeps its own. */
  private spelled(node: ts.Node, name: string): string {
    const plain = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
    return plain || this.ts.isStringLiteralLike(node) ? name : JSON.stringify(name);
  }

  private find(file: ts.SourceFile, path: readonly string[]): ts.Node | undefined {
    const { ts } = this;
    const [first, ...rest] = path;
    for (const statement of file.statements) {
      if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) continue;
      if (statement.name.text !== first) continue;
      if (rest.length === 0) return statement.name;
      return ts.isInterfaceDeclaration(statement) ? this.findMember(statement.members, rest) : undefined;
    }
    return undefined;
  }

  private findMember(members: ts.NodeArray<ts.TypeElement>, path: readonly string[]): ts.Node | undefined {
    const { ts } = this;
    const [first, ...rest] = path;
    for (const member of members) {
      if (!ts.isPropertySignature(member) || !hasText(ts, member.name, first)) continue;
      if (rest.length === 0) return member.name;
      return member.type && ts.isTypeLiteralNode(member.type) ? this.findMember(member.type.members, rest) : undefined;
    }
    return undefined;
  }

  /** Whether a property is of a union of types, of which not all are the renamed one. */
  private isShared(use: ts.Node, declaration: ts.Node): boolean {
    const symbol = this.program().getTypeChecker().getSymbolAtLocation(use);
    const declarations = symbol?.declarations ?? [];
    const known = declarations.filter((each) => this.ts.isPropertySignature(each));
    return known.length > 1 && known.some((each) => !this.isRenamed(each, declaration));
  }

  private isRenamed(each: ts.Node, declaration: ts.Node): boolean {
    if (each === declaration.parent) return true;
    const owner = each.parent;
    return this.request.names.some(
      (declared) =>
        declared.path.length > 1 &&
        this.ts.isInterfaceDeclaration(owner) &&
        owner.name.text === declared.path[0] &&
        resolve(each.getSourceFile().fileName) === resolve(this.sdk[declared.file]),
    );
  }

  // --- everything else of a file ---

  private readWhole(file: ts.SourceFile): void {
    const { ts } = this;
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
        this.readText(file, node);
      } else if (ts.isPropertyAccessExpression(node)) {
        this.readAccess(file, node);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }

  private readText(file: ts.SourceFile, node: ts.LiteralLikeNode): void {
    const table = this.request.tables.find((each) => each.old === node.text);
    if (table !== undefined) {
      if (this.isTableName(node)) {
        this.edit(file.fileName, { start: node.getStart() + 1, length: node.text.length, text: table.new });
      } else if (!this.ts.isImportDeclaration(node.parent)) {
        this.doubt(file, node, `a text that says "${table.old}"`);
      }
    } else if (this.request.texts.some((text) => says(node.text, text)) && !this.isEdited(file.fileName, node)) {
      this.doubt(file, node, `a text that says "${this.request.texts.find((text) => says(node.text, text))}"`);
    }
  }

  /** The text in `Id<"contacts">`, or in `asId("contacts", …)`. */
  private isTableName(node: ts.Node): boolean {
    const { ts } = this;
    const literal = node.parent;
    if (ts.isLiteralTypeNode(literal) && ts.isTypeReferenceNode(literal.parent)) {
      return this.isOfSdk(literal.parent.typeName, "Id");
    }
    return ts.isCallExpression(literal) && literal.arguments[0] === node && this.isOfSdk(literal.expression, "asId");
  }

  private isOfSdk(node: ts.Node, name: string): boolean {
    const checker = this.program().getTypeChecker();
    let symbol = checker.getSymbolAtLocation(node);
    if (symbol && symbol.flags & this.ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
    const folder = dirname(resolve(this.sdk.api)) + sep;
    const home = symbol?.declarations?.[0]?.getSourceFile().fileName;
    return symbol?.name === name && home !== undefined && resolve(home).startsWith(folder);
  }

  /** `contact.fullName` where nobody knows what `contact` is, or where it is a literal with `{ fullName }` in it. */
  private readAccess(file: ts.SourceFile, node: ts.PropertyAccessExpression): void {
    const { ts } = this;
    const member = this.request.names.find(({ path }) => path.length > 1 && path[path.length - 1] === node.name.text);
    if (member === undefined || this.isEdited(file.fileName, node.name)) return;
    if (this.isOfEditedShorthand(node.name)) {
      this.edit(file.fileName, { start: node.name.getStart(), length: node.name.text.length, text: member.to });
      return;
    }
    const type = this.program().getTypeChecker().getTypeAtLocation(node.expression);
    if (!(type.flags & ts.TypeFlags.Any)) return;
    if (member.file === "api" && member.path[0]?.endsWith("Module") && !this.looksLikeModule(node, member)) return;
    this.doubt(file, node, "what this is cannot be told");
  }

  private isOfEditedShorthand(name: ts.MemberName): boolean {
    const declarations = this.program().getTypeChecker().getSymbolAtLocation(name)?.declarations ?? [];
    return declarations.some(
      (each) => this.ts.isShorthandPropertyAssignment(each) && this.isEdited(each.getSourceFile().fileName, each.name),
    );
  }

  /** `something.contacts.list`: of a function, only what is spelled as one is worth a look. */
  private looksLikeModule(node: ts.PropertyAccessExpression, member: Declared): boolean {
    const module = (member.path[0] ?? "").replace(/Module_*$/, "").toLowerCase();
    return (
      this.ts.isPropertyAccessExpression(node.expression) && module.endsWith(node.expression.name.text.toLowerCase())
    );
  }

  // --- what is found ---

  private edit(file: string, edit: Edit): void {
    const edits = this.edits.get(file) ?? new Map<string, Edit>();
    this.edits.set(file, edits.set(`${edit.start}:${edit.length}`, edit));
  }

  private isEdited(file: string, node: ts.Node): boolean {
    const edits = [...(this.edits.get(file)?.values() ?? [])];
    return edits.some((edit) => edit.start >= node.getStart() && edit.start < node.getEnd());
  }

  private doubt(file: ts.SourceFile, node: ts.Node, why: string): void {
    const shown = this.ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : node;
    const { line, character } = file.getLineAndCharacterOfPosition(shown.getStart());
    const text = shown.getText().replace(/\s+/g, " ");
    const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
    this.doubts.push({ file: file.fileName, line: line + 1, column: character + 1, text: short, why });
  }
}

/** Whether a text names it, and not a longer name. */
function says(text: string, name: string): boolean {
  if (!name.includes(".")) return text === name;
  const escaped = name.replace(/[.$]/g, "\\$&");
  return new RegExp(`(?<![\\w.])${escaped}(?!\\w|\\.\\w)`).test(text);
}

function isMemberName(typescript: typeof ts, node: ts.Identifier): boolean {
  const parent = node.parent as ts.Node | undefined;
  if (parent === undefined) return false;
  if (typescript.isPropertyAccessExpression(parent)) return parent.name === node;
  return typescript.isPropertyAssignment(parent) && parent.name === node;
}

function hasText(typescript: typeof ts, name: ts.PropertyName, text: string | undefined): boolean {
  return (typescript.isIdentifier(name) || typescript.isStringLiteral(name)) && name.text === text;
}

/** The innermost node that begins at a place, or holds it. */
function nodeAt(typescript: typeof ts, file: ts.SourceFile, position: number): ts.Node | undefined {
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (node.getStart() <= position && position < node.getEnd()) {
      found = node;
      typescript.forEachChild(node, visit);
    }
  };
  visit(file);
  return found;
}

/** A file's text with its edits; places are counted without the byte order mark, which stays. */
function applied(text: string, edits: ReadonlyMap<string, Edit>): string {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  let rest = text.slice(mark.length);
  for (const edit of [...edits.values()].sort((a, b) => b.start - a.start)) {
    rest = rest.slice(0, edit.start) + edit.text + rest.slice(edit.start + edit.length);
  }
  return mark + rest;
}

if (process.argv[1]?.endsWith("rename.mjs")) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(readFileSync(0, "utf8")) as Request)));
}
