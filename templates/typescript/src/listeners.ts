/** Telling those who listen. */

/** Calls each listener; one that throws keeps none of the others from being called. */
export function notify(listeners: readonly (() => void)[]): void {
  for (const listener of listeners) {
    try {
      listener();
    } catch (error) {
      throwLater(error);
    }
  }
}

/** Throws where nobody is in the way: the platform reports it as an uncaught error. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
