/**
 * Decoding times for one group of pictures, from the times of presentation in the order of decoding: they rise, and none is after its
 * picture's. Sources tell none that can be trusted (RTSP has none, a loop or a jump breaks them), and a group's own are as good: the
 * first is the time of its first picture, so that groups follow each other without an offset.
 *
 * A picture may be decoded at the latest when the first of those that follow it is due; pictures that share this moment
 * spread over the time before it.
 */
export function decodeTimes(ptsUs: readonly number[]): readonly number[] {
  if (ptsUs.every((time, index) => index === 0 || time > (ptsUs[index - 1] as number))) return ptsUs;
  const latest = ptsUs.slice();
  for (let index = latest.length - 2; index >= 0; index -= 1) latest[index] = Math.min(latest[index] as number, latest[index + 1] as number);
  const times: number[] = [];
  for (let from = 0; from < latest.length; ) {
    const due = latest[from] as number;
    let to = from + 1;
    while (to < latest.length && latest[to] === due) to += 1;
    // The very first pictures have no time before them to spread over.
    const before = from === 0 ? due - (to - from) : (times[from - 1] as number);
    for (let index = from; index < to; index += 1) times.push(Math.floor(before + ((due - before) * (index - from + 1)) / (to - from)));
    from = to;
  }
  return times;
}
