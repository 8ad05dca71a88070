/** Whether this application still fits the backend: what each side was built from, and what came of it. */

import { notify } from "./listeners.js";

/** How the contract this package was generated from stands to the one that is served. Each change is a new object. */
export interface ContractState {
  /**
   * `current`: it is the same. `compatible`: another one, and every function still fits. `outdated`: the application must
   * be updated, some functions no longer fit. `unknown` before the first connection, and where the server cannot tell.
   */
  readonly status: "unknown" | "current" | "compatible" | "outdated";
  /** Paths of the functions that no longer fit: calling them ends in a `ContractMismatch`. */
  readonly functions: readonly string[];
}

export class Fit {
  readonly #own: string;
  readonly #listeners = new Set<() => void>();
  /** The contract that is served. */
  #served = "";
  state: ContractState = { status: "unknown", functions: [] };

  constructor(own: string) {
    this.#own = own;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A connection stands. What calls were refused for on it counts until another contract is served. */
  met(served: string, outdated: readonly string[] | undefined): void {
    const functions = [...new Set([...(served === this.#served ? this.state.functions : []), ...(outdated ?? [])])];
    this.#served = served;
    const fits = served === this.#own ? "current" : outdated ? "compatible" : "unknown";
    this.#set(functions.length ? "outdated" : fits, functions);
  }

  /** A call of this function was refused. */
  refused(path: string): void {
    if (!this.state.functions.includes(path)) this.#set("outdated", [...this.state.functions, path]);
  }

  #set(status: ContractState["status"], functions: readonly string[]): void {
    if (status === this.state.status && String(functions) === String(this.state.functions)) return;
    this.state = { status, functions };
    notify([...this.#listeners]);
  }
}
