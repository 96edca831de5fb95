/** The flags in force at a place of the expression. */
export interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

/** An expression and a place in it. */
export interface Reader {
  readonly text: string;
  at: number;
  flags: Flags;
  depth: number;
}

// Thrown by the reader and caught at its door, so that no step needs a second kind of answer.
interface Fault {
  readonly fault: string;
}

/** Ends the reading with what is wrong; caught at the door of the parser. */
export function refuse(what: string): never {
  const fault: Fault = { fault: what };
  throw Object.assign(new Error(what), fault);
}
