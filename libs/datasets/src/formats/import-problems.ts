/** One thing in a foreign set that could not be read. The rest was. */
export interface ImportProblem {
  readonly file: string;
  /** Line, element or field. */
  readonly at: string;
  /** What was expected and what was found. */
  readonly message: string;
}

/** Collects what went wrong; all are counted, the first are kept. */
export class ImportProblems {
  readonly #most: number;
  readonly #list: ImportProblem[] = [];
  #count = 0;

  constructor(most = 1_000) {
    this.#most = most;
  }

  get list(): readonly ImportProblem[] {
    return this.#list;
  }

  get count(): number {
    return this.#count;
  }

  add(file: string, at: string, message: string): void {
    this.#count += 1;
    if (this.#list.length < this.#most) this.#list.push({ file, at, message });
  }
}

export interface ReadOptions {
  /** Filled while reading. */
  readonly problems?: ImportProblems;
}

/** A value as it is shown in a message: short. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
