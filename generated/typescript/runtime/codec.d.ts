/**
 * Values JSON has no type for. Most backends need none of this: only a package whose functions speak of an `Int64`,
 * bytes or a float that may be infinite has a `codec.js`, which says where these stand.
 */
/** How the values at one place travel. */
export type Codec =
  | "int64"
  | "bytes"
  | "float"
  | readonly ["ref", string]
  | readonly ["array", Codec]
  | readonly ["tuple", ...(Codec | null)[]]
  | readonly ["map", Codec]
  | readonly ["object", Table<Codec>]
  | readonly ["tagged", string, Table<Codec>]
  | readonly ["kinds", Table<Codec>];
interface Table<T> {
  readonly [key: string]: T;
}
/** What does something; everything else travels as it is. */
export interface CodecTables {
  readonly types?: Table<Codec>;
  readonly args?: Table<Codec>;
  readonly returns?: Table<Codec>;
  readonly errors?: Table<Codec>;
}
/** Values to what JSON can hold, and back. */
export interface Codecs {
  encodeArgs(path: string, args: unknown): unknown;
  decodeReturns(path: string, value: unknown): unknown;
  decodeError(code: string, data: unknown): unknown;
}
export declare function makeCodecs({
  types,
  args,
  returns,
  errors,
}: CodecTables): Codecs;
export {};
