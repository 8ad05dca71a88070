/** Frames of a WebSocket (RFC 6455, 5), without a socket: bytes in, messages out. */

export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

const PAYLOAD_BYTES_MAX = 256 * 2 ** 20;

/** The other side broke the protocol; `code` is what the connection is closed with. */
export class WebSocketMistake extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** A whole message, or a control frame. */
export interface Message {
  readonly opcode: number;
  readonly payload: Uint8Array;
  /** The payload of a `TEXT` message. */
  readonly text: string;
}

interface Header {
  readonly isLast: boolean;
  readonly opcode: number;
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

/** Puts messages together from what a server sends, in pieces of any size. */
export class FrameReader {
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;
  /** Bytes needed before the next frame can be read. */
  #needed = 2;
  /** The message whose last frame has not come yet. */
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  #opcode = CONTINUATION;

  /** The messages that `chunk` completes. Throws a WebSocketMistake where the server breaks the protocol. */
  read(chunk: Uint8Array): Message[] {
    this.#chunks.push(chunk);
    this.#chunkBytes += chunk.length;
    const messages: Message[] = [];
    while (this.#chunkBytes >= this.#needed) {
      const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : concat(this.#chunks);
      this.#chunks = [bytes];
      const header = headerOf(bytes);
      this.#needed = header ? header.headerBytes + header.payloadBytes : bytes.length + 1;
      if (!header || bytes.length < this.#needed) continue;
      const message = this.#frame(header, bytes.subarray(header.headerBytes, this.#needed));
      if (message) messages.push(message);
      const rest = bytes.subarray(this.#needed);
      this.#chunks = [rest];
      this.#chunkBytes = rest.length;
      this.#needed = 2;
    }
    return messages;
  }

  #frame({ isLast, opcode }: Header, payload: Uint8Array): Message | null {
    if (opcode >= CLOSE) return control(opcode, isLast, payload);
    if ((opcode === CONTINUATION) !== this.#opcode > 0) throw new WebSocketMistake(1002, "a frame out of order");
    if (opcode !== CONTINUATION) this.#opcode = opcode;
    this.#parts.push(payload);
    this.#partBytes += payload.length;
    if (this.#partBytes > PAYLOAD_BYTES_MAX) throw new WebSocketMistake(1009, "a message that is too large");
    return isLast ? this.#message() : null;
  }

  #message(): Message {
    if (this.#opcode !== TEXT) throw new WebSocketMistake(1003, "a message that is not text");
    const payload = this.#parts.length === 1 ? this.#parts[0]! : concat(this.#parts);
    const message = { opcode: TEXT, payload, text: decodeUtf8(payload) };
    this.#parts = [];
    this.#partBytes = 0;
    this.#opcode = CONTINUATION;
    return message;
  }
}

/** One frame, masked as all that a client sends must be. `mask` is 4 random bytes. */
export function writeFrame(opcode: number, payload: Uint8Array, mask: Uint8Array): Uint8Array {
  const size = payload.length < 126 ? 0 : payload.length < 65536 ? 2 : 8;
  const frame = new Uint8Array(6 + size + payload.length);
  const view = new DataView(frame.buffer);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (size === 0 ? payload.length : size === 2 ? 126 : 127);
  if (size === 2) view.setUint16(2, payload.length);
  if (size === 8) view.setBigUint64(2, BigInt(payload.length));
  const start = 6 + size;
  frame.set(mask, start - 4);
  for (let i = 0; i < payload.length; i++) frame[start + i] = payload[i]! ^ mask[i & 3]!;
  return frame;
}

/** The header at the start of `bytes`; null if it is not all there yet. */
function headerOf(bytes: Uint8Array): Header | null {
  if (bytes.length < 2) return null;
  const [first, second] = [bytes[0]!, bytes[1]!];
  if (first & 0x70) throw new WebSocketMistake(1002, "a frame of an extension that was not agreed on");
  if (second & 0x80) throw new WebSocketMistake(1002, "a masked frame from a server");
  const common = { isLast: (first & 0x80) !== 0, opcode: first & 0x0f };
  if (second < 126) return { ...common, headerBytes: 2, payloadBytes: second };
  const headerBytes = second === 126 ? 4 : 10;
  if (bytes.length < headerBytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const payloadBytes = second === 126 ? view.getUint16(2) : Number(view.getBigUint64(2));
  if (payloadBytes > PAYLOAD_BYTES_MAX) throw new WebSocketMistake(1009, "a message that is too large");
  return { ...common, headerBytes, payloadBytes };
}

function control(opcode: number, isLast: boolean, payload: Uint8Array): Message {
  const isKnown = opcode === CLOSE || opcode === PING || opcode === PONG;
  if (!isKnown || !isLast || payload.length > 125) throw new WebSocketMistake(1002, "a control frame that is none");
  if (opcode === CLOSE && payload.length === 1) throw new WebSocketMistake(1002, "half a close code");
  return { opcode, payload, text: "" };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new WebSocketMistake(1007, "text that is not UTF-8");
  }
}
