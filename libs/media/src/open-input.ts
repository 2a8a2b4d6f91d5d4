import type { OfflineReason } from '@argus/contracts';
import { AV_LOG_QUIET, AV_NOPTS_VALUE, AVERROR_STREAM_NOT_FOUND, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { avRescaleQ, Dictionary, FormatContext, Log, type Stream } from 'node-av/lib';
import { explainFailure } from './explain-failure.js';
import { probePicture } from './probe-picture.js';
import { SourceError } from './source-error.js';
import type { SourcePlan } from './sources/source-plan.js';
import { MICROSECONDS } from './timeline.js';
import { codecOf, pickSound, pickVideo, rateOf, type Attempt, type Input } from './video-input.js';

// The native library prints URLs, passwords included, to stderr. What goes wrong comes back as error codes.
Log.setLevel(AV_LOG_QUIET);

/** What another try without the sound would not change. */
const NOT_OF_SOUND: readonly OfflineReason[] = ['unreachable', 'timeout', 'unauthorized'];

/** Opens an input up to a proven picture. Throws SourceError; leaves nothing open then. A camera that does not give its sound is read without. */
export async function openInput(plan: SourcePlan, attempt: Attempt = { givenUp: false, stage: 'connecting' }): Promise<Input> {
  try {
    return await open(plan, attempt);
  } catch (error) {
    const isOfSound = plan.sound === true && plan.kind === 'rtsp' && attempt.stage === 'connecting' && error instanceof SourceError && !NOT_OF_SOUND.includes(error.reason);
    if (!isOfSound || attempt.givenUp) throw error;
    return open({ ...plan, sound: false, options: { ...plan.options, allowed_media_types: 'video' } }, attempt);
  }
}

async function open(plan: SourcePlan, attempt: Attempt): Promise<Input> {
  const context = new FormatContext();
  const options = Dictionary.fromObject(plan.options);
  const startedMs = performance.now();
  const opened = await context.openInput(plan.input, null, options);
  options.free();
  if (opened < 0) throw await explainFailure(plan, opened, performance.now() - startedMs);
  try {
    return plan.kind === 'file' ? await findInFile(plan, context) : await probePicture(plan, context, attempt);
  } catch (error) {
    await context.closeInput();
    throw error;
  }
}

/** Files are finite and at hand: the native analysis is quick and knows most. */
async function findInFile(plan: SourcePlan, context: FormatContext): Promise<Input> {
  const found = await context.findStreamInfo(null);
  if (found < 0) throw await explainFailure(plan, found);
  const stream = pickVideo(context, plan.sound);
  if (stream === null) throw await explainFailure(plan, AVERROR_STREAM_NOT_FOUND);
  const codec = codecOf(plan, stream);
  const { width, height, videoDelay } = stream.codecpar;
  if (width <= 0 || height <= 0) throw new SourceError('corrupt', `${plan.name} holds ${codec}, but no picture could be read from it.`);
  if (plan.startSeconds > 0) await seek(plan, context, stream);
  return { context, stream, sound: plan.sound === true ? pickSound(context) : null, lag: null, codec, picture: { width, height, fps: rateOf(stream.avgFrameRate), reorders: videoDelay > 0 }, backlog: [] };
}

async function seek(plan: SourcePlan, context: FormatContext, stream: Stream): Promise<void> {
  const start = stream.startTime === AV_NOPTS_VALUE ? 0n : stream.startTime;
  const target = start + avRescaleQ(Math.round(plan.startSeconds * 1_000_000), MICROSECONDS, stream.timeBase);
  const code = await context.seekFrame(stream.index, target, AVSEEK_FLAG_BACKWARD);
  if (code < 0) throw new SourceError('unsupported', `${plan.name} cannot be started at ${plan.startSeconds} s.`);
}
