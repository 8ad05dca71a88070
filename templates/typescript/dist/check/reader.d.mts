/** Reads the files of one program: every name that the SDK declares, and every place where a value changes its type. */
import type { Compiler, Program } from "./compiler.mjs";
import { type Use } from "./report.mjs";
/** The uses in a program; none if no file of it imports the SDK in `folder`. */
export declare function readProgram(
  compiler: Compiler,
  program: Program,
  folder: string,
): readonly Use[];
