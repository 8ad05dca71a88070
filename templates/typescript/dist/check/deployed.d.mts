/** The contract of a server that runs somewhere. */
import { type Contract } from "./relation.mjs";
export interface Deployed {
  readonly fingerprint: string;
  readonly contract: Contract;
}
/** What the server at `url` says of itself. Raises CannotCheck if it cannot be asked. */
export declare function deployedContract(url: string): Promise<Deployed>;
