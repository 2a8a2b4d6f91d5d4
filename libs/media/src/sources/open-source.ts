import type { SourceScheme } from '@argus/contracts';
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
  const parsed = parseUrl(url);
  const plan = await plannerOf(parsed)(parsed, timeOuts, options.fileRoots ?? []);
  return DemuxedSource.open(options.sound === true ? withSound(plan) : plan, timeOuts.connectTimeoutMs, options.signal);
}

/** RTSP sends what is asked for, the others send all that there is. */
const withSound = (plan: SourcePlan): SourcePlan => ({ ...plan, sound: true, options: plan.kind === 'rtsp' ? { ...plan.options, allowed_media_types: 'video+audio' } : plan.options });

type Planner = (url: URL, timeOuts: TimeOuts, fileRoots: readonly string[]) => SourcePlan | Promise<SourcePlan>;

/** Every scheme of the contracts; their package itself takes a tenth of a second to load, which processes that only read files do without. */
const PLANNERS: Readonly<Record<SourceScheme, Planner>> = {
  rtsp: planRtsp,
  rtsps: planRtsp,
  rtmp: planRtmp,
  http: planHttp,
  https: planHttp,
  file: (url, _timeOuts, fileRoots) => planFile(url, fileRoots),
};

function parseUrl(url: string): URL {
  const parsed = URL.parse(url);
  if (parsed === null) throw new SourceError('forbidden-url', 'The address is not a URL. Expected something like rtsp://user:password@192.0.2.10/stream1.');
  return parsed;
}

function plannerOf({ protocol }: URL): Planner {
  const schemes = Object.keys(PLANNERS) as SourceScheme[];
  const scheme = schemes.find((known) => `${known}:` === protocol);
  if (scheme === undefined) throw new SourceError('forbidden-url', `Addresses that begin with ${protocol}// cannot be opened. Expected ${schemes.join(', ')}.`);
  return PLANNERS[scheme];
}
