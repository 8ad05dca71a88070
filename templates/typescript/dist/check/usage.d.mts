/**
 * What a TypeScript consumer uses of the SDK, printed as JSON; run with Node, never imported by an application.
 *
 *     node check/usage.mjs --consumer . --package @crm/backend --sdk node_modules/@crm/backend
 *
 * Prints `{"typescript": "5.9.3", "uses": [...]}` and ends with 0, or `{"mistakes": [...]}` and ends with 2. It reads with the
 * consumer's own TypeScript; `--typescript <folder>` names further folders in which to look for one.
 */
import { type Consumer } from "./projects.mjs";
import { type Use } from "./report.mjs";
/** Something that keeps the source from being read. */
export interface Mistake {
  readonly rule:
    | "typescript_missing"
    | "typescript_unknown"
    | "consumer_syntax"
    | "sdk_unused";
  readonly says: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}
export type Answer =
  | {
      readonly typescript: string;
      readonly uses: readonly Use[];
    }
  | {
      readonly mistakes: readonly Mistake[];
    };
/** Reads a consumer with the first TypeScript found in `folders`. */
export declare function readConsumer(
  consumer: Consumer,
  folders: readonly string[],
): Promise<Answer>;
