import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { choosePort } from './port.js';

/** Real: sockets on loopback. */
it('stays out of the range of outgoing connections', async () => {
  for (const random of [0, 0.5, 0.999_999]) {
    const port = await choosePort(null, () => random + Math.random() * 1e-6 * (random < 0.9 ? 1 : 0));
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_000);
  }
});

it('waits for the preferred port while it is taken for a moment', async () => {
  const preferred = await choosePort(null);
  const holder = createServer().listen(preferred, '127.0.0.1');
  await once(holder, 'listening');
  setTimeout(() => holder.close(), 300);
  expect(await choosePort(preferred)).toBe(preferred);
});
