/** What `import ... from` the package itself gives. */
export { Client } from "./client.js";
export type { ClientOptions, Observation, QueryState } from "./client.js";
export type { ConnectionState } from "./connection.js";
export type { ContractState } from "./fit.js";
export { fingerprint } from "./contract.js";
export type { AppError } from "./contract.js";
export type {
  Clock,
  Lifecycle,
  WebSocketConstructor,
  WebSocketLike,
} from "./environment.js";
export { ContractMismatch, isAppError, SchemagenError } from "./errors.js";
export type { CallError, ErrorKind, Issue, SystemError } from "./errors.js";
export type { TokenFetcher } from "./auth.js";
export type {
  LoadedQuery,
  LocalResults,
  MutationOptions,
  OptimisticUpdate,
} from "./optimistic.js";
export type {
  Action,
  FunctionKind,
  FunctionReference,
  Mutation,
  Query,
} from "./reference.js";
export * from "./values.js";
