/**
 * The compiler as TypeScript 7 has it: a process of its own, asked through `typescript/unstable/sync`. Every question costs a
 * round trip, so answers are kept, and the types and names of a file are asked for all at once.
 */
import type {
  Compiler,
  Node,
  Numbers,
  Signature,
  SourceFile,
  Symbol,
  Type,
} from "./compiler.mjs";
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
  getIndexInfosOfType(type: Type): readonly {
    readonly valueType: NativeType;
  }[];
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
    getSyntacticDiagnostics(): readonly {
      readonly fileName?: string;
      readonly pos: number;
      readonly text: string;
    }[];
  };
  readonly checker: NativeChecker;
}
interface NativeApi {
  parseConfigFile(path: string): {
    readonly options: Record<string, unknown>;
    readonly fileNames: readonly string[];
  };
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
  readonly API: new (options: {
    readonly cwd: string;
    readonly fs: VirtualFiles;
  }) => NativeApi;
  readonly TypeFlags: Numbers;
  readonly ObjectFlags: Numbers;
  readonly SymbolFlags: Numbers;
  readonly SignatureKind: Numbers;
  readonly SyntaxKind: Numbers;
}
/** Throws a TypeError if a part is missing that this reader was written for. */
export declare function nativeCompiler(
  ts: Native,
  version: string,
  folder: string,
): Compiler;
export {};
