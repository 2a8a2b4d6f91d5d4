/** One thing that the doctor looked at. `missing` stops Argus; `advice` costs a feature or speed. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'advice' | 'missing';
  /** What is there, in words. */
  readonly found: string;
  /** What to do about it; null when nothing is to be done. */
  readonly remedy: string | null;
}

export const ok = (name: string, found: string): Finding => ({ name, state: 'ok', found, remedy: null });
export const advice = (name: string, found: string, remedy: string): Finding => ({ name, state: 'advice', found, remedy });
export const missing = (name: string, found: string, remedy: string): Finding => ({ name, state: 'missing', found, remedy });
