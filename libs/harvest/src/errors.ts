import { ArgusError } from '@argus/kernel';

/** A name pattern that cannot be used. */
export class NamePatternError extends ArgusError {
  readonly code = 'harvest.name-pattern';
}

/** A calendar that cannot be followed: no such zone, no such date. */
export class CalendarError extends ArgusError {
  readonly code = 'harvest.calendar';
}
