/** The package around this checker: its name, and the contract it was generated from. */
import { type Contract } from "./relation.mjs";
export interface Sdk {
  readonly name: string;
  readonly folder: string;
  readonly fingerprint: string;
  contract(): Contract;
}
export declare function installedSdk(): Sdk;
