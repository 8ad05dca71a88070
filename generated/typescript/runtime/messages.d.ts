/** What travels over the WebSocket, protocol 1; `docs/protocol.md` of schemagen says what each message means. */
import type { WireError } from "./errors.js";
/** The number of the protocol spoken here. */
export declare const protocol = 1;
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | {
      readonly [key: string]: Json;
    };
/** Where a client stands; only a transition moves it. */
export interface Version {
  readonly querySet: number;
  readonly identity: number;
  readonly ts: number;
}
export interface Call {
  readonly path: string;
  readonly args: Json;
}
export type ClientMessage =
  | {
      type: "connect";
      protocol: number;
      session: string;
      lastTs: number;
      contract: string;
      token: string | null;
    }
  | {
      type: "modifyQuerySet";
      baseVersion: number;
      newVersion: number;
      add: ({
        queryId: number;
      } & Call)[];
      remove: number[];
    }
  | {
      type: "authenticate";
      baseVersion: number;
      newVersion: number;
      token: string | null;
    }
  | ({
      type: "mutation";
      requestId: number;
    } & Call)
  | ({
      type: "action";
      requestId: number;
    } & Call)
  | {
      type: "ping";
    };
/** What a function gave: a value, or the error it ended in. */
export type Outcome =
  | {
      readonly value: unknown;
      readonly error?: never;
    }
  | {
      readonly error: WireError;
      readonly value?: never;
    };
export type ServerMessage =
  | {
      type: "connected";
      protocol: number;
      contract: string;
      ts: number;
    }
  | {
      type: "transition";
      start: Version;
      end: Version;
      changes: ({
        queryId: number;
      } & Outcome)[];
      mutations?: number[];
    }
  | ({
      type: "mutationResponse";
      requestId: number;
      ts: number;
    } & Outcome)
  | ({
      type: "actionResponse";
      requestId: number;
    } & Outcome)
  | {
      type: "authError";
      identityVersion: number;
      error: WireError;
    }
  | {
      type: "fatalError";
      error: WireError;
    }
  | {
      type: "pong";
    };
