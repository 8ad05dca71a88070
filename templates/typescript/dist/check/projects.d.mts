/** The programs of a consumer: one for each tsconfig.json that it is made of, and whatever source no tsconfig.json mentions. */
import type { Compiler, Program } from "./compiler.mjs";
export interface Consumer {
  /** The consumer's folder. */
  readonly folder: string;
  /** Name of the SDK's package. */
  readonly sdk: string;
  /** The folder that holds the SDK's `.d.ts` files. */
  readonly sdkFolder: string;
}
/** Opens all programs of a consumer. A file that several of them hold is read with each. */
export declare function openPrograms(
  compiler: Compiler,
  consumer: Consumer,
): readonly Program[];
/** Source that holds code TypeScript cannot read by itself. */
export declare function unreadableFiles(folder: string): string[];
