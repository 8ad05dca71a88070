/** Whether this application still fits the backend: what each side was built from, and what came of it. */
import { notify } from "./listeners.js";
export class Fit {
  #own;
  #listeners = new Set();
  /** The contract that is served. */
  #served = "";
  state = { status: "unknown", functions: [] };
  constructor(own) {
    this.#own = own;
  }
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  /** A connection stands. What calls were refused for on it counts until another contract is served. */
  met(served, outdated) {
    const functions = [
      ...new Set([
        ...(served === this.#served ? this.state.functions : []),
        ...(outdated ?? []),
      ]),
    ];
    this.#served = served;
    const fits =
      served === this.#own ? "current" : outdated ? "compatible" : "unknown";
    this.#set(functions.length ? "outdated" : fits, functions);
  }
  /** A call of this function was refused. */
  refused(path) {
    if (!this.state.functions.includes(path))
      this.#set("outdated", [...this.state.functions, path]);
  }
  #set(status, functions) {
    if (
      status === this.state.status &&
      String(functions) === String(this.state.functions)
    )
      return;
    this.state = { status, functions };
    notify([...this.#listeners]);
  }
}
