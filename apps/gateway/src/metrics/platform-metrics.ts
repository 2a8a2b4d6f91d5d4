import { readdir } from 'node:fs/promises';
import type { SystemStatus } from '@argus/contracts';
import type { SampleCollections } from '../datasets/sample-storage.js';
import { VERSION } from '../version.js';
import { timestamp } from './camera-metrics.js';
import type { Measurements } from './measurements.js';
import type { MetricsText } from './metrics-text.js';

/** What stands in rows and in the supervisor's file. */
export function addPlatform(text: MetricsText, { outbox, processes }: Pick<SystemStatus, 'outbox' | 'processes'>): void {
  text.add('argus_outbox_pending', outbox.pending);
  text.add('argus_outbox_dead', outbox.dead);
  text.add('argus_outbox_oldest_pending_timestamp_seconds', timestamp(outbox.oldestPendingAt));
  for (const { name, state, restarts } of processes) {
    text.add('argus_process_up', state === 'up', { process: name });
    text.add('argus_process_restarts_total', restarts, { process: name });
  }
}

/** What was freed of pictures that no sample set and no version uses. */
export function addCollections(text: MetricsText, { pictures, bytes, lastAt, isBroken }: SampleCollections): void {
  text.add('argus_sample_pictures_collected_total', pictures);
  text.add('argus_sample_bytes_collected_total', bytes);
  text.add('argus_sample_collection_last_timestamp_seconds', lastAt === null ? null : lastAt.getTime() / 1000);
  text.add('argus_sample_collection_broken', isBroken);
}

/** What this process measured of itself. */
export async function addGateway(text: MetricsText, measurements: Measurements): Promise<void> {
  text.add('argus_info', 1, { version: VERSION });
  for (const [state, count] of Object.entries(measurements.revisions)) text.add('argus_events_committed_total', count, { state });
  text.addHistogram('argus_event_commit_seconds', measurements.commits);
  for (const [outcome, histogram] of Object.entries(measurements.attempts)) text.addHistogram('argus_webhook_attempt_seconds', histogram, { outcome });
  text.addHistogram('argus_webhook_delivery_seconds', measurements.deliveries);
  for (const { method, route, status, seconds } of measurements.requests.values()) text.addHistogram('argus_http_request_seconds', seconds, { method, route, status });
  text.add('argus_event_loop_delay_p99_seconds', measurements.loopDelayMsP99 / 1000, { process: 'gateway' });
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  text.add('process_cpu_seconds_total', (user + system) / 1e6);
  text.add('process_resident_memory_bytes', rss);
  text.add('process_start_time_seconds', performance.timeOrigin / 1000);
  text.add('process_open_fds', await openFiles());
  text.add('nodejs_heap_size_used_bytes', heapUsed);
}

/** null where the system does not list them. */
const openFiles = (): Promise<number | null> => readdir('/proc/self/fd').then((entries) => entries.length, () => null);
