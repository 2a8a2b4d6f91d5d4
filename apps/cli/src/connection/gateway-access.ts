import { type ApiClient, ApiError, createApiClient } from '@argus/api-client';
import { isProcessAlive } from '@argus/kernel';
import { NotRunningError } from '../errors.js';
import { findCliToken } from '../up/cli-token.js';
import { readRunFile, withLiveness } from '../up/run-file.js';

/** Address and key of a gateway. */
export interface GatewayAccess {
  readonly url: string;
  readonly token: string;
}

/**
 * ARGUS_URL with ARGUS_API_KEY where they are set (a gateway elsewhere), else what `argus up` left in the data directory.
 * @throws NotRunningError that says how to start it
 */
export async function findGateway(dataFolder: string, env: NodeJS.ProcessEnv): Promise<GatewayAccess> {
  const { ARGUS_URL: url, ARGUS_API_KEY: key } = env;
  if (url) {
    if (!key) throw new NotRunningError('ARGUS_URL is set but ARGUS_API_KEY is not; make a key in the dashboard under Administration, API keys');
    return { url, token: key };
  }
  const run = await readRunFile(dataFolder);
  const token = key || (await findCliToken(dataFolder));
  const isUp = run !== null && withLiveness(run, isProcessAlive).processes.some((entry) => entry.name === 'supervisor' && entry.state !== 'down');
  if (!isUp || run.url === null || token === null) throw new NotRunningError(`Argus does not run on ${dataFolder}. ${HOW_TO_START}`, { dataFolder });
  return { url: run.url, token };
}

/** A client of that gateway. */
export const clientOf = ({ url, token }: GatewayAccess): ApiClient => createApiClient({ baseUrl: url, token });

/** What the person should read about a failed call. */
export function explainCall(error: ApiError): string {
  if (error.code === 'api.unreachable') return `${error.message}. ${HOW_TO_START}`;
  return [error.message, ...error.fields.map((field) => `  ${field.path}: ${field.message}`)].join('\n');
}

const HOW_TO_START = 'Start it with "npm start" or "npx argus up"; if it runs on other data or another machine, say so with --data DIR, or with ARGUS_URL and ARGUS_API_KEY';
