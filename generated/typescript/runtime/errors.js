/** Errors a call may end in: those of the backend (`kind: "app"`), and those of everything in between. */
/** Every error that a call rejects with. */
export class SchemagenError extends Error {
  kind;
  /** An application error's own name (`quota_exceeded`), or the kind in snake_case and, where it helps, closer. */
  code;
  /** The fields of an application error. */
  data;
  /** What is wrong with the arguments; only for `invalidArguments`. */
  issues;
  /** The number under which the server's log has the whole story; only for `internal`. */
  errorId;
  constructor(error, data = error.data) {
    super(
      error.message +
        (error.issues ?? [])
          .map((issue) => `\n  ${issue.path.join(".")}: ${issue.message}`)
          .join(""),
    );
    this.kind = error.kind;
    this.code = error.code;
    this.data = data;
    this.issues = error.issues ?? [];
    this.errorId = error.errorId;
  }
}
SchemagenError.prototype.name = "SchemagenError";
/** The function has changed since this application was built, so that it no longer fits: the application must be updated. */
export class ContractMismatch extends SchemagenError {
  constructor(error) {
    super(error);
    Object.assign(this, error.data);
  }
}
ContractMismatch.prototype.name = "ContractMismatch";
/** Whether `error` is one that the backend raised; then `error.code` tells which, and `error.data` has its fields. */
export function isAppError(error) {
  return error instanceof SchemagenError && error.kind === "app";
}
/** An error as it came, its fields decoded. */
export function callError(error, codecs) {
  const { kind, code, data } = error;
  if (kind === "contractMismatch") return new ContractMismatch(error);
  return new SchemagenError(
    error,
    codecs ? codecs.decodeError(code, data) : data,
  );
}
/** An error of our own making: the server was not reached, or did not answer. */
export function unavailable(code, message) {
  return new SchemagenError({ kind: "unavailable", code, message });
}
