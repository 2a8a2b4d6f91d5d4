import { SOURCE_SCHEMES, type SourceScheme } from '@argus/contracts';
import { DemuxedSource } from '../demuxed-source.js';
import type { MediaSource, SourceOptions } from '../media-source.js';
import { SourceError } from '../source-error.js';
import { planFile } from './file.js';
import { planHttp } from './http.js';
import { planRtmp } from './rtmp.js';
import { planRtsp } from './rtsp.js';
import type { SourcePlan, TimeOuts } from './source-plan.js';

/**
 * Opens a camera or clip by its URL's scheme: rtsp(s), rtmp, http(s), file. Throws SourceError with the reason; its message is
 * a sentence for people without credentials.
 */
export async function openSource(url: string, options: SourceOptions = {}): Promise<MediaSource> {
  const timeOuts = { connectTimeoutMs: options.connectTimeoutMs ?? 10_000, readTimeoutMs: options.readTimeoutMs ?? 3000 };
  const plan = await planOf(parseUrl(url), timeOuts, options.fileRoots ?? []);
  return DemuxedSource.open(options.sound === true ? withSound(plan) : plan, timeOuts.connectTimeoutMs, options.signal);
}

/** RTSP sends what is asked for, the others send all that there is. */
const withSound = (plan: SourcePlan): SourcePlan => ({ ...plan, sound: true, options: plan.kind === 'rtsp' ? { ...plan.options, allowed_media_types: 'video+audio' } : plan.options });

function planOf(url: URL, timeOuts: TimeOuts, fileRoots: readonly string[]): SourcePlan | Promise<SourcePlan> {
  switch (schemeOf(url)) {
    case 'rtsp':
    case 'rtsps':
      return planRtsp(url, timeOuts);
    case 'rtmp':
      return planRtmp(url, timeOuts);
    case 'http':
    case 'https':
      return planHttp(url, timeOuts);
    case 'file':
      return planFile(url, fileRoots);
  }
}

function parseUrl(url: string): URL {
  const parsed = URL.parse(url);
  if (parsed === null) throw new SourceError('forbidden-url', 'The address is not a URL. Expected something like rtsp://user:password@192.0.2.10/stream1.');
  return parsed;
}

function schemeOf(url: URL): SourceScheme {
  const scheme = SOURCE_SCHEMES.find((known) => `${known}:` === url.protocol);
  if (scheme === undefined) throw new SourceError('forbidden-url', `Addresses that begin with ${url.protocol}// cannot be opened. Expected ${SOURCE_SCHEMES.join(', ')}.`);
  return scheme;
}
