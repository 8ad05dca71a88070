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
/** Who connects, for whoever looks after the server; "" for what the application does not say. */
export interface ClientInfo {
  readonly language: "typescript";
  readonly name: string;
  readonly version: string;
}
export type ClientMessage =
  | {
      type: "connect";
      protocol: number;
      session: string;
      lastTs: number;
      contract: string;
      token: string | null;
      digests?: true;
      client?: ClientInfo;
    }
  | {
      type: "modifyQuerySet";
      baseVersion: number;
      newVersion: number;
      add: ({
        queryId: number;
        digest?: string;
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
/** What makes a list, or the items of a page, of those that a client holds: stretches of them, and new ones between. */
export interface Diff {
  readonly list: readonly (
    | readonly [from: number, count: number]
    | {
        readonly new: readonly unknown[];
      }
  )[];
  /** The other fields of a page. */
  readonly rest?: {
    readonly [field: string]: unknown;
  };
}
/** A query's new result; `unchanged` and `diff` say it by what the client holds. */
export type QueryChange = {
  queryId: number;
} & (
  | (Outcome & {
      readonly digest?: string;
      readonly unchanged?: never;
      readonly diff?: never;
    })
  | (NoOutcome & {
      readonly unchanged: true;
      readonly digest?: never;
      readonly diff?: never;
    })
  | (NoOutcome & {
      readonly digest: string;
      readonly base: string;
      readonly diff: Diff;
      readonly unchanged?: never;
    })
);
interface NoOutcome {
  readonly value?: never;
  readonly error?: never;
}
export type ServerMessage =
  | {
      type: "connected";
      protocol: number;
      contract: string;
      ts: number;
      outdated?: string[];
    }
  | {
      type: "transition";
      start: Version;
      end: Version;
      changes: QueryChange[];
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
export {};
