/** The contract of a server that runs somewhere. */

import { CannotCheck } from "./mistakes.mjs";
import { type Contract, served } from "./relation.mjs";

const TIMEOUT_MS = 30_000;

export interface Deployed {
  readonly fingerprint: string;
  readonly contract: Contract;
}

/** What the server at `url` says of itself. Raises CannotCheck if it cannot be asked. */
export async function deployedContract(url: string): Promise<Deployed> {
  try {
    const response = await fetch(`${url.replace(/\/+$/, "")}/api/contract`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    const [fingerprint, contract] = served(await response.text()).items as [string, Contract];
    return { fingerprint, contract };
  } catch (error) {
    const { cause, message } = error as Error;
    throw new CannotCheck({
      rule: "server_unreachable",
      says: `${url} was asked for its contract: ${cause instanceof Error ? cause.message : message}`,
      why: "whether this program fits the server is decided by the contract that the server has",
      fix: "name the address that the client is given, such as https://crm.example, and see that it answers",
    });
  }
}
