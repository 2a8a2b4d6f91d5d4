import { expect, it } from 'vitest';
import { TooManyAttemptsError } from './errors.js';
import { SignInThrottle } from './sign-in-throttle.js';

const waitOf = (work: () => void): number => {
  try {
    work();
    return 0;
  } catch (error) {
    if (error instanceof TooManyAttemptsError) return error.retryAfterSeconds;
    throw error;
  }
};

it('lets five go, then waits 30 s, a minute, two … at most a quarter of an hour', () => {
  let now = 0;
  const throttle = new SignInThrottle(() => now);
  for (let i = 0; i < 5; i += 1) throttle.admit('Ada', 'a');
  const waits: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    const wait = waitOf(() => throttle.admit(' ADA', 'b'));
    waits.push(wait);
    now += wait * 1000;
    throttle.admit('ada', 'b');
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
  expect(waitOf(() => throttle.admit('Bob', 'b'))).toBe(0);
});

it('forgets the name after a success and everything after an hour, and counts addresses', () => {
  let now = 0;
  const throttle = new SignInThrottle(() => now);
  for (let i = 0; i < 4; i += 1) throttle.admit('Ada', 'a');
  throttle.admit('Ada', 'a');
  throttle.succeeded('Ada', 'a');
  throttle.admit('Ada', 'a');
  for (let i = 0; i < 25; i += 1) throttle.admit(`guess ${i}`, 'a');
  expect(waitOf(() => throttle.admit('anybody', 'a'))).toBe(30);
  expect(waitOf(() => throttle.admit('anybody', 'c'))).toBe(0);
  now += 3_600_000;
  expect(waitOf(() => throttle.admit('anybody', 'a'))).toBe(0);
});
