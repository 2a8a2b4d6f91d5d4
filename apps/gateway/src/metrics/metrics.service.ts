import type { CameraId } from '@argus/contracts';
import { messageOf, type Logger } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { sees, type Principal } from '../auth/principal.js';
import { CameraRepository } from '../cameras/camera.repository.js';
import { Engine } from '../engine/engine.js';
import { SystemService } from '../system/system.service.js';
import { SpanExporter } from '../telemetry/span-exporter.js';
import { LOGGER } from '../tokens.js';
import { addCamera } from './camera-metrics.js';
import { addCompute } from './compute-metrics.js';
import { Measurements } from './measurements.js';
import { MetricsText, type MetricsFormat } from './metrics-text.js';
import { addCollections, addGateway, addPlatform } from './platform-metrics.js';

interface NamedCamera {
  readonly id: CameraId;
  readonly name: string;
  readonly enabled: boolean;
}

/** Everything that the gateway knows at this moment, as text for Prometheus; of cameras those that the caller may see. */
@Injectable()
export class MetricsService {
  /** As last read: a scrape while the database is away still shows the cameras, which go on running. */
  #cameras: readonly NamedCamera[] = [];

  constructor(
    private readonly system: SystemService,
    private readonly cameras: CameraRepository,
    private readonly engine: Engine,
    private readonly measurements: Measurements,
    private readonly spans: SpanExporter,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async scrape(caller: Principal, format: MetricsFormat): Promise<string> {
    const text = new MetricsText();
    await addGateway(text, this.measurements);
    text.add('argus_database_up', await this.#addRows(text, caller));
    const { state } = this.engine;
    addCompute(text, state.status, state.compute);
    for (const camera of this.#cameras) {
      if (sees(caller, camera.id)) addCamera(text, { id: camera.id, name: camera.name, state: state.stateOf(camera), stats: state.statsOf(camera.id) });
    }
    text.add('argus_event_intake_waiting', this.engine.waiting);
    for (const [outcome, count] of Object.entries(this.spans.counts)) text.add('argus_trace_spans_total', count, { outcome });
    return text.render(format);
  }

  /** False: the database did not answer. */
  async #addRows(text: MetricsText, caller: Principal): Promise<boolean> {
    try {
      const [status, cameras, collections] = await Promise.all([this.system.status(caller), this.cameras.listAll(null), this.system.sampleCollections()]);
      addPlatform(text, status);
      addCollections(text, collections);
      this.#cameras = cameras.map(({ id, name, enabled }) => ({ id, name, enabled }));
      return true;
    } catch (error) {
      this.log.warn('a scrape of the metrics goes without the database', { error: messageOf(error) });
      return false;
    }
  }
}
