import type { ReactElement, ReactNode } from "react";
import type { Client } from "./client.js";
import type { ConnectionState } from "./connection.js";
import type { CallError } from "./errors.js";
import type { ContractState } from "./fit.js";
import type { MutationOptions } from "./optimistic.js";
import type { Action, CallArgs, Mutation, Query } from "./reference.js";
export interface QuerySkipped {
  readonly status: "skipped";
  readonly data: undefined;
  readonly error: undefined;
  readonly isPending: false;
  readonly isStale: false;
}
export interface QueryPending<Returns> {
  readonly status: "pending";
  /** With `keepPrevious`: the result for the arguments before. */
  readonly data: Returns | undefined;
  readonly error: undefined;
  readonly isPending: true;
  /** Whether `data` belongs to the arguments before. */
  readonly isStale: boolean;
}
export interface QuerySuccess<Returns> {
  readonly status: "success";
  readonly data: Returns;
  readonly error: undefined;
  readonly isPending: false;
  readonly isStale: false;
}
export interface QueryError {
  readonly status: "error";
  readonly data: undefined;
  readonly error: CallError;
  readonly isPending: false;
  readonly isStale: false;
}
/** What `useQuery` gives; narrow it on `status`. */
export type QueryResult<Returns> =
  QuerySkipped | QueryPending<Returns> | QuerySuccess<Returns> | QueryError;
export interface QueryOptions {
  /** While new arguments have no result yet, show the one for those before; `isStale` says so. */
  readonly keepPrevious?: boolean;
}
/** Gives the hooks below it their client. */
export declare function SchemagenProvider(props: {
  readonly client: Client;
  readonly children?: ReactNode;
}): ReactElement;
/** The client of the provider above. */
export declare function useClient(): Client;
/** The live result of a query; renders again whenever it changes. With `"skip"` in place of arguments nothing is asked. */
export declare function useQuery<Returns>(
  query: Query<{}, Returns>,
): QueryResult<Returns>;
export declare function useQuery<Args, Returns>(
  query: Query<Args, Returns>,
  args: NoInfer<Args> | "skip",
  options?: QueryOptions,
): QueryResult<Returns>;
/**
 * A function that runs a mutation; it stays the same between renders, and uses the `optimistic` of the last one. It may be
 * written in place.
 */
export declare function useMutation<Args, Returns>(
  mutation: Mutation<Args, Returns>,
  options?: MutationOptions<Args>,
): (...args: CallArgs<Args>) => Promise<Returns>;
/** A function that runs an action; it stays the same between renders. */
export declare function useAction<Args, Returns>(
  action: Action<Args, Returns>,
): (...args: CallArgs<Args>) => Promise<Returns>;
/** How the client stands with the server; renders again with every change. */
export declare function useConnectionState(): ConnectionState;
/** Whether this application still fits the backend, or must be updated; renders again with every change. */
export declare function useContractState(): ContractState;
