/** `api.contacts.list`: what names a function of the backend, to the compiler and on the wire. */
import type { Codecs } from "./codec.js";
export type FunctionKind = "query" | "mutation" | "action";
declare const kind: unique symbol;
declare const args: unique symbol;
declare const returns: unique symbol;
/** A function of the backend. Its types exist for the compiler only; at run time it is a path. */
export interface FunctionReference<
  out Kind extends FunctionKind,
  in Args,
  out Returns,
> {
  readonly [kind]: Kind;
  readonly [args]: (args: Args) => void;
  readonly [returns]: Returns;
}
/** A read-only function, whose result can be watched. */
export interface Query<in Args, out Returns> extends FunctionReference<
  "query",
  Args,
  Returns
> {}
/** A transaction; runs exactly once, however often it had to be sent. */
export interface Mutation<in Args, out Returns> extends FunctionReference<
  "mutation",
  Args,
  Returns
> {}
/** A function that may do anything; runs at most once. */
export interface Action<in Args, out Returns> extends FunctionReference<
  "action",
  Args,
  Returns
> {}
declare const renamed: unique symbol;
/** Stands where something was renamed. It fits nowhere, so that the compiler names it, and with it where it went. */
export type Renamed<Says extends string> = symbol & {
  readonly [renamed]: Says;
};
/** The arguments of a function that takes none. */
export interface NoArgs {
  readonly [name: string]: never;
}
/** The arguments of a call: nothing has to be passed where nothing is required. */
export type CallArgs<Args> = {} extends Args ? [args?: Args] : [args: Args];
/** What a reference is at run time. */
export interface Target {
  readonly path: string;
  readonly codecs: Codecs | undefined;
}
/** The root of `api`. It holds no function names: each is made when it is first asked for, and then stays the same. */
export declare function makeApi(codecs?: Codecs): unknown;
/** The path and codecs behind a reference. */
export declare function targetOf(
  reference: FunctionReference<FunctionKind, never, unknown>,
): Target;
/** The JSON text of a call's arguments, the same for equal ones. Throws a TypeError for what the wire cannot carry. */
export declare function encodeArgs(
  { path, codecs }: Target,
  args: unknown,
): string;
export {};
