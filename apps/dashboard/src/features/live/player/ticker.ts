type Tick = (nowMs: number) => void;

const ticks = new Set<Tick>();
let running = false;

/** One animation frame for all tiles. Returns a function that ends it for this tile. */
export function onEachFrame(tick: Tick): () => void {
  ticks.add(tick);
  if (!running) {
    running = true;
    requestAnimationFrame(run);
  }
  return () => ticks.delete(tick);
}

function run(): void {
  if (ticks.size === 0) {
    running = false;
    return;
  }
  const nowMs = performance.now();
  for (const tick of ticks) tick(nowMs);
  requestAnimationFrame(run);
}
