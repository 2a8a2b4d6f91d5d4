import type { TextKey } from '../../i18n/en.js';

/** Everything that a key of the page does. */
export type TimelineAction =
  | 'toggle'
  | 'forwards'
  | 'backwards'
  | 'back5'
  | 'ahead5'
  | 'back60'
  | 'ahead60'
  | 'stepBack'
  | 'stepAhead'
  | 'nextEvent'
  | 'previousEvent'
  | 'nextFootage'
  | 'previousFootage'
  | 'zoomIn'
  | 'zoomOut'
  | 'wholeDay'
  | 'nextDay'
  | 'previousDay'
  | 'selectFrom'
  | 'selectTo'
  /** Begins a range, then ends it: for fingers. */
  | 'mark'
  | 'clear'
  | 'boxes'
  | 'snapshot';

/** Names of keys as tinykeys reads them. J, K, L as in film cutting; comma and dot as in video players. */
export const TIMELINE_KEYS: Readonly<Record<string, TimelineAction>> = {
  Space: 'toggle',
  k: 'toggle',
  l: 'forwards',
  j: 'backwards',
  ArrowLeft: 'back5',
  ArrowRight: 'ahead5',
  'Shift+ArrowLeft': 'back60',
  'Shift+ArrowRight': 'ahead60',
  ',': 'stepBack',
  '.': 'stepAhead',
  n: 'nextEvent',
  p: 'previousEvent',
  'Shift+N': 'nextFootage',
  'Shift+P': 'previousFootage',
  '+': 'zoomIn',
  'Shift++': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
  d: 'wholeDay',
  '[': 'previousDay',
  ']': 'nextDay',
  i: 'selectFrom',
  o: 'selectTo',
  Escape: 'clear',
  b: 'boxes',
  'Shift+S': 'snapshot',
};

/** For the window that lists all keys. */
export const TIMELINE_HELP: readonly (readonly [keys: string, text: TextKey])[] = [
  ['Space k', 'keys.play'],
  ['j l', 'keys.shuttle'],
  [', .', 'keys.step'],
  ['← →', 'keys.seek'],
  ['Shift ← →', 'keys.seekFar'],
  ['p n', 'keys.eventJump'],
  ['Shift P N', 'keys.footageJump'],
  ['+ - d', 'keys.zoom'],
  ['[ ]', 'keys.day'],
  ['i o', 'keys.range'],
  ['b', 'keys.boxes'],
  ['Shift S', 'keys.snapshot'],
];
