/** Where tokens come from, and when the next one is due. */
/**
 * Gives the caller's JWT; null or undefined for nobody. With `force` the last one was refused or is about to expire: a
 * cached token will not do.
 */
export type TokenFetcher = (options: {
  force: boolean;
}) => Promise<string | null | undefined> | string | null | undefined;
/**
 * Milliseconds until `token` should be replaced; null if it does not say how long it lives. The difference of its two
 * times counts where this machine's clock is clearly off.
 */
export declare function refreshDelayMs(
  token: string,
  nowMs: number,
): number | null;
