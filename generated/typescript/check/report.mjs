/** The uses that were found, as they are printed. */
/** In place of an argument: any of them. */
export const ANY = "*";
const TEXT_MAX = 60;
/** Takes down uses in one file. */
export class Report {
  #uses = new Map();
  #file = "";
  #text = "";
  #lines = [];
  #program;
  #sdk;
  constructor(program, sdk) {
    this.#program = program;
    this.#sdk = sdk;
  }
  get uses() {
    return [...this.#uses.values()];
  }
  begin(file, text) {
    this.#file = file;
    this.#text = text;
    this.#lines = lineStarts(text);
  }
  add(what, node) {
    const use = { ...what, file: this.#file, ...this.#place(node.getStart()) };
    this.#uses.set(JSON.stringify(use), use);
  }
  /** The functions, arguments, fields and types that a symbol is declared as. */
  addSymbol(symbol, node) {
    for (const { key } of symbol ? this.#program.declarations(symbol) : []) {
      const path = this.#sdk.functions.get(key);
      if (path !== undefined) this.add({ function: path }, node);
      const field = this.#sdk.fields.get(key);
      if (field) this.add({ ...field }, node);
      const argument = this.#sdk.arguments.get(key);
      if (argument) this.add({ ...argument }, node);
      const type = this.#sdk.types.get(key);
      if (type !== undefined) this.add({ type }, node);
    }
  }
  /** How a reader of the report finds the node again: its text, on one line and not too long. */
  words(node) {
    const text = node.getText().replace(/\s+/g, " ");
    return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1)}…` : text;
  }
  #place(position) {
    let low = 0;
    let high = this.#lines.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle] ?? 0) <= position) low = middle;
      else high = middle;
    }
    // characters, not the halves of those beyond the first 65,536
    return {
      line: low + 1,
      column: [...this.#text.slice(this.#lines[low], position)].length + 1,
    };
  }
}
export function lineStarts(text) {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g))
    starts.push(match.index + match[0].length);
  return starts;
}
