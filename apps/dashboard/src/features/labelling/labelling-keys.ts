import type { TextKey } from '../../i18n/en.js';

export type LabellingAction = 'toggle' | 'stepBack' | 'stepAhead' | 'back' | 'ahead' | 'forward' | 'backward' | 'end' | 'remove' | 'next' | 'clear' | 'send' | 'sendMany' | 'undo' | 'previousCamera' | 'nextCamera';

/** Names of keys as tinykeys reads them. Digits choose labels. */
export const LABELLING_KEYS: Readonly<Record<string, LabellingAction>> = {
  Space: 'toggle',
  k: 'toggle',
  ArrowLeft: 'stepBack',
  ArrowRight: 'stepAhead',
  'Shift+ArrowLeft': 'back',
  'Shift+ArrowRight': 'ahead',
  t: 'forward',
  'Shift+T': 'backward',
  Delete: 'end',
  'Shift+Delete': 'remove',
  n: 'next',
  Escape: 'clear',
  'Control+Enter': 'send',
  'Control+Shift+Enter': 'sendMany',
  u: 'undo',
  '[': 'previousCamera',
  ']': 'nextCamera',
};

/** For the window that lists all keys. */
export const LABELLING_HELP: readonly (readonly [keys: string, text: TextKey])[] = [
  ['Space', 'keys.play'],
  ['← →', 'keys.step'],
  ['Shift ← →', 'labelling.keys.second'],
  ['1 … 9', 'labelling.keys.label'],
  ['T', 'labelling.keys.forward'],
  ['Shift T', 'labelling.keys.backward'],
  ['Delete', 'labelling.keys.end'],
  ['Shift Delete', 'labelling.keys.remove'],
  ['n', 'labelling.keys.next'],
  ['Esc', 'labelling.keys.clear'],
  ['Ctrl Enter', 'labelling.keys.send'],
  ['Ctrl Shift Enter', 'labelling.keys.sendMany'],
  ['u', 'labelling.keys.undo'],
  ['[ ]', 'labelling.keys.camera'],
];
