/**
 * What the runtime knows of the backend it speaks to. `schemagen build` writes another file in this place, with the
 * backend's own fingerprint and errors.
 */

import type { SchemagenError } from "./errors.js";

/** Names the contract this package was generated from. */
export const fingerprint: string = "";

/** Every error the backend may raise; narrow it on `code`. */
export interface AppError extends SchemagenError {
  readonly kind: "app";
}
