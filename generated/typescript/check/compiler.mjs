/**
 * What the reader needs of a TypeScript compiler: the few parts that the classic API (before TypeScript 7) and the native
 * one have in common. `classic.mts` and `native.mts` are the two ways to get one.
 */
export {};
