import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { messageOf } from '@argus/kernel';
import { AV_DISPOSITION_ATTACHED_PIC, AV_LOG_QUIET, AVDISCARD_ALL, AVERROR_INVALIDDATA, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { avGetCodecName, Codec, Dictionary, FFmpegError, FormatContext, Log, type Stream } from 'node-av/lib';
import { VideoFileError } from './video-file-error.js';

// What goes wrong comes back as error codes; the native library's own words on stderr are for its makers.
Log.setLevel(AV_LOG_QUIET);

/**
 * Containers of video, by the native library's names. Not: playlists and lists of files (they lead to other files), single pictures, text (there is a reader
 * that makes films of it).
 */
const CONTAINERS = [
  'mov', 'mp4', 'matroska', 'webm', 'avi', 'mpegts', 'mpeg', 'mpegvideo', 'flv', 'asf', 'mxf', 'ogg', 'nut', 'wtv', 'rm', 'gxf', 'dhav', 'ivf', 'live_flv',
  'h264', 'hevc', 'vvc', 'm4v', 'obu', 'av1', 'mjpeg', 'mpjpeg', 'yuv4mpegpipe', 'dv', 'h263', 'h261', 'vc1', 'vc1test', 'swf', 'gif', 'amv',
];

export interface VideoFile {
  readonly path: string;
  readonly context: FormatContext;
  readonly stream: Stream;
  readonly codec: Codec;
  /** Length in seconds; null when the file does not say. */
  readonly seconds: number | null;
}

/** Opens any video file that the native library reads. Throws VideoFileError; the caller closes `context`. */
export async function openVideoFile(path: string): Promise<VideoFile> {
  await requireReadable(path);
  const context = new FormatContext();
  const options = Dictionary.fromObject({ protocol_whitelist: 'file', format_whitelist: CONTAINERS.join(',') });
  const opened = await context.openInput(`file:${path}`, null, options);
  options.free();
  if (opened < 0) throw noVideo(path, opened);
  try {
    const found = await context.findStreamInfo(null);
    if (found < 0) throw noVideo(path, found);
    return { path, context, ...videoIn(path, context), seconds: context.duration > 0n ? Number(context.duration) / 1e6 : null };
  } catch (error) {
    await context.closeInput();
    throw error;
  }
}

function videoIn(path: string, context: FormatContext): Pick<VideoFile, 'stream' | 'codec'> {
  const { streams } = context;
  const stream = streams[context.findBestStream(AVMEDIA_TYPE_VIDEO)];
  // The cover of a piece of music counts as video.
  if (stream === undefined || (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) !== 0) throw new VideoFileError(`${path} has no video in it.`, { path });
  for (const other of streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL;
  const { codecId, width, height } = stream.codecpar;
  const codec = Codec.findDecoder(codecId);
  const name = avGetCodecName(codecId) ?? 'an unknown codec';
  if (codec === null) throw new VideoFileError(`${path} holds ${name}, for which this build of the native library has no decoder.`, { path, codec: name });
  if (width <= 0 || height <= 0) throw new VideoFileError(`${path} holds ${name}, but no picture size could be read from it: the file is damaged or no video.`, { path, codec: name });
  return { stream, codec };
}

async function requireReadable(path: string): Promise<void> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new VideoFileError(`expected a video file at ${path}, there is something else`, { path });
    if (found.size === 0) throw new VideoFileError(`${path} is empty`, { path });
    await access(path, constants.R_OK);
  } catch (error) {
    if (error instanceof VideoFileError) throw error;
    throw new VideoFileError(`${path} cannot be read: ${messageOf(error)}`, { path }, { cause: error });
  }
}

function noVideo(path: string, code: number): VideoFileError {
  const why = code === AVERROR_INVALIDDATA ? 'it is no video, or damaged from its beginning' : FFmpegError.strerror(code);
  return new VideoFileError(`${path} cannot be opened as a video: ${why}`, { path, code });
}
