/** Text as Python has it: characters are code points. */
import { type Keywords, type Value } from "./objects.mjs";
/** The characters; a text without any beyond the first 65,536 is its own. */
export declare function characters(text: string): string | string[];
export declare function compareText(one: string, other: string): number;
export declare function textOf(value: Value): string;
export declare function reprOf(value: Value): string;
/** An f-string's `{value!conversion:spec}`. */
export declare function formatted(
  value: Value,
  conversion: string,
  spec: string,
): string;
type Method = (self: string, args: Value[], keywords: Keywords) => Value;
export declare const methods: Record<string, Method>;
export declare function isCallable(value: Value): boolean;
export {};
