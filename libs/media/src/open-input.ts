import { AV_LOG_QUIET, AV_NOPTS_VALUE, AVERROR_STREAM_NOT_FOUND, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { avRescaleQ, Dictionary, FormatContext, Log, type Stream } from 'node-av/lib';
import { explainFailure } from './explain-failure.js';
import { probePicture } from './probe-picture.js';
import { SourceError } from './source-error.js';
import type { SourcePlan } from './sources/source-plan.js';
import { MICROSECONDS } from './timeline.js';
import { codecOf, pickVideo, rateOf, type Attempt, type Input } from './video-input.js';

// The native library prints URLs, passwords included, to stderr. What goes wrong comes back as error codes.
Log.setLevel(AV_LOG_QUIET);

/** Opens an input up to a proven picture. Throws SourceError; leaves nothing open then. */
export async function openInput(plan: SourcePlan, attempt: Attempt = { givenUp: false, stage: 'connecting' }): Promise<Input> {
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
  const stream = pickVideo(context);
  if (stream === null) throw await explainFailure(plan, AVERROR_STREAM_NOT_FOUND);
  const codec = codecOf(plan, stream);
  const { width, height, videoDelay } = stream.codecpar;
  if (width <= 0 || height <= 0) throw new SourceError('corrupt', `${plan.name} holds ${codec}, but no picture could be read from it.`);
  if (plan.startSeconds > 0) await seek(plan, context, stream);
  return { context, stream, codec, picture: { width, height, fps: rateOf(stream.avgFrameRate), reorders: videoDelay > 0 }, backlog: [] };
}

async function seek(plan: SourcePlan, context: FormatContext, stream: Stream): Promise<void> {
  const start = stream.startTime === AV_NOPTS_VALUE ? 0n : stream.startTime;
  const target = start + avRescaleQ(Math.round(plan.startSeconds * 1_000_000), MICROSECONDS, stream.timeBase);
  const code = await context.seekFrame(stream.index, target, AVSEEK_FLAG_BACKWARD);
  if (code < 0) throw new SourceError('unsupported', `${plan.name} cannot be started at ${plan.startSeconds} s.`);
}
