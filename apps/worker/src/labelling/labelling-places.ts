import { LabellingBusyError, MaskingBusyError } from '../errors.js';
import { Places } from '../masking/places.js';

/** Who labels waits for an answer, and two of them keep a small machine busy. */
export const labellingPlaces = (): Places => new Places({ atOnce: 2, mostWaiting: 16, waitMs: 10_000 });

/** Answers how to leave again. @throws LabellingBusyError */
export async function enterLabelling(places: Places, signal: AbortSignal): Promise<() => void> {
  try {
    return await places.enter(signal);
  } catch (error) {
    throw error instanceof MaskingBusyError ? new LabellingBusyError() : error;
  }
}
