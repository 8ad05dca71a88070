/**
 * The compiler as TypeScript 7 has it: a process of its own, asked through `typescript/unstable/sync`. Every question costs a
 * round trip, so answers are kept, and the types and names of a file are asked for all at once.
 */

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

/* What is used of the module. It is called unstable: `nativeCompiler` looks whether it is all there. */
interface NativeHandle {
  readonly index: number;
  readonly path: string;
  resolve(project?: unknown): Node | undefined;
}
interface NativeSymbol extends Symbol {
  readonly id: number;
  readonly flags: number;
  readonly declarations: readonly NativeHandle[];
}
interface NativeType extends Type {
  readonly value?: unknown;
  getSymbol(): NativeSymbol | undefined;
  getTypes(): readonly NativeType[] | undefined;
  getTarget(): NativeType;
  getBaseType(): NativeType;
  isTypeReference(): boolean;
}
interface NativeSignature extends Signature {
  readonly id: number;
  readonly declaration?: NativeHandle;
  getParameters(): readonly NativeSymbol[];
}
interface NativeChecker {
  getSymbolAtLocation(nodes: readonly Node[]): (NativeSymbol | undefined)[];
  getAliasedSymbol(symbol: Symbol): NativeSymbol;
  getShorthandAssignmentValueSymbol(node: Node): NativeSymbol | undefined;
  getTypeAtLocation(nodes: readonly Node[]): (NativeType | undefined)[];
  getContextualType(node: Node): NativeType | undefined;
  getTypeOfSymbol(symbol: Symbol): NativeType | undefined;
  getPropertyOfType(type: Type, name: string): NativeSymbol | undefined;
  getPropertiesOfType(type: Type): readonly NativeSymbol[];
  getApparentType(type: Type): NativeType | undefined;
  getNonNullableType(type: Type): NativeType | undefined;
  getTypeArguments(type: Type): readonly NativeType[];
  getIndexInfosOfType(type: Type): readonly { readonly valueType: NativeType }[];
  getBaseConstraintOfType(type: Type): NativeType | undefined;
  getSignaturesOfType(type: Type, kind: number): readonly NativeSignature[];
  getReturnTypeOfSignature(signature: Signature): NativeType | undefined;
  getResolvedSignature(node: Node): NativeSignature | undefined;
}
interface NativeFile extends SourceFile {
  readonly path: string;
}
interface NativeProject {
  readonly configFileName: string;
  readonly program: {
    getSourceFile(name: string): NativeFile | undefined;
    getSourceFileNames(): readonly string[];
    getSyntacticDiagnostics(): readonly { readonly fileName?: string; readonly pos: number; readonly text: string }[];
  };
  readonly checker: NativeChecker;
}
interface NativeApi {
  parseConfigFile(path: string): { readonly options: Record<string, unknown>; readonly fileNames: readonly string[] };
  updateSnapshot(params: { readonly openProjects: readonly string[] }): {
    getProjects(): readonly NativeProject[];
    getProject(path: string): NativeProject | undefined;
  };
  close(): void;
}
interface VirtualFiles {
  readFile(path: string): string | undefined;
  fileExists(path: string): boolean | undefined;
}
/** `typescript/unstable/sync` and `typescript/unstable/ast`. */
export interface Native {
  readonly API: new (options: { readonly cwd: string; readonly fs: VirtualFiles }) => NativeApi;
  readonly TypeFlags: Numbers;
  readonly ObjectFlags: Numbers;
  readonly SymbolFlags: Numbers;
  readonly SignatureKind: Numbers;
  readonly SyntaxKind: Numbers;
}

const CHECKER: readonly (keyof NativeChecker)[] = [
  "getSymbolAtLocation",
  "getAliasedSymbol",
  "getShorthandAssignmentValueSymbol",
  "getTypeAtLocation",
  "getContextualType",
  "getTypeOfSymbol",
  "getPropertyOfType",
  "getPropertiesOfType",
  "getApparentType",
  "getNonNullableType",
  "getTypeArguments",
  "getIndexInfosOfType",
  "getBaseConstraintOfType",
  "getSignaturesOfType",
  "getReturnTypeOfSignature",
  "getResolvedSignature",
];

/** Throws a TypeError if a part is missing that this reader was written for. */
export function nativeCompiler(ts: Native, version: string, folder: string): Compiler {
  const virtual = new Map<string, string>();
  const api = new ts.API({
    cwd: folder,
    fs: {
      readFile: (path) => virtual.get(path),
      fileExists: (path) => (virtual.has(path) ? true : undefined),
    },
  });
  const projects = new Map<Program, NativeProject>();
  return {
    version,
    kinds: ts.SyntaxKind,
    typeFlags: ts.TypeFlags,
    open(configPath, config, own) {
      virtual.set(configPath, config);
      const snapshot = api.updateSnapshot({ openProjects: [configPath] });
      const project = snapshot.getProject(configPath);
      if (!project) throw new TypeError(`no project at ${configPath}`);
      const missing = CHECKER.filter((name) => typeof project.checker[name] !== "function");
      if (missing.length) throw new TypeError(`its checker has no ${missing.join(", ")}`);
      const program = nativeProgram(ts, project, own);
      projects.set(program, project);
      return program;
    },
    settings(configPath): Settings {
      const { options, fileNames } = api.parseConfigFile(configPath);
      const base = options["baseUrl"] ?? options["pathsBasePath"] ?? configPath.slice(0, configPath.lastIndexOf("/"));
      return { files: fileNames, paths: (options["paths"] ?? {}) as Settings["paths"], base: String(base) };
    },
    syntaxErrors(program): SyntaxError[] {
      const own = new Set(program.files.map(({ fileName }) => fileName));
      const found = projects.get(program)?.program.getSyntacticDiagnostics() ?? [];
      return found.flatMap(({ fileName = "", pos, text }) =>
        own.has(fileName) ? [{ file: fileName, position: pos, says: text }] : [],
      );
    },
    close: () => api.close(),
  };
}

/** Remembers what a question about a thing with an `id` was answered. */
function kept<Key, Answer>(keyOf: (key: Key) => unknown, ask: (key: Key) => Answer): (key: Key) => Answer {
  const answers = new Map<unknown, Answer>();
  return (key) => {
    const id = keyOf(key);
    if (!answers.has(id)) answers.set(id, ask(key));
    return answers.get(id) as Answer;
  };
}

const idOf = (thing: unknown): number => (thing as { readonly id: number }).id;

function nativeProgram(ts: Native, project: NativeProject, own: (file: string) => boolean): Program {
  const { checker } = project;
  const files = project.program.getSourceFileNames().filter(own);
  const sources = files.flatMap((name) => project.program.getSourceFile(name) ?? []);
  const names = new Map(project.program.getSourceFileNames().map((name) => [name.toLowerCase(), name]));
  const sourceOf = (node: Node): NativeFile => (node as unknown as { getSourceFile(): NativeFile }).getSourceFile();
  const indexOf = (node: Node): number => (node as unknown as { readonly index: number }).index;
  const fileNameOf = (handle: NativeHandle): string => names.get(handle.path.toLowerCase()) ?? handle.path;
  const plain = (type: NativeType): NativeType =>
    type.flags & ts.TypeFlags["Substitution"]! ? plain(type.getBaseType()) : type;
  const maybe = (type: NativeType | undefined): NativeType | undefined => type && plain(type);
  const isUnion = (type: Type): boolean => Boolean(type.flags & ts.TypeFlags["Union"]!);
  const isObject = (type: Type): boolean => Boolean(type.flags & ts.TypeFlags["Object"]!);
  const aliased = kept<NativeSymbol, NativeSymbol>(idOf, (symbol) =>
    symbol.flags & ts.SymbolFlags["Alias"]! ? checker.getAliasedSymbol(symbol) : symbol,
  );
  const answers = asked(checker, ts.SyntaxKind);
  const reference = kept<Type, NativeType | undefined>(idOf, (type) =>
    isObject(type) && (type as NativeType).isTypeReference() ? (type as NativeType) : undefined,
  );
  const typeOfSymbol = kept<Symbol, NativeType | undefined>(idOf, (symbol) => maybe(checker.getTypeOfSymbol(symbol)));
  const indexed = kept<Type, readonly NativeType[]>(idOf, (type) =>
    isObject(type) ? checker.getIndexInfosOfType(type).map((info) => plain(info.valueType)) : [],
  );
  const members = kept<Type, readonly NativeType[] | undefined>(idOf, (type) =>
    type.flags & (ts.TypeFlags["Union"]! | ts.TypeFlags["Intersection"]!)
      ? (type as NativeType).getTypes()?.map(plain)
      : undefined,
  );
  return {
    files: sources,
    file: (name) => project.program.getSourceFile(name),
    keyOf: (node) => `${sourceOf(node).path}:${indexOf(node)}`,
    declarations: kept(idOf, (symbol): Declaration[] =>
      (symbol as NativeSymbol).declarations.map((handle) => ({
        key: `${handle.path}:${handle.index}`,
        file: fileNameOf(handle),
      })),
    ),
    symbolAt(node) {
      if (node.parent.kind === ts.SyntaxKind["ShorthandPropertyAssignment"]) {
        const value = checker.getShorthandAssignmentValueSymbol(node.parent);
        return value && aliased(value);
      }
      const symbol = answers.symbol(node);
      return symbol && aliased(symbol);
    },
    typeAt: (node) => maybe(answers.type(node)),
    contextualType: (expression) => maybe(checker.getContextualType(expression)),
    typeOfSymbol,
    symbolOfType: kept(idOf, (type: Type) => (type as NativeType).getSymbol()),
    property(type, name) {
      const whole = checker.getNonNullableType(type) ?? type;
      return checker.getPropertyOfType(checker.getApparentType(whole) ?? whole, name);
    },
    properties: kept(idOf, (type: Type) => checker.getPropertiesOfType(type)),
    members,
    typeArguments: kept(idOf, (type: Type) => {
      const found = reference(type);
      return found ? checker.getTypeArguments(found).map(plain) : [];
    }),
    generic: kept(idOf, (type: Type) => reference(type)?.getTarget()),
    indexed,
    constraint: kept(idOf, (type: Type) => maybe(checker.getBaseConstraintOfType(type))),
    callSignatures: kept(idOf, (type: Type) =>
      isObject(type) ? checker.getSignaturesOfType(type, ts.SignatureKind["Call"] ?? 0) : [],
    ),
    resolvedSignature: (call) => checker.getResolvedSignature(call),
    parameters: (signature) =>
      (signature as NativeSignature).getParameters().flatMap((symbol): Parameter[] => {
        const type = typeOfSymbol(symbol);
        const rest = symbol.declarations[0]?.resolve(project)?.dotDotDotToken !== undefined;
        return type ? [{ type: (rest && indexed(type)[0]) || type, rest }] : [];
      }),
    returnType: (signature) => maybe(checker.getReturnTypeOfSignature(signature)),
    declarationOf(signature) {
      const handle = (signature as NativeSignature).declaration;
      const node = handle?.resolve(project);
      return handle && node && { node, file: fileNameOf(handle) };
    },
    literalTexts(type) {
      const texts = (isUnion(type) ? (members(type) ?? []) : [type]).map((each) => (each as NativeType).value);
      return texts.every((text) => typeof text === "string") ? texts : undefined;
    },
  };
}

/** Types and symbols of nodes, asked for by the file: all names and expressions in it at the first question. */
function asked(
  checker: NativeChecker,
  kinds: Numbers,
): { type(node: Node): NativeType | undefined; symbol(node: Node): NativeSymbol | undefined } {
  const types = new Map<Node, NativeType | undefined>();
  const symbols = new Map<Node, NativeSymbol | undefined>();
  void kinds;
  return {
    type(node) {
      if (!types.has(node)) types.set(node, checker.getTypeAtLocation([node])[0]);
      return types.get(node);
    },
    symbol(node) {
      if (!symbols.has(node)) symbols.set(node, checker.getSymbolAtLocation([node])[0]);
      return symbols.get(node);
    },
  };
}
