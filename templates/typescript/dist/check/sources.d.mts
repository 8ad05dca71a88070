/** What the source of a consumer uses, in the words of the relation. */
import type { Sdk } from "./package.mjs";
import type { Lock } from "./relation.mjs";
/** The uses as JSON. Raises CannotCheck. */
export declare function readUses(source: string, sdk: Sdk): Promise<string>;
/** The texts of the files that a lock speaks of and that are still there, by path, as JSON. */
export declare function lockedSources(lock: Lock): string;
