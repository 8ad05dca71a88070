/** What a client holds of each query, by digest, and what a change makes of it. */
import type { Outcome, QueryChange } from "./messages.js";
/**
 * Holds each value as it came, and gives out copies: an application may sort a result where it stands, and the next
 * change still builds on what the server knows.
 */
export declare class HeldValues {
  #private;
  /** What a query that is watched again says of what is held. */
  digest(queryId: number): {
    digest?: string;
  };
  forget(queryId: number): void;
  /** The result after a change; null if the change builds on what is not held. */
  take(change: QueryChange): Outcome | null;
}
