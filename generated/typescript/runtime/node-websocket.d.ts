/** A WebSocket client for Node, RFC 6455 over `node:http`: text in both directions, no extensions. */
import type { WebSocketLike } from "./environment.js";
type Listener = ((event: any) => any) | null;
/** The part of the browser's WebSocket that the client uses. */
export declare class NodeWebSocket implements WebSocketLike {
  #private;
  onopen: Listener;
  onmessage: Listener;
  onerror: Listener;
  onclose: Listener;
  constructor(url: string);
  send(data: string): void;
  close(code?: number, reason?: string): void;
}
export {};
