import type { AddressInfo, Server } from 'node:net';
import { CameraEntity, RuleEntity, openDatabase, openSecretBox } from '@argus/database';
import { systemClock, type Clock, type Logger } from '@argus/kernel';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import { appModule } from './app.module.js';
import { CliToken } from './auth/cli-token.js';
import { CamerasService } from './cameras/cameras.service.js';
import { importDemo } from './demo/import-demo.js';
import { serveDashboard } from './http/dashboard-files.js';
import { PortTakenError } from './http/errors.js';
import { serveDocumentation } from './http/openapi.js';
import { securityHeaders } from './http/security-headers.js';
import { measureRequests } from './metrics/measure-requests.js';
import { Measurements } from './metrics/measurements.js';
import { RulesService } from './rules/rules.service.js';
import type { Settings } from './settings.js';
import { SpanExporter } from './telemetry/span-exporter.js';

/** Cameras with all their zones, or a rule for thousands of cameras, stay well below it. */
const LARGEST_BODY = '1mb';

export interface Gateway {
  readonly url: string;
  readonly app: NestExpressApplication;
  /** Finishes what is running, then lets go of socket, queue and database. */
  stop(): Promise<void>;
}

export interface GatewayOptions {
  readonly log: Logger;
  readonly clock?: Clock;
}

/** Everything in order: database, secrets, application, demo, port. Rejects with the first that fails. */
export async function startGateway(settings: Settings, { log, clock = systemClock }: GatewayOptions): Promise<Gateway> {
  const secrets = await openSecretBox(settings.keyFile);
  const cliToken = new CliToken(settings.cliTokenFile, log);
  await cliToken.load();
  const dataSource = await openDatabase(settings.databaseUrl);
  const [measurements, spans] = [new Measurements(), new SpanExporter(settings.telemetry, log)];
  const letGo = async () => {
    measurements.close();
    await spans.close();
    await dataSource.destroy();
  };
  try {
    const module = appModule({ settings, dataSource, secrets, cliToken, measurements, spans, clock, log });
    const app = await NestFactory.create<NestExpressApplication>(module, { logger: false, abortOnError: false, bodyParser: false });
    prepareHttp(app, settings, measurements);
    if (settings.demoFile) await makeDemo(settings.demoFile, app, log);
    await listen(app, settings);
    return { url: urlOf(app, settings.host), app, stop: () => app.close().then(letGo) };
  } catch (error) {
    await letGo();
    throw error;
  }
}

function prepareHttp(app: NestExpressApplication, settings: Settings, measurements: Measurements): void {
  // A proxy on the same machine may say who the client is and that it came by HTTPS; nobody else may.
  app.set('trust proxy', 'loopback');
  app.disable('x-powered-by');
  app.use(measureRequests(measurements));
  app.use(securityHeaders);
  app.useBodyParser('json', { limit: LARGEST_BODY });
  serveDocumentation(app);
  if (settings.dashboardDir) serveDashboard(app, settings.dashboardDir);
}

async function makeDemo(file: string, app: NestExpressApplication, log: Logger): Promise<void> {
  const [cameras, rules] = [app.get(CamerasService), app.get(RulesService)];
  const count = await importDemo(file, {
    hasCameras: () => app.get(DataSource).getRepository(CameraEntity).existsBy({}),
    hasRules: () => app.get(DataSource).getRepository(RuleEntity).existsBy({}),
    createCamera: (settings, by) => cameras.create(settings, by),
    createRule: (settings, by) => rules.create(settings, by),
  });
  if (count > 0) log.info('demo cameras were added', { cameras: count });
}

async function listen(app: NestExpressApplication, { host, port }: Settings): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? new PortTakenError(host, port) : error;
  }
}

function urlOf(app: NestExpressApplication, host: string): string {
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
