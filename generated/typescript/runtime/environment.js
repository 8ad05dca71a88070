/** The world as the client sees it: everything it does not decide itself comes in through here. */
export const systemClock = {
  now: () => Date.now(),
  random: () => Math.random(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => clearTimeout(timer),
};
/** A page's own signs: `online`, and the tab coming to the front. Silent where there is no page. */
export const pageLifecycle = {
  listen(onWake) {
    if (typeof window === "undefined" || !window.addEventListener)
      return () => undefined;
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
export function randomUuid(clock) {
  const { crypto } = globalThis;
  if (crypto?.randomUUID) return crypto.randomUUID();
  const digit = (bits) => Math.floor(clock.random() * 2 ** bits);
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (c) =>
    (c === "x" ? digit(4) : 8 + digit(2)).toString(16),
  );
}
