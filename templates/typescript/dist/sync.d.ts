/** The client's half of the sync protocol, without a socket or a clock: calls and messages in, effects out. */
import type { WireError } from "./errors.js";
import type {
  Call,
  ClientInfo,
  ClientMessage,
  Outcome,
  ServerMessage,
} from "./messages.js";
/** What is to be done after an event. */
export type Effect =
  | {
      type: "send";
      message: ClientMessage;
    }
  | {
      type: "results";
      results: ReadonlyMap<number, Outcome>;
    }
  | {
      type: "mutationDone";
      requestId: number;
      outcome: Outcome;
    }
  | {
      type: "actionDone";
      requestId: number;
      outcome: Outcome;
    }
  | {
      type: "met";
      contract: string;
      outdated: readonly string[] | undefined;
    }
  | {
      type: "lost";
    }
  | {
      type: "synced";
    }
  | {
      type: "identified";
    }
  | {
      type: "tokenRefused";
      error: WireError;
    }
  | {
      type: "fatal";
      error: WireError;
    }
  | {
      type: "drop";
      reason: string;
    };
/**
 * One client's half. It holds what the client wants (queries, calls under way), where it stands, and the results as the
 * server sent them; no types, and nobody who waits.
 */
export declare class SyncClient {
  #private;
  constructor(
    session: string,
    contract: string,
    digests?: boolean,
    client?: ClientInfo,
  );
  /** Whether all results are of one version, and that of this connection. */
  get isCaughtUp(): boolean;
  /** Whether the server has computed this query for this connection. */
  get isSynced(): boolean;
  /** Starts to watch a query. Sent by the next `flush`, together with its neighbours. */
  watch(call: Call): number;
  unwatch(queryId: number): void;
  /** Adds a mutation; the next `flush` sends it, behind the queries it may change. */
  mutate(call: Call): number;
  act(call: Call): number;
  /** Sends all that is not sent yet. */
  flush(): Effect[];
  /** Keeps everything back until `authenticate`: a new token is on its way. */
  hold(): void;
  /** From here on the caller is somebody else. */
  authenticate(token: string | null): Effect[];
  /** A socket is open: the whole state goes out, not waiting for an answer. */
  opened(token: string | null): Effect[];
  /** The connection is gone. Actions in flight end here; mutations wait to be sent again, results stay as they are. */
  lost(closeCode?: number): Effect[];
  receive(message: ServerMessage): Effect[];
}
