/**
 * What the runtime knows of the backend it speaks to. `schemagen build` writes another file in this place, with the
 * backend's own fingerprint and errors.
 */
/** Names the contract this package was generated from. */
export const fingerprint = "";
