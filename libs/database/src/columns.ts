import { Column, type ColumnOptions } from 'typeorm';

/** Wall time with the milliseconds that the wire format carries: what is written is what is read back. */
export const MomentColumn = (options: ColumnOptions = {}): PropertyDecorator => Column({ type: 'timestamptz', precision: 3, ...options });

/** pg gives bigint as text; all of ours (media time in microseconds, counters) stay far below 2^53. */
export const BigIntColumn = (options: ColumnOptions = {}): PropertyDecorator =>
  Column({ type: 'bigint', transformer: { to: (value: number | null) => value, from: (value: string | null) => (value === null ? null : Number(value)) }, ...options });
