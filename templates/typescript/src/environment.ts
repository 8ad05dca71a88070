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

export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/** A page's own signs: `online`, and the tab coming to the front. Silent where there is no page. */
export const pageLifecycle: Lifecycle = {
  listen(onWake) {
    if (typeof window === "undefined" || !window.addEventListener) return () => undefined;
    const onVisible = () => document.visibilityState === "visible" && onWake();
    window.addEventListener("online", onWake);
    window.document?.addEventListener("visibilitychange", onVisible);
    return () => {
      window.removeEventListener("online", onWake);
      window.document?.removeEventListener("visibilitychange", onVisible);
    };
  },
};

/** A random UUID, also where `crypto.randomUUID` is missing: on plain http pages and in React Native. */
export function randomUuid(clock: Clock): string {
  const { crypto } = globalThis as { crypto?: { randomUUID?(): string } };
  if (crypto?.randomUUID) return crypto.randomUUID();
  const digit = (bits: number) => Math.floor(clock.random() * 2 ** bits);
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (c) =>
    (c === "x" ? digit(4) : 8 + digit(2)).toString(16),
  );
}
