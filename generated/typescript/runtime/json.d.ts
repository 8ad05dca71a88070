/** Values as JSON text. */
type Path = readonly (string | number)[];
/**
 * The JSON text of a value, the same for equal values: keys sorted, `undefined` fields left out. Throws a TypeError that
 * names the place of anything the wire cannot carry.
 */
export declare function encode(value: unknown, path?: Path): string;
/** Whether a value is what `{...}` makes; also in another frame, and without a prototype. */
export declare function isPlainObject(value: unknown): value is {
  [key: string]: unknown;
};
export {};
