/**
 * Values JSON has no type for. Most backends need none of this: only a package whose functions speak of an `Int64`,
 * bytes or a float that may be infinite has a `codec.js`, which says where these stand.
 */

import { isPlainObject } from "./json.js";

/** How the values at one place travel. */
export type Codec =
  | "int64" // bigint ↔ decimal string
  | "bytes" // Uint8Array ↔ base64
  | "float" // NaN and the infinities ↔ their names
  | readonly ["ref", string] // a named type
  | readonly ["array", Codec]
  | readonly ["tuple", ...(Codec | null)[]]
  | readonly ["map", Codec]
  | readonly ["object", Table<Codec>] // by field
  | readonly ["tagged", string, Table<Codec>] // members told apart by a field
  | readonly ["kinds", Table<Codec>]; // members told apart by what they are in JSON

interface Table<T> {
  readonly [key: string]: T;
}

/** What does something; everything else travels as it is. */
export interface CodecTables {
  readonly types?: Table<Codec>;
  readonly args?: Table<Codec>; // by path
  readonly returns?: Table<Codec>; // by path
  readonly errors?: Table<Codec>; // by code
}

/** Values to what JSON can hold, and back. */
export interface Codecs {
  encodeArgs(path: string, args: unknown): unknown;
  decodeReturns(path: string, value: unknown): unknown;
  decodeError(code: string, data: unknown): unknown;
}

export function makeCodecs({ types = {}, args = {}, returns = {}, errors = {} }: CodecTables): Codecs {
  return {
    encodeArgs: (path, value) => toWire(value, lookUp(args, path), types),
    decodeReturns: (path, value) => fromWire(value, lookUp(returns, path), types),
    decodeError: (code, data) => fromWire(data, lookUp(errors, code), types),
  };
}

/** A copy of the value as JSON can hold it; what is of the wrong type is left for `encode` or the server to refuse. */
function toWire(value: unknown, codec: Codec | undefined, types: Table<Codec>): unknown {
  if (codec === undefined) return value;
  if (typeof value === "bigint") return at("string", codec, types) === "int64" ? String(value) : value;
  if (typeof value === "number") {
    return !Number.isFinite(value) && at("number", codec, types) === "float" ? String(value) : value;
  }
  if (at("string", codec, types) === "bytes") {
    if (value instanceof ArrayBuffer) return toBase64(new Uint8Array(value));
    if (value instanceof Uint8Array) return toBase64(value);
  }
  if (Array.isArray(value)) {
    const codecOf = itemCodecs(at("array", codec, types));
    return value.map((item, i) => toWire(item, codecOf(i), types));
  }
  if (!isPlainObject(value)) return value;
  const codecOf = fieldCodecs(codec, value, types);
  return Object.fromEntries(Object.keys(value).map((key) => [key, toWire(value[key], codecOf(key), types)]));
}

/** A value from parsed JSON, changed in place. */
function fromWire(value: unknown, codec: Codec | undefined, types: Table<Codec>): unknown {
  if (codec === undefined || value === null) return value;
  if (typeof value === "string") {
    const leaf = at("string", codec, types);
    if (leaf === "int64") return BigInt(value);
    if (leaf === "bytes") return fromBase64(value);
    return leaf === "float" ? Number(value) : value;
  }
  if (Array.isArray(value)) {
    const codecOf = itemCodecs(at("array", codec, types));
    for (let i = 0; i < value.length; i++) value[i] = fromWire(value[i], codecOf(i), types);
  } else if (isPlainObject(value)) {
    const codecOf = fieldCodecs(codec, value, types);
    for (const key of Object.keys(value)) value[key] = fromWire(value[key], codecOf(key), types);
  }
  return value;
}

/** Bytes as standard base64. */
function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** Bytes from standard base64. */
function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** `table[key]`, own keys only. */
function lookUp<T>(table: Table<T>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The codec for a value that is `kind` in JSON: named types looked up, one member of a union chosen. */
function at(kind: string, codec: Codec | undefined, types: Table<Codec>): Codec | undefined {
  while (typeof codec === "object" && (codec[0] === "ref" || codec[0] === "kinds")) {
    codec = codec[0] === "ref" ? lookUp(types, codec[1]) : lookUp(codec[1], kind);
  }
  return codec;
}

function itemCodecs(codec: Codec | undefined): (index: number) => Codec | undefined {
  if (typeof codec !== "object") return () => undefined;
  if (codec[0] === "array") return () => codec[1];
  const items: readonly unknown[] = codec[0] === "tuple" ? codec : [];
  return (index) => (items[index + 1] as Codec | null | undefined) ?? undefined;
}

function fieldCodecs(given: Codec, value: Table<unknown>, types: Table<Codec>): (key: string) => Codec | undefined {
  let codec = at("object", given, types);
  while (typeof codec === "object" && codec[0] === "tagged") {
    codec = at("object", lookUp(codec[2], String(value[codec[1]])), types);
  }
  if (typeof codec !== "object") return () => undefined;
  const [kind, part] = codec;
  if (kind === "map") return () => part;
  return kind === "object" ? (key) => lookUp(part, key) : () => undefined;
}
