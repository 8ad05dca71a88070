/** What `import ... from` the package itself gives in Node: the same, with a WebSocket where Node has none (before 22). */
import { Client as AnyClient } from "./client.js";
import { NodeWebSocket } from "./node-websocket.js";
export * from "./index.js";
export { NodeWebSocket };
/** Calls and live queries over one WebSocket, shared by everything that asks for the same. */
export class Client extends AnyClient {
  constructor(address, options = {}) {
    const webSocket = globalThis.WebSocket ?? NodeWebSocket;
    super(address, { webSocket, ...options });
  }
}
