/** How a picture is looked at: `scale` 1 shows it whole, `x` and `y` (0..1 of the picture) are in the middle. The same for pictures of any size. */
export interface ZoomView {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const WHOLE: ZoomView = { scale: 1, x: 0.5, y: 0.5 };
const NEAREST = 40;

const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** What is beyond the edges is not shown as long as the picture is larger than its frame. */
function held({ scale, x, y }: ZoomView): ZoomView {
  const margin = 0.5 / scale;
  return { scale, x: within(x, margin, 1 - margin), y: within(y, margin, 1 - margin) };
}

/** Nearer or farther by a factor; the point at `dx`, `dy` from the middle (in widths and heights of the whole picture as it is shown at scale 1) stays where it is. */
export function zoomAt(view: ZoomView, factor: number, dx: number, dy: number): ZoomView {
  const scale = within(view.scale * factor, 1, NEAREST);
  const shift = 1 / view.scale - 1 / scale;
  return held({ scale, x: view.x + dx * shift, y: view.y + dy * shift });
}

/** Moved by `dx`, `dy` in the same measure. */
export const panBy = (view: ZoomView, dx: number, dy: number): ZoomView => held({ ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale });
