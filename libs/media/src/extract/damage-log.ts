/** A stretch of a file that could not be read or decoded as it was meant. */
export interface DamagedStretch {
  readonly fromUs: number;
  readonly toUs: number;
  /** Errors in it. */
  readonly count: number;
}

/** Errors that are nearer to each other than this are one stretch. */
const TOGETHER_US = 1_000_000;
/** A file that is nothing but damage is counted on, but no longer written down. */
const MOST_STRETCHES = 1000;
/** More than a decoder holds back. */
const KEYS_KEPT = 64;

/** Where a file is damaged, by media time, and which pictures that spoils: those up to the next key frame may refer to it. */
export class DamageLog {
  count = 0;
  readonly #stretches: { fromUs: number; toUs: number; count: number }[] = [];
  /** Ordinals of key frames that were decoded. */
  readonly #keys: number[] = [];
  readonly #spoiled: { readonly from: number; to: number }[] = [];

  get stretches(): readonly DamagedStretch[] {
    return this.#stretches;
  }

  add(atUs: number): void {
    this.count += 1;
    const last = this.#stretches.at(-1);
    if (last !== undefined && (Math.abs(atUs - last.toUs) <= TOGETHER_US || this.#stretches.length >= MOST_STRETCHES)) {
      last.fromUs = Math.min(last.fromUs, atUs);
      last.toUs = Math.max(last.toUs, atUs);
      last.count += 1;
    } else this.#stretches.push({ fromUs: atUs, toUs: atUs, count: 1 });
  }

  /** The packet with this ordinal could not be decoded as it was meant. */
  spoil(ordinal: number): void {
    if (this.isSpoiled(ordinal)) return;
    this.#spoiled.push({ from: ordinal, to: this.#keys.find((key) => key > ordinal) ?? Number.POSITIVE_INFINITY });
    if (this.#spoiled.length > KEYS_KEPT) this.#spoiled.shift();
  }

  keyFrame(ordinal: number): void {
    this.#keys.push(ordinal);
    if (this.#keys.length > KEYS_KEPT) this.#keys.shift();
    const last = this.#spoiled.at(-1);
    if (last?.to === Number.POSITIVE_INFINITY && ordinal > last.from) last.to = ordinal;
  }

  isSpoiled(ordinal: number): boolean {
    return this.#spoiled.some(({ from, to }) => ordinal >= from && ordinal < to);
  }
}
