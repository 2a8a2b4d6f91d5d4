import { delimiter, dirname, join } from 'node:path';
import { CHECKOUT, entryOf } from '../checkout.js';
import { cliTokenPath } from './cli-token.js';
import { nodeService } from './node-service.js';
import { runFilePath } from './run-file.js';
import type { ServiceStep } from './supervisor.js';

export interface ProductSettings {
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  readonly engineSocket: string;
  /** Shared secret of gateway and inference, new for every start. */
  readonly engineToken: string;
  /** Secret of the one-time sign-in link. */
  readonly setUpToken: string;
  /** Absolute path of the demo's cameras and rules; null: no demo. */
  readonly demoFile: string | null;
  /** Set: this database is used; null: the step named postgres says its address. */
  readonly databaseUrl: string | null;
  readonly env: NodeJS.ProcessEnv;
  /** Where a service's output goes. */
  readonly outputOf: (service: string) => (chunk: Buffer) => void;
}

/** Secrets that only one service needs and none inherits. */
const PRIVATE = ['DATABASE_URL', 'REDIS_URL', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'ARGUS_API_KEY', 'ARGUS_S3_ACCESS_KEY', 'ARGUS_S3_SECRET_KEY', 'ARGUS_ENGINE_TOKEN', 'ARGUS_SETUP_TOKEN', 'ARGUS_STOP_WITH_PARENT', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE'];

/** What each is given of them. */
const FOR_GATEWAY = ['REDIS_URL', 'ARGUS_S3_ACCESS_KEY', 'ARGUS_S3_SECRET_KEY', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'];
const FOR_WORKER = ['REDIS_URL', 'ARGUS_S3_ACCESS_KEY', 'ARGUS_S3_SECRET_KEY'];

/** Gateway, then inference, then the worker, with the environment of the process model. */
export function productSteps(settings: ProductSettings): ServiceStep[] {
  return [
    (details) => service('gateway', settings, () => ({ ...gatewayEnvironment(settings), DATABASE_URL: databaseUrl(settings, details) })),
    () => service('inference', settings, () => inferenceEnvironment(settings)),
    (details) => service('worker', settings, () => ({ ...given(settings, FOR_WORKER), ARGUS_WORKER_SOCKET: workerSocket(settings), ARGUS_WORKER_PLACE: 'home', DATABASE_URL: databaseUrl(settings, details) })),
  ];
}

const databaseUrl = (settings: ProductSettings, details: Parameters<ServiceStep>[0]): string => settings.databaseUrl ?? String(details.get('postgres')?.['url']);

/** Beside the engine's, whose path is short enough for one. */
const workerSocket = ({ engineSocket }: ProductSettings): string => join(dirname(engineSocket), 'worker.sock');

const given = ({ env }: ProductSettings, names: readonly string[]): NodeJS.ProcessEnv => Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));

function service(name: 'gateway' | 'inference' | 'worker', settings: ProductSettings, own: () => NodeJS.ProcessEnv) {
  const inherited = Object.fromEntries(Object.entries(settings.env).filter(([key]) => !PRIVATE.includes(key)));
  const env = () => ({ ...inherited, ARGUS_DATA: settings.dataFolder, ARGUS_MODELS_DIRS: modelFolders(settings.dataFolder), ARGUS_FILE_ROOTS: fileRoots(settings.env), ...own() });
  return nodeService({ name, script: entryOf(name), env, cwd: CHECKOUT, output: settings.outputOf(name) });
}

const modelFolders = (dataFolder: string): string => [join(CHECKOUT, 'libs/models/packages'), join(dataFolder, 'models')].join(delimiter);

/** Where `file://` cameras may be read; the gateway checks first, the engine again with links resolved. */
const fileRoots = (env: NodeJS.ProcessEnv): string => [join(CHECKOUT, 'demo'), env['ARGUS_FILE_ROOTS'] ?? ''].filter((path) => path !== '').join(delimiter);

function gatewayEnvironment(settings: ProductSettings): NodeJS.ProcessEnv {
  return {
    ARGUS_HOST: settings.host,
    ARGUS_PORT: String(settings.port),
    ARGUS_ENGINE_SOCKET: settings.engineSocket,
    ARGUS_WORKER_SOCKET: workerSocket(settings),
    ARGUS_ENGINE_TOKEN: settings.engineToken,
    ARGUS_SETUP_TOKEN: settings.setUpToken,
    ARGUS_CLI_TOKEN_FILE: cliTokenPath(settings.dataFolder),
    ARGUS_RUN_FILE: runFilePath(settings.dataFolder),
    ARGUS_BLOBS_DIR: join(settings.dataFolder, 'blobs'),
    ARGUS_DASHBOARD_DIR: join(CHECKOUT, 'apps/dashboard/dist'),
    ...(settings.demoFile === null ? {} : { ARGUS_DEMO_FILE: settings.demoFile }),
    ...given(settings, FOR_GATEWAY),
  };
}

function inferenceEnvironment(settings: ProductSettings): NodeJS.ProcessEnv {
  return {
    ARGUS_ENGINE_SOCKET: settings.engineSocket,
    ARGUS_ENGINE_TOKEN: settings.engineToken,
    ARGUS_BLOBS_DIR: join(settings.dataFolder, 'blobs'),
    ARGUS_JOURNAL_DIR: join(settings.dataFolder, 'journal'),
  };
}
