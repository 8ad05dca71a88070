/** What keeps a check from being made. */

import { python } from "./python/library.mjs";
import { Mistake, mistakes_text } from "./relation.mjs";

export interface Given {
  readonly rule: string;
  readonly says: string;
  readonly why: string;
  readonly fix: string;
  /** File, or file:line:column. */
  readonly place?: string;
}

/** The check could not be made: at least one mistake; exit code 2. */
export class CannotCheck extends Error {
  override readonly name = "CannotCheck";
  /** As the relation has them. */
  readonly mistakes: { readonly items: readonly Mistake[] };

  constructor(...given: readonly Given[]) {
    const mistakes = python.tuple(
      given.map((each) => Mistake(each.rule, each.says, each.why, each.fix, each.place ?? "")),
    );
    super(mistakes_text(mistakes).trimEnd());
    this.mistakes = mistakes;
  }
}

/** What a consumer uses has changed, or is not in its lock. The message is the whole report. */
export class ContractChanged extends Error {
  override readonly name = "ContractChanged";
}
