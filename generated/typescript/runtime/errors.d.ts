/** Errors a call may end in: those of the backend (`kind: "app"`), and those of everything in between. */
import type { Codecs } from "./codec.js";
import type { AppError } from "./contract.js";
/** What went wrong, from far away. `"app"`: the backend raised one of its own errors, see `AppError`. */
export type ErrorKind = "app" | "contractMismatch" | SystemErrorKind;
export type SystemErrorKind =
  | "invalidArguments"
  | "unknownFunction"
  | "unauthenticated"
  | "internal"
  | "unavailable"
  | "protocol";
/** One mistake in the arguments of a call, and where it is. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}
/** An error as it travels. */
export interface WireError {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  readonly data?: unknown;
  readonly issues?: readonly Issue[];
  readonly errorId?: string;
}
/** Every error that a call rejects with. */
export declare class SchemagenError extends Error {
  readonly kind: ErrorKind;
  /** An application error's own name (`quota_exceeded`), or the kind in snake_case and, where it helps, closer. */
  readonly code: string;
  /** The fields of an application error. */
  readonly data: unknown;
  /** What is wrong with the arguments; only for `invalidArguments`. */
  readonly issues: readonly Issue[];
  /** The number under which the server's log has the whole story; only for `internal`. */
  readonly errorId: string | undefined;
  constructor(error: WireError, data?: unknown);
}
/** The function has changed since this application was built, so that it no longer fits: the application must be updated. */
export declare class ContractMismatch extends SchemagenError {
  readonly kind: "contractMismatch";
  readonly code: "contract_mismatch";
  /** The function, by its path: `contacts.list`. */
  readonly function: string;
  /** What changed, for whoever maintains the application. */
  readonly reason: string;
  /** A value that one side has and the other does not take, if there is one. */
  readonly witness?: unknown;
  constructor(error: WireError);
}
/** Any other error that is not the application's own. */
export interface SystemError extends SchemagenError {
  readonly kind: SystemErrorKind;
  readonly code:
    | "invalid_arguments"
    | "unknown_function"
    | "unauthenticated"
    | "internal"
    | "unavailable"
    | "connection_lost"
    | "timeout"
    | "closed"
    | "protocol";
}
/** What a call rejects with, and what `useQuery` shows: narrow it on `code`, or on `kind` first. */
export type CallError = AppError | ContractMismatch | SystemError;
/** Whether `error` is one that the backend raised; then `error.code` tells which, and `error.data` has its fields. */
export declare function isAppError(error: unknown): error is AppError;
/** An error as it came, its fields decoded. */
export declare function callError(error: WireError, codecs?: Codecs): CallError;
/** An error of our own making: the server was not reached, or did not answer. */
export declare function unavailable(
  code: "unavailable" | "connection_lost" | "timeout" | "closed",
  message: string,
): CallError;
