export { CalendarError, NamePatternError } from './errors.js';
