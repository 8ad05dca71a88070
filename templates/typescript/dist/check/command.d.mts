#!/usr/bin/env node
/** `schemagen-check`: the lock, the installed SDK and a server, compared by what the source uses. Never part of an application. */
export interface CheckOptions {
  /** The committed lock, below the working folder; `schemagen.lock.json` by default. */
  readonly lock?: string;
  /** Where the program's source is; the working folder by default. */
  readonly source?: string;
  /** A server that the program has to get along with. */
  readonly url?: string;
}
/** Rejects with `ContractChanged`, the report as its message, if what the program uses has changed below it. */
export declare function check(options?: CheckOptions): Promise<void>;
