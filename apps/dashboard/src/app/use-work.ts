import type { WorkActivity } from '@argus/contracts';
import { useEffect } from 'react';
import { useCan } from './account.js';
import { refresh } from './calls.js';
import { client } from './client.js';
import { WorkMeter, type Work } from './work-meter.js';

const REPORT_EVERY_MS = 30_000;
const LEAST_S = 0.1;
const INPUTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'] as const;

interface Layer extends Work {
  /** What lies above is what is worked at; it may be there first. */
  readonly depth: number;
}

const meter = new WorkMeter();
const layers = new Set<Layer>();
let current: Layer | null = null;
let isListening = false;
let isTurning = false;

/** Says what time on this page is for; `null`: none that is measured. `depth`: of a view above another the greater. */
export function useWork(datasetId: string | null, activity: WorkActivity, depth = 0): void {
  const isMeasured = useCan()('dataset.write');
  useEffect(() => {
    if (datasetId === null || !isMeasured) return;
    listen();
    const layer: Layer = { datasetId, activity, depth };
    layers.add(layer);
    turnSoon();
    return () => {
      layers.delete(layer);
      turnSoon();
    };
  }, [datasetId, activity, depth, isMeasured]);
}

/** Once all views of a step are gone and there: from one activity to another of the same set nothing is to be sent. */
function turnSoon(): void {
  if (isTurning) return;
  isTurning = true;
  queueMicrotask(turn);
}

function turn(): void {
  isTurning = false;
  const next = [...layers].reduce<Layer | null>((top, layer) => (top === null || layer.depth >= top.depth ? layer : top), null);
  const nowMs = performance.now();
  // A report is of one set. Where there is none to send, one of nothing says that time begins to run.
  if (next?.datasetId !== current?.datasetId && !report() && next) send(next.datasetId, meter.take(nowMs));
  current = next;
  meter.turnTo(next, nowMs);
}

/** What cannot be sent is lost: it is half a minute, and to keep it would make the next report look too long. */
function report(): boolean {
  const seconds = meter.take(performance.now());
  // Who leaves a page leaves it twice, once hidden and once for good.
  if (current === null || Object.values(seconds).reduce((sum, one) => sum + one, 0) < LEAST_S) return false;
  send(current.datasetId, seconds);
  return true;
}

function send(datasetId: string, seconds: Record<WorkActivity, number>): void {
  const url = client.url('reportWork', { params: { id: datasetId }, body: { seconds } });
  // It outlives the page; and nobody is to be told when it fails.
  fetch(url, { method: 'POST', keepalive: true, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ seconds }) }).then(() => refresh(['getDatasetTime']), () => undefined);
}

function listen(): void {
  if (isListening) return;
  isListening = true;
  meter.see(document.visibilityState === 'visible', performance.now());
  const onInput = () => meter.input(performance.now());
  for (const name of INPUTS) window.addEventListener(name, onInput, { capture: true, passive: true });
  document.addEventListener('visibilitychange', () => {
    const isSeen = document.visibilityState === 'visible';
    if (!isSeen) report();
    meter.see(isSeen, performance.now());
  });
  window.addEventListener('pagehide', report);
  setInterval(report, REPORT_EVERY_MS);
}
