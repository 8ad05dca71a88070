/** A WebSocket client for Node, RFC 6455 over `node:http`: text in both directions, no extensions. */
import { createHash, randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import {
  CLOSE,
  FrameReader,
  PING,
  PONG,
  TEXT,
  WebSocketMistake,
  writeFrame,
} from "./websocket-frames.js";
const KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3
const HANDSHAKE_MS_MAX = 30_000;
const CLOSING_MS_MAX = 3_000;
/** The part of the browser's WebSocket that the client uses. */
export class NodeWebSocket {
  onopen = null;
  onmessage = null;
  onerror = null;
  onclose = null;
  #stream = null;
  #state = "connecting";
  #frames = new FrameReader();
  #handshake;
  #closeCode = 1006;
  #closeReason = "";
  constructor(url) {
    const { protocol } = new URL(url);
    if (protocol !== "ws:" && protocol !== "wss:")
      throw new SyntaxError(`not the address of a WebSocket: ${url}`);
    const key = randomBytes(16).toString("base64");
    const headers = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": key,
    };
    const send = protocol === "wss:" ? httpsRequest : httpRequest;
    const request = send(url.replace(/^ws/, "http"), {
      headers,
      timeout: HANDSHAKE_MS_MAX,
    });
    this.#handshake = request;
    request.on("upgrade", (response, stream, head) => {
      const accepted = createHash("sha1")
        .update(key + KEY_SUFFIX)
        .digest("base64");
      if (response.headers["sec-websocket-accept"] === accepted)
        return this.#opened(stream, head);
      stream.destroy();
      this.#end("the server speaks no WebSocket");
    });
    request.on("response", (response) => {
      response.destroy();
      this.#end(`the server answered ${response.statusCode} to the handshake`);
    });
    request.on("timeout", () =>
      request.destroy(new Error("the handshake took too long")),
    );
    request.on("error", (error) => this.#end(error.message));
    request.end();
  }
  send(data) {
    if (this.#state === "connecting")
      throw new Error("the WebSocket is not open yet");
    if (this.#state === "open") this.#write(TEXT, Buffer.from(data));
  }
  close(code = 1000, reason = "") {
    if (this.#state === "closing" || this.#state === "closed") return;
    if (this.#state === "connecting") {
      this.#handshake.destroy();
      return this.#end("closed before it was open");
    }
    this.#state = "closing";
    this.#write(CLOSE, closePayload(code, reason));
    setTimeout(() => this.#stream?.destroy(), CLOSING_MS_MAX).unref();
  }
  #opened(stream, head) {
    if (this.#state !== "connecting") return void stream.destroy();
    this.#stream = stream;
    this.#state = "open";
    stream.setNoDelay?.(true);
    stream.setTimeout?.(0);
    stream.on("data", (chunk) => this.#received(chunk));
    stream.on("error", () => stream.destroy());
    stream.on("end", () => stream.end());
    stream.on("close", () => this.#end(this.#closeReason));
    this.onopen?.({ type: "open" });
    if (head.length) this.#received(head);
  }
  #received(chunk) {
    try {
      for (const { opcode, payload, text } of this.#frames.read(chunk)) {
        if (opcode === TEXT && this.#state === "open")
          this.onmessage?.({ type: "message", data: text });
        else if (opcode === PING) this.#write(PONG, payload);
        else if (opcode === CLOSE) return this.#closedByServer(payload);
      }
    } catch (error) {
      if (!(error instanceof WebSocketMistake)) throw error;
      this.#write(CLOSE, closePayload(error.code, error.message));
      this.#stream?.end();
      this.#end(error.message);
    }
  }
  /** Answers with the same code. That was all, even if the server takes its time to close the connection. */
  #closedByServer(payload) {
    this.#closeCode =
      payload.length >= 2 ? payload[0] * 256 + payload[1] : 1005;
    this.#closeReason = new TextDecoder().decode(payload.subarray(2));
    if (this.#state === "open") this.#write(CLOSE, payload.subarray(0, 2));
    this.#stream?.end();
    setTimeout(() => this.#stream?.destroy(), CLOSING_MS_MAX).unref();
    this.#end(this.#closeReason);
  }
  #write(opcode, payload) {
    if (this.#stream?.writable)
      this.#stream.write(writeFrame(opcode, payload, randomBytes(4)));
  }
  #end(reason) {
    if (this.#state === "closed") return;
    this.#state = "closed";
    if (this.#closeCode === 1006)
      this.onerror?.({ type: "error", message: reason });
    this.onclose?.({
      type: "close",
      code: this.#closeCode,
      reason,
      wasClean: this.#closeCode !== 1006,
    });
  }
}
function closePayload(code, reason) {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return payload.subarray(0, 125);
}
