import type { SizePixels } from '@argus/contracts';
import { AV_CODEC_FLAG_QSCALE, AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUV420P, AVCOL_RANGE_JPEG, AVCOL_SPC_BT470BG, FF_QP2LAMBDA } from 'node-av/constants';
import { Codec, CodecContext, Packet, Rational, SoftwareScaleContext, type Frame } from 'node-av/lib';
import { newFrame } from '../cut-frame.js';
import { MediaError } from '../media-error.js';
import { turned, turnOf } from './upright.js';

/** Native: 100 is the coder's finest step, 1 its coarsest; as `encodeJpeg` has it from 96 down. */
const stepOf = (quality: number): number => Math.max(1, Math.min(31, Math.round(2 + ((100 - quality) / 99) * 29) - (quality > 96 ? 1 : 0)));

/**
 * Pictures of any pixel format to JPEG, of exactly the wanted size, odd ones too, upright. Colours are converted to what JPEG files are read as: BT.601, full range.
 * Scaler and coder are kept, since the pictures of a file have one size.
 */
export class JpegEncoder {
  readonly #scaler = scalerWith('bicubic+accurate_rnd+full_chroma_int');
  /** Where nothing is scaled, only range and matrix change: measured at 1920x1080, 2.4 ms in the place of 4.0. */
  readonly #converter = scalerWith('bicubic');
  readonly #quality: number;
  #coder: CodecContext | null = null;
  readonly #packet = new Packet();
  #time = 0n;

  /** @param quality 1 to 100 */
  constructor(quality: number) {
    if (!(quality >= 1 && quality <= 100)) throw new MediaError(`expected a JPEG quality from 1 to 100, got ${quality}`);
    this.#quality = stepOf(quality);
    this.#packet.alloc();
  }

  /** The picture as it will be in the file, before it is coded, to be freed by the caller: what is measured of it is true of the file. `sizeOf` is asked with the upright size. */
  prepare(source: Frame, sizeOf: (upright: SizePixels) => SizePixels): Frame {
    const turn = turnOf(source);
    const wanted = sizeOf(turn?.swaps ? { width: source.height, height: source.width } : { width: source.width, height: source.height });
    const scaled = newFrame(turn?.swaps ? wanted.height : wanted.width, turn?.swaps ? wanted.width : wanted.height, AV_PIX_FMT_YUV420P);
    scaled.colorRange = AVCOL_RANGE_JPEG;
    scaled.colorSpace = AVCOL_SPC_BT470BG;
    scaled.timeBase = new Rational(1, 25);
    const isSameSize = scaled.width === source.width && scaled.height === source.height;
    const result = (isSameSize ? this.#converter : this.#scaler).scaleFrameSync(scaled, source);
    if (result < 0) {
      const { width, height } = scaled;
      scaled.free();
      throw new MediaError(`could not scale a ${source.width}x${source.height} picture to ${width}x${height} (native error ${result})`);
    }
    if (turn === null) return scaled;
    try {
      return turned(scaled, turn);
    } finally {
      scaled.free();
    }
  }

  /** The bytes are the caller's own. */
  encode(prepared: Frame): Uint8Array {
    const coder = this.#coderFor(prepared);
    prepared.pts = this.#time;
    this.#time += 1n;
    prepared.quality = this.#quality * FF_QP2LAMBDA;
    const sent = coder.sendFrameSync(prepared);
    const received = sent < 0 ? sent : coder.receivePacketSync(this.#packet);
    const { data } = this.#packet;
    if (received < 0 || data === null) throw new MediaError(`could not encode a ${prepared.width}x${prepared.height} JPEG (native error ${received})`);
    const bytes = Uint8Array.from(data);
    this.#packet.unref();
    return bytes;
  }

  close(): void {
    this.#coder?.freeContext();
    this.#coder = null;
    this.#packet.free();
    this.#scaler.freeContext();
    this.#converter.freeContext();
  }

  #coderFor({ width, height }: Frame): CodecContext {
    if (this.#coder?.width === width && this.#coder.height === height) return this.#coder;
    this.#coder?.freeContext();
    this.#coder = null;
    const codec = Codec.findEncoder(AV_CODEC_ID_MJPEG);
    if (codec === null) throw new MediaError('expected a JPEG encoder, this build of the native library has none');
    const coder = new CodecContext();
    coder.allocContext3(codec);
    coder.width = width;
    coder.height = height;
    coder.pixelFormat = AV_PIX_FMT_YUV420P;
    coder.colorRange = AVCOL_RANGE_JPEG;
    coder.colorSpace = AVCOL_SPC_BT470BG;
    coder.timeBase = new Rational(1, 25);
    coder.threadCount = 1;
    coder.setFlags(AV_CODEC_FLAG_QSCALE);
    coder.globalQuality = this.#quality * FF_QP2LAMBDA;
    coder.qMin = 1;
    const result = coder.open2Sync(codec, null);
    if (result < 0) {
      coder.freeContext();
      throw new MediaError(`could not open the JPEG encoder for ${width}x${height} (native error ${result})`);
    }
    return (this.#coder = coder);
  }
}

function scalerWith(flags: string): SoftwareScaleContext {
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  scaler.setOption('sws_flags', flags);
  return scaler;
}
