/**
 * What the reader needs of a TypeScript compiler: the few parts that the classic API (before TypeScript 7) and the native
 * one have in common. `classic.mts` and `native.mts` are the two ways to get one.
 */
/** A node of a syntax tree. Which of the optional parts are there is decided by its kind. */
export interface Node {
  readonly kind: number;
  readonly pos: number;
  readonly end: number;
  readonly parent: Node;
  readonly argumentExpression?: Node;
  readonly arguments?: readonly Node[];
  readonly attributes?: Node;
  readonly body?: Node;
  readonly dotDotDotToken?: Node;
  readonly elements?: readonly Node[];
  readonly expression?: Node;
  readonly heritageClauses?: readonly Node[];
  readonly indexType?: Node;
  readonly initializer?: Node;
  /** Comments before it, which in JavaScript hold types. */
  readonly jsDoc?: readonly Node[];
  readonly left?: Node;
  readonly literal?: Node;
  readonly members?: readonly Node[];
  readonly name?: Node;
  readonly objectType?: Node;
  readonly operatorToken?: Node;
  readonly parameters?: readonly Node[];
  readonly properties?: readonly Node[];
  readonly propertyName?: Node;
  /** Of `import("…").Contact`. */
  readonly qualifier?: Node;
  readonly right?: Node;
  readonly statements?: readonly Node[];
  readonly tagName?: Node;
  readonly text?: string;
  readonly type?: Node;
  readonly typeArguments?: readonly Node[];
  readonly typeName?: Node;
  readonly types?: readonly Node[];
  readonly whenFalse?: Node;
  readonly whenTrue?: Node;
  forEachChild(visit: (child: Node) => void): void;
  getStart(): number;
  getText(): string;
}
export interface SourceFile extends Node {
  readonly fileName: string;
  readonly text: string;
}
/** Opaque here: only a `Program` knows what is in it. `id` tells types of one program apart. */
export interface Type {
  readonly id: number;
  readonly flags: number;
}
export interface Symbol {
  readonly name: string;
}
export interface Signature {
  readonly declaration?: unknown;
}
/** Where something is declared: a key that `keyOf` gives for that node too, and the file it is in. */
export interface Declaration {
  readonly key: string;
  readonly file: string;
}
export interface Parameter {
  readonly type: Type;
  /** `...rest`: `type` is what each of them is. */
  readonly rest: boolean;
}
/** Files that are checked together. */
export interface Program {
  /** The consumer's own files. */
  readonly files: readonly SourceFile[];
  file(name: string): SourceFile | undefined;
  keyOf(node: Node): string;
  declarations(symbol: Symbol): readonly Declaration[];
  /** The symbol a name stands for; through imports, where it was declared. */
  symbolAt(node: Node): Symbol | undefined;
  typeAt(node: Node): Type | undefined;
  /** What an expression is to be, where it stands. */
  contextualType(expression: Node): Type | undefined;
  typeOfSymbol(symbol: Symbol): Type | undefined;
  symbolOfType(type: Type): Symbol | undefined;
  property(type: Type, name: string): Symbol | undefined;
  properties(type: Type): readonly Symbol[];
  /** The members of a union or an intersection; undefined for any other type. */
  members(type: Type): readonly Type[] | undefined;
  typeArguments(type: Type): readonly Type[];
  /** The generic type that this is an instance of: `Array<T>` of `string[]`. */
  generic(type: Type): Type | undefined;
  /** What stands behind an index signature. */
  indexed(type: Type): readonly Type[];
  constraint(parameter: Type): Type | undefined;
  callSignatures(type: Type): readonly Signature[];
  resolvedSignature(call: Node): Signature | undefined;
  /** What the parameters of a signature are, as instantiated. */
  parameters(signature: Signature): readonly Parameter[];
  returnType(signature: Signature): Type | undefined;
  declarationOf(signature: Signature):
    | {
        readonly node: Node;
        readonly file: string;
      }
    | undefined;
  /** The texts that a literal type, or a union of such, stands for; undefined for anything wider. */
  literalTexts(type: Type): readonly string[] | undefined;
}
/** The numbers by which a compiler calls kinds of nodes and types; they differ from version to version. */
export type Numbers = Readonly<Record<string, number>>;
export interface Compiler {
  readonly version: string;
  readonly kinds: Numbers;
  readonly typeFlags: Numbers;
  /** Opens one project. `config` is the text of a tsconfig.json, to be read as if it were at `configPath`. */
  open(
    configPath: string,
    config: string,
    own: (file: string) => boolean,
  ): Program;
  /** What a tsconfig.json says after all that it extends. */
  settings(configPath: string): Settings;
  syntaxErrors(program: Program): readonly SyntaxError[];
  close(): void;
}
export interface Settings {
  readonly files: readonly string[];
  readonly paths: Readonly<Record<string, readonly string[]>>;
  /** What `paths` are relative to. */
  readonly base: string;
}
export interface SyntaxError {
  readonly file: string;
  readonly position: number;
  readonly says: string;
}
