import { expect, it } from 'vitest';
import { PacketLedger } from './packet-ledger.js';

it('counts a packet when its fate is known: decoded at once, held back, refused, or lost with the connection', () => {
  const ledger = new PacketLedger();
  ledger.add(1, 0);
  expect(ledger).toMatchObject({ received: 1, decoded: 1, skipped: 0 });
  ledger.add(0, 0);
  expect(ledger.received).toBe(1);
  ledger.add(2, 0);
  expect(ledger).toMatchObject({ received: 3, decoded: 3 });
  ledger.add(0, 1);
  expect(ledger).toMatchObject({ received: 4, skipped: 1 });
  ledger.failed();
  ledger.add(0, 1);
  ledger.endOfConnection();
  expect(ledger).toMatchObject({ received: 6, decoded: 3, skipped: 3 });
});

it('takes a decoder that swallows packets without a word for a damaged stream', () => {
  const ledger = new PacketLedger();
  for (let i = 0; i < 100; i += 1) ledger.add(0, 0);
  expect(ledger).toMatchObject({ received: 84, skipped: 84 });
});
