import type { TuneConfiguration } from '@argus/contracts';

/** Sessions that were never without work. */
export interface Saturation {
  readonly picturesPerSecond: number;
  /** Time of a run of a full batch, without the wait before it. */
  readonly runMsP50: number;
  readonly runMsP95: number;
}

export interface OfferedLoad {
  readonly picturesPerSecond: number;
  readonly spanMs: number;
  /** Of the pattern of arrivals. */
  readonly seed: number;
  /** When the oldest picture has waited for so long the rest is not sent. */
  readonly giveUpMs: number;
}

/** A rate at which pictures came, and how long they took. */
export interface ServedLoad {
  readonly pictures: number;
  /** From arrival to answer; infinite when pictures were refused, lost or given up. */
  readonly latencyMsP95: number;
}

/** Where a configuration is measured. Both reject with ModelUnavailableError when its sessions cannot be had. */
export interface Bench {
  saturate(configuration: TuneConfiguration, spanMs: number): Promise<Saturation>;
  /** An open loop: pictures come whether or not anybody has time for them. */
  offer(configuration: TuneConfiguration, load: OfferedLoad): Promise<ServedLoad>;
}
