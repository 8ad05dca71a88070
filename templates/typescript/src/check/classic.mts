/** The compiler as TypeScript 5 and 6 have it: `import ts from "typescript"`. */

import { dirname } from "node:path";
import type {
  Compiler,
  Declaration,
  Node,
  Numbers,
  Parameter,
  Program,
  Settings,
  Signature,
  SourceFile,
  Symbol,
  SyntaxError,
  Type,
} from "./compiler.mjs";

/* What is used of the module, as far as it is needed here; its own types would be a dependency. */
interface ClassicType extends Type {
  readonly types?: readonly Type[];
  readonly target?: Type;
  readonly objectFlags?: number;
  readonly baseType?: Type;
  readonly value?: unknown;
  getSymbol(): ClassicSymbol | undefined;
  getCallSignatures(): readonly ClassicSignature[];
  getConstructSignatures(): readonly ClassicSignature[];
}
interface ClassicSymbol extends Symbol {
  readonly flags: number;
  readonly declarations?: readonly Node[];
}
interface ClassicSignature extends Signature {
  readonly declaration?: Node;
  getReturnType(): Type;
  getParameters(): readonly ClassicSymbol[];
}
interface Checker {
  getSymbolAtLocation(node: Node): ClassicSymbol | undefined;
  getAliasedSymbol(symbol: Symbol): ClassicSymbol;
  getShorthandAssignmentValueSymbol(node: Node): ClassicSymbol | undefined;
  getTypeAtLocation(node: Node): Type;
  getContextualType(node: Node): Type | undefined;
  getTypeOfSymbol(symbol: Symbol): Type;
  getPropertyOfType(type: Type, name: string): ClassicSymbol | undefined;
  getPropertiesOfType(type: Type): readonly ClassicSymbol[];
  getApparentType(type: Type): Type;
  getNonNullableType(type: Type): Type;
  getTypeArguments(type: Type): readonly Type[];
  getIndexInfosOfType(type: Type): readonly { readonly type: Type }[];
  getBaseConstraintOfType(type: Type): Type | undefined;
  getResolvedSignature(node: Node): ClassicSignature | undefined;
  getTypeOfSymbolAtLocation(symbol: Symbol, node: Node): Type;
}
interface ClassicProgram {
  getTypeChecker(): Checker;
  getSourceFiles(): readonly SourceFile[];
  getSourceFile(name: string): SourceFile | undefined;
  getSyntacticDiagnostics(file: SourceFile): readonly ClassicDiagnostic[];
}
interface ClassicDiagnostic {
  readonly file?: SourceFile;
  readonly start?: number;
  readonly messageText: unknown;
}
interface ParsedConfig {
  readonly fileNames: readonly string[];
  readonly options: Record<string, unknown>;
}
/** The classic module. */
export interface Classic {
  readonly version: string;
  readonly SyntaxKind: Numbers;
  readonly TypeFlags: Numbers;
  readonly ObjectFlags: Numbers;
  readonly SymbolFlags: Numbers;
  readonly sys: { fileExists(path: string): boolean; readFile(path: string): string | undefined };
  createProgram(files: readonly string[], options: Record<string, unknown>): ClassicProgram;
  flattenDiagnosticMessageText(text: unknown, newLine: string): string;
  parseConfigFileTextToJson(path: string, text: string): { readonly config?: unknown };
  parseJsonConfigFileContent(json: unknown, host: unknown, folder: string, o: undefined, path: string): ParsedConfig;
}

export function classicCompiler(ts: Classic): Compiler {
  const programs = new Map<Program, ClassicProgram>();
  const parse = (path: string, text: string): ParsedConfig =>
    ts.parseJsonConfigFileContent(
      ts.parseConfigFileTextToJson(path, text).config ?? {},
      ts.sys,
      dirname(path),
      undefined,
      path,
    );
  return {
    version: ts.version,
    kinds: ts.SyntaxKind,
    typeFlags: ts.TypeFlags,
    open(configPath, config, own) {
      const { fileNames, options } = parse(configPath, config);
      const opened = ts.createProgram(fileNames, options);
      const program = classicProgram(ts, opened, own);
      programs.set(program, opened);
      return program;
    },
    settings(configPath): Settings {
      const { fileNames, options } = parse(configPath, ts.sys.readFile(configPath) ?? "{}");
      const base = options["baseUrl"] ?? options["pathsBasePath"] ?? dirname(configPath);
      return { files: fileNames, paths: (options["paths"] ?? {}) as Settings["paths"], base: String(base) };
    },
    syntaxErrors(program): SyntaxError[] {
      const opened = programs.get(program);
      return program.files.flatMap((file) =>
        (opened?.getSyntacticDiagnostics(file) ?? []).map(({ start, messageText }) => ({
          file: file.fileName,
          position: start ?? 0,
          says: ts.flattenDiagnosticMessageText(messageText, "\n"),
        })),
      );
    },
    close() {},
  };
}

function classicProgram(ts: Classic, opened: ClassicProgram, own: (file: string) => boolean): Program {
  const checker = opened.getTypeChecker();
  const sourceOf = (node: Node): SourceFile => (node as unknown as { getSourceFile(): SourceFile }).getSourceFile();
  const keyOf = (node: Node): string => `${sourceOf(node).fileName}:${node.pos}:${node.end}`;
  const plain = (type: Type): ClassicType => {
    const found = type as ClassicType;
    return found.flags & ts.TypeFlags["Substitution"]! && found.baseType ? plain(found.baseType) : found;
  };
  const maybe = (type: Type | undefined): Type | undefined => type && plain(type);
  const resolved = (symbol: ClassicSymbol | undefined): ClassicSymbol | undefined =>
    symbol && symbol.flags & ts.SymbolFlags["Alias"]! ? checker.getAliasedSymbol(symbol) : symbol;
  const isReference = (type: ClassicType): boolean =>
    Boolean(type.flags & ts.TypeFlags["Object"]! && (type.objectFlags ?? 0) & ts.ObjectFlags["Reference"]!);
  return {
    files: opened.getSourceFiles().filter((file) => own(file.fileName)),
    file: (name) => opened.getSourceFile(name),
    keyOf,
    declarations: (symbol): Declaration[] =>
      ((symbol as ClassicSymbol).declarations ?? []).map((node) => ({
        key: keyOf(node),
        file: sourceOf(node).fileName,
      })),
    symbolAt(node) {
      if (node.parent.kind === ts.SyntaxKind["ShorthandPropertyAssignment"])
        return resolved(checker.getShorthandAssignmentValueSymbol(node.parent));
      return resolved(checker.getSymbolAtLocation(node));
    },
    typeAt: (node) => maybe(checker.getTypeAtLocation(node)),
    contextualType: (expression) => maybe(checker.getContextualType(expression)),
    typeOfSymbol: (symbol) => maybe(checker.getTypeOfSymbol(symbol)),
    symbolOfType: (type) => (type as ClassicType).getSymbol(),
    property: (type, name) =>
      checker.getPropertyOfType(checker.getApparentType(checker.getNonNullableType(type)), name),
    properties: (type) => checker.getPropertiesOfType(type),
    members: (type) =>
      type.flags & (ts.TypeFlags["Union"]! | ts.TypeFlags["Intersection"]!)
        ? (type as ClassicType).types?.map(plain)
        : undefined,
    typeArguments: (type) => (isReference(type as ClassicType) ? checker.getTypeArguments(type).map(plain) : []),
    generic: (type) => (isReference(type as ClassicType) ? (type as ClassicType).target : undefined),
    indexed: (type) => checker.getIndexInfosOfType(type).map((info) => plain(info.type)),
    constraint: (parameter) => maybe(checker.getBaseConstraintOfType(parameter)),
    callSignatures: (type) => (type as ClassicType).getCallSignatures(),
    resolvedSignature: (call) => checker.getResolvedSignature(call),
    parameters: (signature) => classicParameters(checker, signature as ClassicSignature, plain),
    returnType: (signature) => maybe((signature as ClassicSignature).getReturnType()),
    declarationOf(signature) {
      const node = (signature as ClassicSignature).declaration;
      const file = node && (sourceOf(node) as SourceFile | undefined);
      return file && { node, file: file.fileName }; // a signature that the compiler made up is in no file
    },
    literalTexts(type) {
      const members = type.flags & ts.TypeFlags["Union"]! ? ((type as ClassicType).types ?? []) : [type];
      const texts = members.map((member) => (member as ClassicType).value);
      return texts.every((text) => typeof text === "string") ? texts : undefined;
    },
  };
}

function classicParameters(checker: Checker, signature: ClassicSignature, plain: (type: Type) => Type): Parameter[] {
  return signature.getParameters().map((symbol) => {
    const node = symbol.declarations?.[0];
    const type = plain(checker.getTypeOfSymbol(symbol));
    if (!node?.dotDotDotToken) return { type, rest: false };
    const [item] = checker.getIndexInfosOfType(type);
    return { type: item ? plain(item.type) : type, rest: true };
  });
}
