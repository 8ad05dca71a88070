/** The declarations of a generated SDK, by their place: which one is which function, argument or field. */
import type { Node, Numbers, Program } from "./compiler.mjs";
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
/** Reads the declarations in `folder`; undefined if no file of the program imports them. */
export declare function readSdk(
  program: Program,
  kinds: Numbers,
  folder: string,
): Sdk | undefined;
/** The text of an identifier or a quoted name. */
export declare function nameOf(node: Node | undefined): string;
