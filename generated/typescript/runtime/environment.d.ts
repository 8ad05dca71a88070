/** The world as the client sees it: everything it does not decide itself comes in through here. */
/** The part of a WebSocket that is used; the browser's, Node's and React Native's all have it. */
export interface WebSocketLike {
  onopen: ((event: any) => any) | null;
  onmessage: ((event: any) => any) | null;
  onerror: ((event: any) => any) | null;
  onclose: ((event: any) => any) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}
export type WebSocketConstructor = new (url: string) => WebSocketLike;
/** Says when the application is back: in the foreground, or online. A phone suspends sockets without closing them. */
export interface Lifecycle {
  /** Calls `onWake` each time, until the function that comes back is called. */
  listen(onWake: () => void): () => void;
}
/** Timers and chance; tests turn them by hand. */
export interface Clock {
  now(): number;
  random(): number;
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}
export declare const systemClock: Clock;
/** A page's own signs: `online`, and the tab coming to the front. Silent where there is no page. */
export declare const pageLifecycle: Lifecycle;
/** A random UUID, also where `crypto.randomUUID` is missing: on plain http pages and in React Native. */
export declare function randomUuid(clock: Clock): string;
