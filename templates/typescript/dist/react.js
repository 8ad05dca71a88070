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
const ClientContext = createContext(null);
/** Gives the hooks below it their client. */
export function SchemagenProvider(props) {
  return createElement(
    ClientContext.Provider,
    { value: props.client },
    props.children,
  );
}
/** The client of the provider above. */
export function useClient() {
  const client = useContext(ClientContext);
  if (!client)
    throw new Error(
      "no <SchemagenProvider client={client}> above this component",
    );
  return client;
}
export function useQuery(query, args = {}, options = {}) {
  const client = useClient();
  const latest = args === "skip" ? null : client.observe(query, args);
  // Equal arguments in a new object are the same query.
  const observation = useMemo(() => latest, [client, latest?.key]);
  const state = useSyncExternalStore(
    useCallback(
      (listener) => observation?.subscribe(listener) ?? nothing,
      [observation],
    ),
    () => observation?.current(),
    nothing,
  );
  const previous = usePrevious(observation, state);
  return useMemo(() => {
    if (!observation) return SKIPPED;
    if (!state)
      return options.keepPrevious && previous ? stale(previous.value) : PENDING;
    return state.error ? failed(state.error) : succeeded(state.value);
  }, [observation, state, previous, options.keepPrevious]);
}
/**
 * A function that runs a mutation; it stays the same between renders, and uses the `optimistic` of the last one. It may be
 * written in place.
 */
export function useMutation(mutation, options) {
  const client = useClient();
  const latest = useRef(options);
  useInsertionEffect(() => {
    latest.current = options;
  });
  return useCallback(
    (args) => client.mutation(mutation, args ?? {}, latest.current),
    [client, mutation],
  );
}
/** A function that runs an action; it stays the same between renders. */
export function useAction(action) {
  const client = useClient();
  return useCallback(
    (args) => client.action(action, args ?? {}),
    [client, action],
  );
}
/** How the client stands with the server; renders again with every change. */
export function useConnectionState() {
  const client = useClient();
  return useSyncExternalStore(
    useCallback((listener) => client.onConnectionState(listener), [client]),
    () => client.connectionState,
    () => client.connectionState,
  );
}
/** Whether this application still fits the backend, or must be updated; renders again with every change. */
export function useContractState() {
  const client = useClient();
  return useSyncExternalStore(
    useCallback((listener) => client.onContract(listener), [client]),
    () => client.contract,
    () => client.contract,
  );
}
/** The last value that was shown, for when new arguments have none yet. */
function usePrevious(observation, state) {
  const previous = useRef(null);
  useEffect(() => {
    if (!observation || state?.error) previous.current = null;
    else if (state) previous.current = state;
  }, [observation, state]);
  return previous.current;
}
const nothing = () => undefined;
const SKIPPED = {
  status: "skipped",
  data: undefined,
  error: undefined,
  isPending: false,
  isStale: false,
};
const PENDING = {
  status: "pending",
  data: undefined,
  error: undefined,
  isPending: true,
  isStale: false,
};
function stale(data) {
  return {
    status: "pending",
    data,
    error: undefined,
    isPending: true,
    isStale: true,
  };
}
function succeeded(data) {
  return {
    status: "success",
    data,
    error: undefined,
    isPending: false,
    isStale: false,
  };
}
function failed(error) {
  return {
    status: "error",
    data: undefined,
    error,
    isPending: false,
    isStale: false,
  };
}
