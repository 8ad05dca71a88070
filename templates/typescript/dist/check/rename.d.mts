/**
 * What a rename in a backend renames in one TypeScript consumer, found by TypeScript's language service.
 *
 * `schemagen rename` runs it with node: a `Request` on stdin, an `Answer` on stdout. It writes no file, and it is not
 * part of any SDK. It needs a TypeScript with the classic API (before 7): see `languageService`.
 */
export interface Request {
  /** Absolute paths: the project, the consumer in it, and folders whose files are nobody's to edit. */
  readonly root: string;
  readonly consumer: string;
  readonly generated: readonly string[];
  /** The SDK's npm package, and the folder of its `.d.ts` files as they were generated: what is installed may be older. */
  readonly package: string;
  readonly sdk: string;
  readonly names: readonly Declared[];
  readonly tables: readonly {
    readonly old: string;
    readonly new: string;
  }[];
  /** What a text may say that means the old thing: `contacts.list`, `fullName`. */
  readonly texts: readonly string[];
}
/** A declaration of the SDK: a type, or a type and its member. */
export interface Declared {
  readonly file: "api" | "types";
  readonly path: readonly string[];
  readonly to: string;
}
export interface Doubt {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly why: string;
}
export type Answer =
  | {
      readonly ok: true;
      readonly texts: Readonly<Record<string, Changed>>;
      readonly doubts: readonly Doubt[];
    }
  | {
      readonly ok: false;
      readonly message: string;
      readonly why: string;
      readonly fix: string;
    };
export interface Changed {
  readonly before: string;
  readonly after: string;
}
/** Answers one request; what stands in the way of it is an answer, too. */
export declare function answer(request: Request): Answer;
