/** How long to wait before trying again. */
const DELAY_MS_MIN = 500;
const DELAY_MS_MAX = 16_000;
/** Milliseconds to wait after `failures` failures in a row (1 is the first); `random` is in [0, 1). Never above 16 s. */
export function retryDelayMs(failures, random) {
  return (
    Math.min(DELAY_MS_MAX, DELAY_MS_MIN * 2 ** (failures - 1)) *
    (0.5 + random / 2)
  );
}
