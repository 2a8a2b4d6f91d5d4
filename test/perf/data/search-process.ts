import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { packRows, quantized, rankVectors, strideOf } from '@argus/datasets';

/** Steps of the search benchmark, each in a process of its own so that its memory can be told. */
const [, , step, path, countText, dimsText] = process.argv as [string, string, string, string, string, string];
const [count, dims] = [Number(countText), Number(dimsText)];
const CHUNK = 20_000;
const QUERIES = 15;
const PAGE = 100;

/** Numbers around 0, the same for the same row. */
function vector(row: number): Float32Array {
  let state = (Math.imul(row + 1, 2_654_435_761) ^ 0x9e3779b9) >>> 0;
  const values = new Float32Array(dims);
  let squares = 0;
  for (let at = 0; at < dims; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const value = (state >>> 8) / 2 ** 24 - 0.5;
    values[at] = value;
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  return values.map((value) => value / length);
}

function digest(row: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32BE(row, 2);
  return bytes;
}

function write(): object {
  writeFileSync(path, '');
  for (let from = 0; from < count; from += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, count - from) }, (_unused, at) => ({ sha256: digest(from + at), ...quantized(vector(from + at)) }));
    appendFileSync(path, packRows(rows, dims));
  }
  return { bytes: statSync(path).size };
}

/** First pages, the second pages behind them, and pages among few of the pictures. */
function rank(): object {
  const beforeBytes = process.memoryUsage.rss();
  const rows = statSync(path).size / strideOf(dims);
  const among = Buffer.concat(Array.from({ length: 20_000 }, (_unused, index) => digest(index * Math.floor(rows / 20_000))));
  const times = { first: [] as number[], next: [] as number[], among: [] as number[] };
  const timed = <Answer>(list: number[], work: () => Answer): Answer => {
    const from = performance.now();
    const answer = work();
    list.push(performance.now() - from);
    return answer;
  };
  for (let query = 0; query < QUERIES; query += 1) {
    const order = { path, dims, rows, query: vector(-2 - query), count: PAGE };
    const first = timed(times.first, () => rankVectors({ ...order, after: null, among: null }));
    timed(times.next, () => rankVectors({ ...order, after: first.at(-1) ?? null, among: null }));
    timed(times.among, () => rankVectors({ ...order, after: null, among }));
  }
  return { ...times, rssBytes: process.resourceUsage().maxRSS * 1024, grownBytes: process.resourceUsage().maxRSS * 1024 - beforeBytes };
}

/** The same question asked by a plain loop over floats in memory, and how many of the best fifty both name. */
function plain(): object {
  const data = new Float32Array(count * dims);
  for (let row = 0; row < count; row += 1) data.set(vector(row), row * dims);
  const times: number[] = [];
  const shared: number[] = [];
  for (let query = 0; query < QUERIES; query += 1) {
    const wanted = vector(-2 - query);
    const from = performance.now();
    const scores = new Float32Array(count);
    for (let row = 0; row < count; row += 1) {
      let sum = 0;
      for (let at = row * dims, other = 0; other < dims; at += 1, other += 1) sum += (data[at] as number) * (wanted[other] as number);
      scores[row] = sum;
    }
    times.push(performance.now() - from);
    const best = new Set([...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number)).slice(0, 50));
    shared.push(rankVectors({ path, dims, rows: count, query: wanted, count: 50, after: null, among: null }).filter(({ row }) => best.has(row)).length / 50);
  }
  return { times, shared };
}

process.stdout.write(JSON.stringify({ write, rank, plain }[step as 'write' | 'rank' | 'plain']()));
