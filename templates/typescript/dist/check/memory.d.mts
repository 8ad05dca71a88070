/** That nothing has moved since a check found nothing: reading all sources takes a compiler seconds. */
/** Names of all sources below a folder, when each was written, and how long it is; with what else counts. */
export declare function stateOf(
  folder: string,
  ...others: readonly string[]
): string;
export declare function isRemembered(folder: string, state: string): boolean;
/** Does nothing where there is no `node_modules`, or it may not be written. */
export declare function remember(folder: string, state: string): void;
