/** How long to wait before trying again. */
/** Milliseconds to wait after `failures` failures in a row (1 is the first); `random` is in [0, 1). Never above 16 s. */
export declare function retryDelayMs(failures: number, random: number): number;
