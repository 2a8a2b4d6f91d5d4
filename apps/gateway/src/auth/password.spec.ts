import { expect, it } from 'vitest';
import { hashPassword, isPassword } from './password.js';

it('knows a password again, however it was typed, and no other', async () => {
  const stored = await hashPassword('Ångström 密码');
  expect(stored).toMatch(/^scrypt\$32768\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
  expect(await isPassword('A\u030Angstro\u0308m 密码', stored)).toBe(true);
  expect(await isPassword('Ångström 密碼', stored)).toBe(false);
  expect(await hashPassword('Ångström 密码')).not.toBe(stored);
});

it('reads older parameters, and matches nobody', async () => {
  const weaker = 'scrypt$1024$8$1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  expect(await isPassword('x', weaker)).toBe(false);
  expect(await isPassword('x', null)).toBe(false);
  expect(await isPassword('x', 'plain')).toBe(false);
});
