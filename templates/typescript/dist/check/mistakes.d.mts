/** What keeps a check from being made. */
import { Mistake } from "./relation.mjs";
export interface Given {
  readonly rule: string;
  readonly says: string;
  readonly why: string;
  readonly fix: string;
  /** File, or file:line:column. */
  readonly place?: string;
}
/** The check could not be made: at least one mistake; exit code 2. */
export declare class CannotCheck extends Error {
  readonly name = "CannotCheck";
  /** As the relation has them. */
  readonly mistakes: {
    readonly items: readonly Mistake[];
  };
  constructor(...given: readonly Given[]);
}
/** What a consumer uses has changed, or is not in its lock. The message is the whole report. */
export declare class ContractChanged extends Error {
  readonly name = "ContractChanged";
}
