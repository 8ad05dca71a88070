/** Telling those who listen. */
/** Calls each listener; one that throws keeps none of the others from being called. */
export declare function notify(listeners: readonly (() => void)[]): void;
/** Throws where nobody is in the way: the platform reports it as an uncaught error. */
export declare function throwLater(error: unknown): void;
