/** What keeps a check from being made. */
import { python } from "./python/library.mjs";
import { Mistake, mistakes_text } from "./relation.mjs";
/** The check could not be made: at least one mistake; exit code 2. */
export class CannotCheck extends Error {
  name = "CannotCheck";
  /** As the relation has them. */
  mistakes;
  constructor(...given) {
    const mistakes = python.tuple(
      given.map((each) =>
        Mistake(each.rule, each.says, each.why, each.fix, each.place ?? ""),
      ),
    );
    super(mistakes_text(mistakes).trimEnd());
    this.mistakes = mistakes;
  }
}
/** What a consumer uses has changed, or is not in its lock. The message is the whole report. */
export class ContractChanged extends Error {
  name = "ContractChanged";
}
