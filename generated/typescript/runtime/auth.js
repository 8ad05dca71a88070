/** Where tokens come from, and when the next one is due. */
const REFRESH_AT = 0.9; // of a token's life
const DELAY_MS_MIN = 5_000;
const DELAY_MS_MAX = 2 ** 31 - 1; // the most a timer takes: 25 days
/**
 * Milliseconds until `token` should be replaced; null if it does not say how long it lives. The difference of its two
 * times counts where this machine's clock is clearly off.
 */
export function refreshDelayMs(token, nowMs) {
  const claims = claimsOf(token);
  if (typeof claims["exp"] !== "number") return null;
  const issued =
    typeof claims["iat"] === "number" ? claims["iat"] * 1000 : nowMs;
  const life = claims["exp"] * 1000 - issued;
  const age = nowMs > issued && nowMs < issued + life ? nowMs - issued : 0;
  return Math.min(
    Math.max(life * REFRESH_AT - age, DELAY_MS_MIN),
    DELAY_MS_MAX,
  );
}
/** The claims of a JWT, not verified; none if it is no JWT. */
function claimsOf(token) {
  try {
    const body = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(body));
  } catch {
    return {};
  }
}
