import type { Attribute, Route } from '@argus/contracts';
import type { Answer } from './answer.js';

type ModelVersion = Attribute['model'];

/** A settled attribute that is looked at again changes only when this many fresh votes say so: one bad picture is not news. */
const FRESH_VOTES = 2;
/** Votes of poor crops still count for something, else a far object would never get an attribute. */
const LEAST_WEIGHT = 0.05;

/** The votes over one track for one route. */
export class Ballot {
  readonly #weights = new Map<string, number>();
  #total = 0;
  #votes = 0;
  #settledUs: number | null = null;
  #shown: Attribute | null = null;

  constructor(private readonly route: Route) {}

  get settled(): boolean {
    return this.#settledUs !== null;
  }

  get votes(): number {
    return this.#votes;
  }

  /** The attribute as it stands; null before the first vote. */
  get attribute(): Attribute | null {
    return this.#shown;
  }

  /** Media time from which a settled vote wants another look; null: never, or not settled. */
  get refreshAtUs(): number | null {
    const { refreshSeconds } = this.route;
    return this.#settledUs === null || refreshSeconds === null ? null : this.#settledUs + refreshSeconds * 1e6;
  }

  vote(answer: Answer, model: ModelVersion, ptsUs: number): void {
    const best = answer.candidates[0];
    if (!best) return;
    if (this.settled) return this.#lookAgain(best.label, answer, model, ptsUs);
    this.#count(answer);
    this.#settle(model, ptsUs);
  }

  /** A second look that agrees renews the settlement; one that does not opens a fresh vote. */
  #lookAgain(label: string, answer: Answer, model: ModelVersion, ptsUs: number): void {
    if (label === this.#shown?.label) {
      this.#settledUs = ptsUs;
      return;
    }
    this.#weights.clear();
    this.#total = this.#votes = 0;
    this.#settledUs = null;
    this.#count(answer);
    if (this.#shown) this.#shown = { ...this.#shown, settled: false };
    this.#settle(model, ptsUs);
  }

  #count(answer: Answer): void {
    const weight = Math.max(LEAST_WEIGHT, answer.quality);
    for (const { label, score } of answer.candidates) this.#weights.set(label, (this.#weights.get(label) ?? 0) + weight * score);
    this.#total += weight * answer.candidates.reduce((sum, { score }) => sum + score, 0);
    this.#votes += 1;
  }

  #settle(model: ModelVersion, ptsUs: number): void {
    const ranked = [...this.#weights].map(([label, weight]) => ({ label, score: this.#total > 0 ? Math.min(1, weight / this.#total) : 0 })).sort((a, b) => b.score - a.score);
    const [leader, ...candidates] = ranked;
    if (!leader) return;
    const { settleVotes, settleShare, maxVotes } = this.route;
    const sure = this.#votes >= settleVotes && leader.score >= settleShare;
    if (sure || this.#votes >= maxVotes) this.#settledUs = ptsUs;
    const replaces = !this.#shown || this.settled || this.#shown.label === leader.label || this.#votes >= Math.min(FRESH_VOTES, settleVotes);
    if (replaces) this.#shown = { ...leader, candidates: candidates.slice(0, 4), model, settled: this.settled };
  }
}
