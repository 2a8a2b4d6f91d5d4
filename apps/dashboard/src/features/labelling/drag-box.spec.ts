import { expect, it } from 'vitest';
import { dragged } from './drag-box.js';

const PICTURE = { width: 100, height: 50 };
const BOX = { x: 10, y: 10, width: 20, height: 20 };

it.each([
  ['a new box, from any corner', { kind: 'new' }, [40, 30], [20, 5], { x: 20, y: 5, width: 20, height: 25 }],
  ['a new box over the edge', { kind: 'new' }, [90, 40], [150, 90], { x: 90, y: 40, width: 10, height: 10 }],
  ['moved', { kind: 'move' }, [15, 15], [25, 20], { x: 20, y: 15, width: 20, height: 20 }],
  ['moved against the edge', { kind: 'move' }, [15, 15], [-90, 90], { x: 0, y: 30, width: 20, height: 20 }],
  ['a corner', { kind: 'edge', over: 1, down: 1 }, [30, 30], [40, 35], { x: 10, y: 10, width: 30, height: 25 }],
  ['an edge over the other', { kind: 'edge', over: -1, down: 0 }, [10, 20], [45, 20], { x: 30, y: 10, width: 15, height: 20 }],
] as const)('%s', (_name, grip, [fromX, fromY], [toX, toY], wanted) => {
  expect(dragged(BOX, grip, { x: fromX, y: fromY }, { x: toX, y: toY }, PICTURE)).toEqual(wanted);
});
