/**
 * The relation, translated from Python (`schemagen/check`) when a package is generated: `relation.mjs` is written beside this.
 *
 * What it takes and gives stays Python's; `python.get` reads an attribute of it.
 */

export interface Contract {
  readonly is: "Contract";
}
export interface Usage {
  readonly is: "Usage";
}
export interface Lock {
  readonly is: "Released";
}
export interface Change {
  readonly is: "Change";
}
export interface Comparison {
  readonly is: "Comparison";
}
export interface Checked {
  readonly is: "Checked";
}
export interface Mistake {
  readonly is: "Mistake";
}
/** A tuple of Python's; `items` are what it holds. */
export interface Several<T> {
  readonly items: readonly T[];
}

export function from_json(text: string): Contract;
/** `text` is what the reader of TypeScript printed, as JSON. */
export function usage_from_text(client: string, contract: Contract, text: string): Usage;
export function compare(old: Contract, now: Contract): Several<Change>;
export function felt(used: Contract, now: Contract, usage: Usage): Several<Change>;
export function unlocked(used: Usage, locked: Usage): Several<unknown>;
/** `sources` is an object of texts by path, as JSON. */
export function relocated_in_text(locked: Usage, used: Usage, sources: string): Usage;
/** `today` is an ISO date. */
export function lock_of(contract: Contract, usage: Usage, client: string, today: string): Lock;
export function is_written(text: string, lock: Lock): boolean;
export function from_text(text: string): Lock;
export function to_text(lock: Lock): string;
/** What a server answers on `/api/contract`: its fingerprint, and the contract. */
export function served(text: string): Several<unknown>;
export function Comparison(old: string, now: string, changes: Several<Change>): Comparison;
export function Checked(comparisons: Several<Comparison>, unlocked: Several<unknown>): Checked;
export function Mistake(rule: string, says: string, why: string, fix: string, place: string): Mistake;
export function text_of(checked: Checked, update: string): string;
export function json_of(checked: Checked): string;
export function github_of(checked: Checked, update: string): string;
export function mistakes_text(mistakes: Several<Mistake>): string;
export function mistakes_json(mistakes: Several<Mistake>): string;
export function mistakes_github(mistakes: Several<Mistake>): string;
