/** What `import ... from` the package itself gives. */
export { Client } from "./client.js";
export { fingerprint } from "./contract.js";
export { ContractMismatch, isAppError, SchemagenError } from "./errors.js";
export * from "./values.js";
