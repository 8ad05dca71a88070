/**
 * Where a value of the SDK becomes something else: what is read from it there, or may be.
 *
 * A value that keeps its type is left alone, since every later read of it is seen by itself. One that becomes `any`, `unknown`
 * or the parameter of code that is not read is used whole; one that becomes another type is used as far as that type goes.
 */
import type { Node, Numbers, Program, Type } from "./compiler.mjs";
import { type Report } from "./report.mjs";
import type { Sdk } from "./sdk.mjs";
interface Site {
  readonly node: Node;
  readonly why: string;
}
export declare class Flows {
  #private;
  constructor(
    program: Program,
    sdk: Sdk,
    flags: Numbers,
    report: Report,
    isOwn: (file: string) => boolean,
  );
  begin(name: string, text: string): void;
  /** A value of type `source` is taken as `target`. */
  flow(source: Type, target: Type, site: Site): void;
  /** Anything may be done with a value of this type. */
  consume(type: Type, site: Site): void;
  /** A type parameter of a function that is only declared: what it does with its values is not known. */
  bodiless(parameter: Node): void;
  /** A type as it is written or made somewhere: remembers what its type parameters stand for. */
  named(type: Type): void;
  /** After the last file: what was done to the values of type parameters is done to what they stood for. */
  finish(): void;
  /** Whether a type has anything of the SDK in it, or a type parameter that may. */
  mentions(type: Type): boolean;
  isUntyped(type: Type): boolean;
  /** Whether a type is that of a function of the backend. */
  isReference(type: Type): boolean;
}
export {};
