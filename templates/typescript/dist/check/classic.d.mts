/** The compiler as TypeScript 5 and 6 have it: `import ts from "typescript"`. */
import type {
  Compiler,
  Node,
  Numbers,
  Signature,
  SourceFile,
  Symbol,
  Type,
} from "./compiler.mjs";
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
  getIndexInfosOfType(type: Type): readonly {
    readonly type: Type;
  }[];
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
  readonly sys: {
    fileExists(path: string): boolean;
    readFile(path: string): string | undefined;
  };
  createProgram(
    files: readonly string[],
    options: Record<string, unknown>,
  ): ClassicProgram;
  flattenDiagnosticMessageText(text: unknown, newLine: string): string;
  parseConfigFileTextToJson(
    path: string,
    text: string,
  ): {
    readonly config?: unknown;
  };
  parseJsonConfigFileContent(
    json: unknown,
    host: unknown,
    folder: string,
    o: undefined,
    path: string,
  ): ParsedConfig;
}
export declare function classicCompiler(ts: Classic): Compiler;
export {};
