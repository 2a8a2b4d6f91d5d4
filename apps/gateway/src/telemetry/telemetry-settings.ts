import { z } from 'zod';

/** Where traces go. */
export interface TelemetrySettings {
  /** Address that takes OTLP/HTTP with JSON. */
  readonly endpoint: string;
  /** May hold a secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly resource: Readonly<Record<string, string>>;
  /** Share of pictures that are traced although no event came of them, 0..1. */
  readonly frames: number;
}

const address = z.url({ protocol: /^https?$/, error: 'expected http://host:port' }).optional();
const onlyJson = z.enum(['http/json'], 'expected http/json, the only protocol that Argus speaks; collectors take it on their HTTP port').optional();
/** `key=value,key=value`, values percent-encoded. */
const pairs = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text.split(',').filter((one) => one.trim() !== '').map((one) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(one));
    try {
      if (entries.every((entry) => entry !== null)) return Object.fromEntries(entries.map(([, key = '', value = '']) => [key, decodeURIComponent(value)]));
    } catch {
      // Said below, like a missing "=".
    }
    context.addIssue({ code: 'custom', message: 'expected key=value,key=value with percent-encoded values' });
    return z.NEVER;
  });

/** The standard names of OpenTelemetry, and one of ours. */
export const telemetryEnvironment = {
  OTEL_SDK_DISABLED: z.string().default(''),
  OTEL_TRACES_EXPORTER: z.string().default('otlp'),
  OTEL_EXPORTER_OTLP_ENDPOINT: address,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address,
  OTEL_EXPORTER_OTLP_PROTOCOL: onlyJson,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: onlyJson,
  OTEL_EXPORTER_OTLP_HEADERS: pairs,
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: pairs,
  OTEL_EXPORTER_OTLP_TIMEOUT: z.coerce.number().int().min(1).max(60_000).default(10_000),
  OTEL_RESOURCE_ATTRIBUTES: pairs,
  ARGUS_TRACE_FRAMES: z.coerce.number().min(0).max(1).default(0),
};

/** null: no address is given, or traces are switched off. */
export function telemetrySettingsOf(env: z.output<z.ZodObject<typeof telemetryEnvironment>>): TelemetrySettings | null {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (env.OTEL_EXPORTER_OTLP_ENDPOINT && `${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces`);
  if (!endpoint || env.OTEL_SDK_DISABLED.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER !== 'otlp') return null;
  const headers = { ...env.OTEL_EXPORTER_OTLP_HEADERS, ...env.OTEL_EXPORTER_OTLP_TRACES_HEADERS };
  return { endpoint, headers, timeoutMs: env.OTEL_EXPORTER_OTLP_TIMEOUT, resource: env.OTEL_RESOURCE_ATTRIBUTES, frames: env.ARGUS_TRACE_FRAMES };
}
