import { AV_CODEC_ID_H264, AV_PIX_FMT_BGR24, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { Codec, CodecContext, Dictionary, FormatContext, Frame, Packet, SoftwareScaleContext } from 'node-av/lib';
import type { DecodeCounts, DecodeOrder } from './raw-side.ts';

/**
 * The least that decodes and scales: the FFmpeg libraries in a loop, one thread, every object used again, nothing done with the
 * pictures. One argument: the order as JSON. Answers every message with its counts.
 */
const order = JSON.parse(process.argv[2] ?? '') as DecodeOrder;
const counts: DecodeCounts = { received: 0, decoded: 0, scaled: 0 };

process.on('message', () => process.send?.(counts));
process.on('disconnect', () => process.exit(0));
for (const url of order.urls) void follow(url).then(() => fail(`${url} ended`), fail);

async function follow(url: string): Promise<void> {
  const input = new FormatContext();
  const opened = await input.openInput(url, null, Dictionary.fromObject({ rtsp_transport: 'tcp', allowed_media_types: 'video', timeout: '10000000' }));
  if (opened < 0 || (await input.findStreamInfo(null)) < 0) throw new Error(`could not open ${url} (${opened})`);
  const stream = input.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO);
  const codec = Codec.findDecoder(AV_CODEC_ID_H264);
  if (stream === undefined || codec === null) throw new Error(`no H.264 in ${url}`);
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.parametersToContext(stream.codecpar);
  decoder.threadCount = 1;
  if (decoder.open2Sync(codec, null) < 0) throw new Error('could not open the decoder');

  const packet = new Packet();
  packet.alloc();
  const frame = new Frame();
  frame.alloc();
  const scale = scaler();
  const wanted = new Share(order.scaleShare);
  const pick = new GroupShare(order.decodeShare);
  while ((await input.readFrame(packet)) >= 0) {
    counts.received += 1;
    if (pick.wants(packet.isKeyframe) && decoder.sendPacketSync(packet) >= 0) {
      while (decoder.receiveFrameSync(frame) >= 0) {
        counts.decoded += 1;
        if (wanted.next()) scale(frame);
        frame.unref();
      }
    }
    packet.unref();
  }
}

function scaler(): (frame: Frame) => void {
  const context = new SoftwareScaleContext();
  context.allocContext();
  context.setOption('sws_flags', 'bilinear');
  const output = new Frame();
  output.alloc();
  output.width = order.width;
  output.height = order.height;
  output.format = AV_PIX_FMT_BGR24;
  if (output.getBuffer(0) < 0) throw new Error('no memory for a picture');
  return (frame) => {
    if (context.scaleFrameSync(output, frame) >= 0) counts.scaled += 1;
  };
}

/** True for this share of its calls, evenly. */
class Share {
  #sum = 0;
  readonly #share: number;

  constructor(share: number) {
    this.#share = share;
  }

  next(): boolean {
    this.#sum += this.#share;
    if (this.#sum < 1) return false;
    this.#sum -= 1;
    return true;
  }
}

/** The beginning of every group of pictures, at least its key frame; as much as the share wants on average. */
class GroupShare {
  #budget = 0;
  #left = 0;
  readonly #share: number;

  constructor(share: number) {
    this.#share = share;
  }

  wants(key: boolean): boolean {
    if (key) {
      this.#budget += this.#share * order.groupPictures;
      this.#left = Math.max(1, Math.round(this.#budget));
      this.#budget -= this.#left;
    }
    this.#left -= 1;
    return this.#left >= 0;
  }
}

function fail(reason: unknown): void {
  process.stderr.write(`raw decoding: ${String(reason)}\n`);
  process.exit(1);
}
