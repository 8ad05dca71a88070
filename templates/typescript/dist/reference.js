/** `api.contacts.list`: what names a function of the backend, to the compiler and on the wire. */
import { encode } from "./json.js";
const target = Symbol.for("schemagen.target");
/** The root of `api`. It holds no function names: each is made when it is first asked for, and then stays the same. */
export function makeApi(codecs) {
  return node("", codecs);
}
/** The path and codecs behind a reference. */
export function targetOf(reference) {
  const found = reference?.[target];
  if (!found?.path)
    throw new TypeError(
      "expected a function of the backend, such as api.contacts.list",
    );
  return found;
}
/** The JSON text of a call's arguments, the same for equal ones. Throws a TypeError for what the wire cannot carry. */
export function encodeArgs({ path, codecs }, args) {
  return encode(codecs ? codecs.encodeArgs(path, args) : args);
}
function node(path, codecs) {
  const children = new Map();
  return new Proxy(Object.freeze({ path, codecs }), {
    get(self, key) {
      if (key === target) return self;
      if (key === Symbol.toPrimitive) return () => `api.${path}`;
      if (typeof key === "symbol") return undefined;
      let child = children.get(key);
      if (!child)
        children.set(
          key,
          (child = node(path ? `${path}.${key}` : key, codecs)),
        );
      return child;
    },
  });
}
