import { describe, expect, it } from 'vitest';
import { TIMELINE_HELP, TIMELINE_KEYS } from './timeline-keys.js';

describe('keys of the timeline', () => {
  it('are those of film cutters', () => {
    expect([TIMELINE_KEYS['j'], TIMELINE_KEYS['k'], TIMELINE_KEYS['l'], TIMELINE_KEYS['i'], TIMELINE_KEYS['o']]).toEqual(['backwards', 'toggle', 'forwards', 'selectFrom', 'selectTo']);
  });

  it('leave the keys of every page alone', () => {
    for (const key of ['g', '?', 'Shift+?', '/', 'a', 'u']) expect(TIMELINE_KEYS).not.toHaveProperty([key]);
    // After g a letter goes to a page, and must not do something here on its way: saving a file, say.
    for (const letter of ['e', 't', 'c', 'r', 'w', 's', 'a']) expect(TIMELINE_KEYS).not.toHaveProperty([letter]);
  });

  it('are told in the window of keys', () => {
    const told = TIMELINE_HELP.map(([keys]) => keys).join(' ');
    for (const key of ['Space', 'k', 'j', 'l', ',', '.', 'p', 'n', '+', '-', 'd', '[', ']', 'i', 'o', 'b']) expect(told.split(' ')).toContain(key);
  });
});
