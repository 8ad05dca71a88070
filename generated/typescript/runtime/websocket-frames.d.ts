/** Frames of a WebSocket (RFC 6455, 5), without a socket: bytes in, messages out. */
export declare const CONTINUATION = 0;
export declare const TEXT = 1;
export declare const BINARY = 2;
export declare const CLOSE = 8;
export declare const PING = 9;
export declare const PONG = 10;
/** The other side broke the protocol; `code` is what the connection is closed with. */
export declare class WebSocketMistake extends Error {
  readonly code: number;
  constructor(code: number, message: string);
}
/** A whole message, or a control frame. */
export interface Message {
  readonly opcode: number;
  readonly payload: Uint8Array;
  /** The payload of a `TEXT` message. */
  readonly text: string;
}
/** Puts messages together from what a server sends, in pieces of any size. */
export declare class FrameReader {
  #private;
  /** The messages that `chunk` completes. Throws a WebSocketMistake where the server breaks the protocol. */
  read(chunk: Uint8Array): Message[];
}
/** One frame, masked as all that a client sends must be. `mask` is 4 random bytes. */
export declare function writeFrame(
  opcode: number,
  payload: Uint8Array,
  mask: Uint8Array,
): Uint8Array;
