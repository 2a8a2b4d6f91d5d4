import type { Page } from 'playwright-core';

/**
 * Seconds that an action takes a person, by the keystroke-level model (Card, Moran and Newell, 1980): a look that decides 1.35, a key 0.28, two pressed together twice that, and a box two corners that are
 * pointed at (1.1 each), with the button pressed and released (0.1 each). So a script is weighed by what it does, and not by how busy the machine is.
 */
const SECONDS_OF = { look: 1.35, key: 0.28, chord: 0.56, box: 2.4 } as const;
export type HandAction = keyof typeof SECONDS_OF;

/** The script is four times as quick as a person: before each action it waits a quarter of what that takes. */
const PACE = 0.25;

/** Does what a person would, and keeps count. */
export class ScriptedHand {
  readonly #done: HandAction[] = [];
  waitedS = 0;

  constructor(private readonly page: Page) {}

  async do(what: HandAction, action: () => Promise<unknown> = async () => undefined): Promise<void> {
    this.#done.push(what);
    await this.page.waitForTimeout(1000 * PACE * SECONDS_OF[what]);
    this.waitedS += PACE * SECONDS_OF[what];
    await action();
  }

  press(key: string): Promise<void> {
    return this.do(key.includes('+') ? 'chord' : 'key', () => this.page.keyboard.press(key));
  }

  /** Counted, but not done. */
  charge(...what: readonly HandAction[]): void {
    this.#done.push(...what);
  }

  /** Keys and boxes, each one; looks are none. */
  get actions(): number {
    return this.#done.filter((one) => one !== 'look').length;
  }

  get seconds(): number {
    return this.#done.reduce((sum, one) => sum + SECONDS_OF[one], 0);
  }
}
