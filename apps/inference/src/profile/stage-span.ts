/** What a picture goes through, in order. `classify` runs beside what follows it. */
export const STAGES = ['decode', 'gate', 'scale', 'queue', 'batch', 'inference', 'post', 'track', 'classify', 'publish'] as const;
export type Stage = (typeof STAGES)[number];

export type SpanArguments = Readonly<Record<string, string | number>>;

/** Time that one picture spent in one stage, in milliseconds of the machine's clock (`machineMs`). */
export interface StageSpan {
  readonly stage: Stage;
  readonly startMs: number;
  readonly endMs: number;
  readonly args?: SpanArguments;
}

/** Takes spans as stages finish. Stages hold a sink only while somebody records, so that nobody pays otherwise. */
export interface ProfileSink {
  span(stage: Stage, startMs: number, endMs: number, args?: SpanArguments): void;
}
