import { SKIP_CAUSES } from '@argus/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PacketLedger } from './packet-ledger.js';

it('counts a packet when its fate is known: decoded at once, held back, refused, or lost with the connection', () => {
  const ledger = new PacketLedger();
  ledger.add(1, 0, 0);
  expect(ledger).toMatchObject({ received: 1, decoded: 1 });
  ledger.add(0, 0, 0);
  expect(ledger.received).toBe(1);
  ledger.add(2, 0, 0);
  expect(ledger).toMatchObject({ received: 3, decoded: 3 });
  ledger.add(0, 1, 0);
  ledger.add(0, 0, 1);
  expect(ledger).toMatchObject({ received: 5, skipped: { damaged: 1, 'key-wait': 1 } });
  ledger.failed();
  ledger.add(0, 0, 0);
  ledger.dropHeld();
  expect(ledger).toMatchObject({ received: 7, decoded: 3, skipped: { damaged: 3 } });
});

it('takes a decoder that swallows packets without a word for a damaged stream', () => {
  const ledger = new PacketLedger();
  for (let i = 0; i < 100; i += 1) ledger.add(0, 0, 0);
  expect(ledger).toMatchObject({ received: 84, skipped: { damaged: 84 } });
});

it('makes up for what was counted as skipped and looked at after all, without ever counting back', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('skip', 'again'), { maxLength: 200 }), (steps) => {
      const ledger = new PacketLedger();
      let [skipped, again] = [0, 0];
      for (const step of steps) {
        const before = { decoded: ledger.decoded, idle: ledger.skipped.idle };
        if (step === 'skip') {
          ledger.skip('idle');
          skipped += 1;
        } else if (again < skipped) {
          ledger.madeUpFor();
          again += 1;
        }
        expect(ledger.decoded).toBeGreaterThanOrEqual(before.decoded);
        expect(ledger.skipped.idle).toBeGreaterThanOrEqual(before.idle);
        expect(ledger.received).toBe(ledger.decoded + SKIP_CAUSES.reduce((sum, cause) => sum + ledger.skipped[cause], 0));
      }
      for (let i = 0; i < again; i += 1) ledger.skip('idle');
      // Every packet once: those looked at after all as decoded, the others as skipped.
      expect([ledger.decoded, ledger.skipped.idle]).toEqual([again, skipped]);
    }),
  );
});
