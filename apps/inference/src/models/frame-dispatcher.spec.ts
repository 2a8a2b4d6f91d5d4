import type { CameraId } from '@argus/contracts';
import { newId, systemClock } from '@argus/kernel';
import { Mailbox } from '@argus/pipeline';
import { expect, it } from 'vitest';
import { FrameDispatcher } from './frame-dispatcher.js';

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

it('keeps one frame of a camera under way, in order, and shares workers among cameras', async () => {
  const lane = { room: 2, expectedMsFor: () => 0 };
  const begun: string[] = [];
  const finish: (() => void)[] = [];
  const dispatcher = new FrameDispatcher<string>(
    lane,
    (_id, item) => {
      lane.room -= 1;
      begun.push(item);
      return new Promise((resolve) =>
        finish.push(() => {
          lane.room += 1;
          resolve();
        }),
      );
    },
    systemClock,
  );
  const [a, b] = [newId<CameraId>(), newId<CameraId>()];
  const boxes = [new Mailbox<string>({ onDrop: () => undefined }), new Mailbox<string>({ onDrop: () => undefined })] as const;
  dispatcher.join(a, boxes[0]);
  dispatcher.join(b, boxes[1]);
  boxes[0].offer('a1', systemClock.monotonicMs());
  dispatcher.poke();
  boxes[0].offer('a2', systemClock.monotonicMs());
  dispatcher.poke();
  expect(begun).toEqual(['a1']);
  boxes[1].offer('b1', systemClock.monotonicMs());
  dispatcher.poke();
  expect(begun).toEqual(['a1', 'b1']);
  finish[0]?.();
  await turn();
  expect(begun).toEqual(['a1', 'b1', 'a2']);
  dispatcher.leave(b);
  boxes[1].offer('b2', systemClock.monotonicMs());
  finish[1]?.();
  await turn();
  expect(begun).toEqual(['a1', 'b1', 'a2']);
});

it('begins no picture that would be late when all of its tiles are done, and the same one where it is looked at in one run', () => {
  const now = systemClock.monotonicMs();
  const fateOf = (cost: number): string => {
    let fate = 'waits';
    const mailbox = new Mailbox<string>({ staleMs: 1000, onDrop: (_item, cause) => (fate = cause) });
    const lane = { room: 1, expectedMsFor: (pictures: number) => 100 * pictures };
    const process = async (): Promise<void> => {
      lane.room = 0;
      fate = 'begun';
    };
    const dispatcher = new FrameDispatcher<string>(lane, process, { ...systemClock, monotonicMs: () => now });
    dispatcher.join(newId<CameraId>(), mailbox, { cost });
    mailbox.offer('picture', now - 500);
    dispatcher.poke();
    return fate;
  };
  expect([1, 5, 6].map(fateOf)).toEqual(['begun', 'begun', 'stale']);
});
