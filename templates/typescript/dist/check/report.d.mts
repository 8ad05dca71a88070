/** The uses that were found, as they are printed. */
import type { Node, Symbol, Program } from "./compiler.mjs";
import type { Sdk } from "./sdk.mjs";
/** One use. With `all` and no name at all: everything there is. Lines and columns count from 1. */
export interface Use {
  readonly function?: string;
  readonly argument?: string;
  readonly type?: string;
  readonly field?: string;
  readonly all?: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
type What = Omit<Use, "file" | "line" | "column">;
/** In place of an argument: any of them. */
export declare const ANY = "*";
/** Takes down uses in one file. */
export declare class Report {
  #private;
  constructor(program: Program, sdk: Sdk);
  get uses(): readonly Use[];
  begin(file: string, text: string): void;
  add(what: What, node: Node): void;
  /** The functions, arguments, fields and types that a symbol is declared as. */
  addSymbol(symbol: Symbol | undefined, node: Node): void;
  /** How a reader of the report finds the node again: its text, on one line and not too long. */
  words(node: Node): string;
}
export declare function lineStarts(text: string): number[];
export {};
