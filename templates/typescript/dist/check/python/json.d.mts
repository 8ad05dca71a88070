/** JSON as Python reads and writes it: 1 is an int, 1.0 is a float, objects keep their order. */
import { type Value } from "./objects.mjs";
/** Raises JSONDecodeError. */
export declare function loads(text: string): Value;
export interface Form {
  readonly ascii: boolean;
  readonly sorted: boolean;
  readonly indent: number | undefined;
}
/** A text in quotes. */
export declare function quoted(text: string, ascii: boolean): string;
export declare function dumps(value: Value, form: Form, depth?: number): string;
