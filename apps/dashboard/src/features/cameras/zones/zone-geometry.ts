import type { PointNormalized } from '@argus/contracts';

const cross = (o: PointNormalized, a: PointNormalized, b: PointNormalized) => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
const opposite = (a: number, b: number) => (a > 0 && b < 0) || (a < 0 && b > 0);

/** Do two edges of the closed polygon cross? Then inside and outside are not what the eye expects. */
export function crossesItself(points: readonly PointNormalized[]): boolean {
  const edges = points.map((point, index) => [point, points[(index + 1) % points.length] as PointNormalized] as const);
  return edges.some(([a, b], i) => edges.slice(i + 1).some(([c, d]) => opposite(cross(a, b, c), cross(a, b, d)) && opposite(cross(c, d, a), cross(c, d, b))));
}

/**
 * The arrow of `left-to-right` over a line: standing at a and looking at b, from the left hand to the right hand.
 * `aspect` is the picture's width over its height; the arrow is square to the line as seen, a tenth of the height each way.
 */
export function leftToRightArrow(a: PointNormalized, b: PointNormalized, aspect: number): { from: PointNormalized; to: PointNormalized } {
  const [dx, dy] = [(b.x - a.x) * aspect, b.y - a.y];
  const length = Math.hypot(dx, dy) || 1;
  const [rightX, rightY] = [(-dy / length / aspect) * 0.1, (dx / length) * 0.1];
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  return { from: { x: middle.x - rightX, y: middle.y - rightY }, to: { x: middle.x + rightX, y: middle.y + rightY } };
}
