import { describe, expect, it } from 'vitest';
import { timeHere } from './time-here.js';

const NOW = Date.parse('2026-11-28T12:00:00Z');

describe('timeHere', () => {
  it.each([
    ['02:00', 'UTC', 'Asia/Shanghai', '10:00'],
    ['02:00', 'Asia/Shanghai', 'Europe/Berlin', '19:00'],
    ['02:00', 'UTC', 'UTC', null],
    ['', 'UTC', 'Asia/Shanghai', null],
    ['02:00', 'Asia/Shang', 'UTC', null],
  ])('%s in %s is in %s %s', (at, zone, here, text) => expect(timeHere(at, zone, NOW, here)).toBe(text));
});
