/** Whether this application still fits the backend: what each side was built from, and what came of it. */
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
export declare class Fit {
  #private;
  state: ContractState;
  constructor(own: string);
  listen(listener: () => void): () => void;
  /** A connection stands. What calls were refused for on it counts until another contract is served. */
  met(served: string, outdated: readonly string[] | undefined): void;
  /** A call of this function was refused. */
  refused(path: string): void;
}
