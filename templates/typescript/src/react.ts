"use client";
/** React: live queries and calls as hooks. */

import {
  createContext,
  createElement,
  useCallback,
  useContext,
  useEffect,
  useInsertionEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from "react";
import type { ReactElement, ReactNode } from "react";
import type { Client, Observation, QueryState } from "./client.js";
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
export type QueryResult<Returns> = QuerySkipped | QueryPending<Returns> | QuerySuccess<Returns> | QueryError;

export interface QueryOptions {
  /** While new arguments have no result yet, show the one for those before; `isStale` says so. */
  readonly keepPrevious?: boolean;
}

const ClientContext = createContext<Client | null>(null);

/** Gives the hooks below it their client. */
export function SchemagenProvider(props: { readonly client: Client; readonly children?: ReactNode }): ReactElement {
  return createElement(ClientContext.Provider, { value: props.client }, props.children);
}

/** The client of the provider above. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error("no <SchemagenProvider client={client}> above this component");
  return client;
}

/** The live result of a query; renders again whenever it changes. With `"skip"` in place of arguments nothing is asked. */
export function useQuery<Returns>(query: Query<{}, Returns>): QueryResult<Returns>;
export function useQuery<Args, Returns>(
  query: Query<Args, Returns>,
  args: NoInfer<Args> | "skip",
  options?: QueryOptions,
): QueryResult<Returns>;
export function useQuery(query: Query<{}, unknown>, args: {} = {}, options: QueryOptions = {}): QueryResult<unknown> {
  const client = useClient();
  const latest = args === "skip" ? null : client.observe(query, args);
  // Equal arguments in a new object are the same query.
  const observation = useMemo(() => latest, [client, latest?.key]);
  const state = useSyncExternalStore(
    useCallback((listener) => observation?.subscribe(listener) ?? nothing, [observation]),
    () => observation?.current(),
    nothing, // on a server every query is pending
  );
  const previous = usePrevious(observation, state);
  return useMemo(() => {
    if (!observation) return SKIPPED;
    if (!state) return options.keepPrevious && previous ? stale(previous.value) : PENDING;
    return state.error ? failed(state.error) : succeeded(state.value);
  }, [observation, state, previous, options.keepPrevious]);
}

/**
 * A function that runs a mutation; it stays the same between renders, and uses the `optimistic` of the last one. It may be
 * written in place.
 */
export function useMutation<Args, Returns>(
  mutation: Mutation<Args, Returns>,
  options?: MutationOptions<Args>,
): (...args: CallArgs<Args>) => Promise<Returns> {
  const client = useClient();
  const latest = useRef(options);
  useInsertionEffect(() => {
    latest.current = options;
  });
  return useCallback(
    (args?: unknown) =>
      client.mutation(
        mutation as Mutation<unknown, Returns>,
        args ?? {},
        latest.current as MutationOptions<unknown> | undefined,
      ),
    [client, mutation],
  );
}

/** A function that runs an action; it stays the same between renders. */
export function useAction<Args, Returns>(action: Action<Args, Returns>): (...args: CallArgs<Args>) => Promise<Returns> {
  const client = useClient();
  return useCallback(
    (args?: unknown) => client.action(action as Action<unknown, Returns>, args ?? {}),
    [client, action],
  );
}

/** How the client stands with the server; renders again with every change. */
export function useConnectionState(): ConnectionState {
  const client = useClient();
  return useSyncExternalStore(
    useCallback((listener) => client.onConnectionState(listener), [client]),
    () => client.connectionState,
    () => client.connectionState,
  );
}

/** Whether this application still fits the backend, or must be updated; renders again with every change. */
export function useContractState(): ContractState {
  const client = useClient();
  return useSyncExternalStore(
    useCallback((listener) => client.onContract(listener), [client]),
    () => client.contract,
    () => client.contract,
  );
}

/** The last value that was shown, for when new arguments have none yet. */
function usePrevious(
  observation: Observation<unknown> | null,
  state: QueryState<unknown> | undefined,
): { value: unknown } | null {
  const previous = useRef<{ value: unknown } | null>(null);
  useEffect(() => {
    if (!observation || state?.error) previous.current = null;
    else if (state) previous.current = state;
  }, [observation, state]);
  return previous.current;
}

const nothing = (): undefined => undefined;

const SKIPPED: QuerySkipped = {
  status: "skipped",
  data: undefined,
  error: undefined,
  isPending: false,
  isStale: false,
};
const PENDING: QueryPending<never> = {
  status: "pending",
  data: undefined,
  error: undefined,
  isPending: true,
  isStale: false,
};

function stale<Returns>(data: Returns): QueryPending<Returns> {
  return { status: "pending", data, error: undefined, isPending: true, isStale: true };
}

function succeeded<Returns>(data: Returns): QuerySuccess<Returns> {
  return { status: "success", data, error: undefined, isPending: false, isStale: false };
}

function failed(error: CallError): QueryError {
  return { status: "error", data: undefined, error, isPending: false, isStale: false };
}
