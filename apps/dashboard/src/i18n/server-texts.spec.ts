import { globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';
import { serverWords } from './server-words.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Whose texts pages show: in errors, in jobs and runs, beside fields. */
const AREAS = [
  'apps/gateway/src/{auth,dataset-jobs,datasets,exports,harvest,http,labelling,learn-guide,uploads,worker}/**/*.ts',
  'apps/gateway/src/{cameras,engine,pipelines,profiles,recordings,rules,tuning,users,webhooks}/**/*.ts',
  'apps/worker/src/**/*.ts',
  'libs/{datasets,harvest}/src/**/*.ts',
  'libs/footage/src/footage-{file,disk}-error.ts',
  'libs/media/src/{extract,still}/*.ts',
  'libs/storage/src/{video-folders,remote/remote-store-error}.ts',
  'libs/api-client/src/api-error.ts',
  'libs/contracts/src/{ids,geometry,learn/*,data/export,wire/{datasets,picture-search}}.ts',
];

/** Files whose texts no page shows, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'apps/worker/src/extract': 'the command line `argus extract`',
  'apps/gateway/src/engine/engine-socket.ts': 'for the engine',
  'apps/gateway/src/pipelines/pipeline-warnings.ts': 'warnings, which have words by their code (warning-text.ts)',
  'apps/gateway/src/recordings/recordings-health.ts': 'warnings, which have words by their code (warning-text.ts)',
  'apps/gateway/src/recordings/retention-rows.ts': 'SQL',
  'apps/gateway/src/recordings/room-maker.ts': 'the log',
  'apps/gateway/src/webhooks/delivery-store.ts': 'SQL',
  'apps/gateway/src/http/openapi.ts': 'the reference of the interface, for programmers',
  'apps/worker/src/settings.ts': 'printed at the start',
  'libs/datasets/src/files/zip-sink.ts': 'how what was begun differs; the page says that it does',
  'libs/datasets/src/package/made-samples.ts': 'made for measurements',
  'libs/datasets/src/package/zip-writer.ts': 'how what was begun differs; the page says that it does',
  'libs/datasets/src/store/tar.ts': 'faults of ours',
  'libs/media/src/extract/picture-choice.ts': 'faults of ours',
  'libs/media/src/still/crop-still.ts': 'faults of ours',
  'libs/media/src/still/warp-still.ts': 'faults of ours',
};

/** Texts that no page shows, and why. */
const UNSHOWN: Readonly<Record<string, string>> = {
  'the model "7" is not installed': 'a warning, which has words by its code',
  'this machine has no device 7': 'a warning, which has words by its code',
  'the device 7 cannot be used now: 7': 'a warning, which has words by its code',
  'expected a transaction with a query runner': 'a fault of ours',
  'Test delivery of the webhook "7"': 'for who receives it',
  'set-up from 7': 'the user agent of a session',
  'argus command': 'the name of who works on the command line',
  'cookie, authorization': 'a header',
  'the request has no response to set a cookie on': 'a fault of ours',
  '7.7 takes @Caller() on a public route': 'a fault of ours',
  'a problem document': 'what an answer was to be; the page says that it was not understood',
  'a route of the catalogue': 'a fault of ours',
  'an upload without somebody who asks': 'a fault of ours',
  'port 7 on 7 is taken by another program; choose another with ARGUS_PORT': 'printed at the start',
  'revision 7': 'what an archive is of, compared and never told',
  'version 7': 'what an archive is of, compared and never told',
  'jobs on sample sets': 'the log',
  'nothing is known of 7': 'between gateway and worker',
  'nobody took anything of a film for 7 s': 'the log',
  'set "7"': 'where a fault of ours is',
  'argus, base': 'a mark in files of Pascal VOC',
  'argus imgmat 1\n7': 'what a digest is made of',
  'argus imgdataset 1': 'what a digest is made of',
  'argus sealed sha256:7': 'a mark in files',
  'person on vehicle': 'a class of MOT',
  'non motorized vehicle': 'a class of MOT',
  'static person': 'a class of MOT',
  'occluder on the ground': 'a class of MOT',
  'occluder full': 'a class of MOT',
  'owner of shards: "7" is taken by the collection of garbage; expected another name': 'a fault of ours',
  'owner of shards: expected letters, digits, ".", "_" and "-", got "7"': 'a fault of ours',
  'expected a JPEG quality from 1 to 100, got 7': 'a fault of ours',
  'shard: expected owner/number, got "7"': 'a fault of ours',
};

/** Texts that are put together of others, each of which is looked at by itself. */
const COMPOSED = new Set(['7: 7; found 7', '7 7 bytes packed into 7; more than 7 to 1 is taken for a bomb', '7: 7byte 7: 7', '7: line 7: 7', '7: the entry "7" 7', '7: the entry "7" 7; expected a relative name with "/" that stays inside', 'brings the archive to', '7 could not be 7: 7', 'expected 7', 'expected 7, found 7', 'another kind: scene cuts are looked for in video files only', 'frames, seconds, keyframes or scenes: of video files nobody knows what moved or was seen', 'samples: expected each once, in the order of their digests; 7 (7) 7', '7: the privacy masks that the camera had when this was exported are burnt in7', '7: the camera has or had privacy masks; this is the original, without them7', '7 (software, 7 threads7)']);

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}
interface Told {
  readonly text: string;
  readonly at: string;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Faults of ours: they end in the log, and the page says "an unexpected failure"; or a claim that another worker has now, which nobody is told. */
const INTERNAL = /^(Type|Range|Settings|\w*ClaimLost)Error$/;
const LOGS = /\blog\.(debug|info|warn|error)$|\.write$|\.query$|setHeader$/;
/** Not words: SQL, XML, Node's own. */
const CODE = /\b(SELECT|INSERT|FROM|WHERE|NULLS?|ELSE|AND|NOT|DISTINCT|EXISTS|READ)\b|coalesce\(|\]\s*<=|^\s*<[^>]+>|<\/|s\.seq|created_by|max-age|progress =|::/;

function calleeOf(node: Node): string {
  const name = (one: unknown): string => (!isNode(one) ? '' : one.type === 'MemberExpression' ? `${name(one['object'])}.${name(one['property'])}` : String(one['name'] ?? ''));
  return name(node['callee']);
}

/** Each text that an expression can be: both sides of a choice; `7` stands for what nobody knows here. */
function textsOf(node: unknown): string[] {
  if (!isNode(node)) return ['7'];
  if (node.type === 'Literal' && typeof node['value'] === 'string') return [node['value']];
  if (node.type === 'ConditionalExpression') return [...textsOf(node['consequent']), ...textsOf(node['alternate'])];
  if (node.type === 'LogicalExpression' && node['operator'] !== '&&') return [...new Set(['7', ...textsOf(node['right'])])];
  if (node.type === 'ParenthesizedExpression') return textsOf(node['expression']);
  if (node.type === 'CallExpression' && calleeOf(node) === 'JSON.stringify') return ['"7"'];
  if (node.type !== 'TemplateLiteral') return ['7'];
  const quasis = node['quasis'] as { readonly value: { readonly cooked: string } }[];
  return (node['expressions'] as unknown[]).reduce<string[]>((made, one, index) => textsOf(one).flatMap((value) => made.map((text) => text + value + (quasis[index + 1]?.value.cooked ?? ''))), [quasis[0]?.value.cooked ?? '']);
}

function toldIn(file: string): Told[] {
  const source = readFileSync(file, 'utf8');
  const told: Told[] = [];
  const add = (node: Node): void => {
    const at = `${relative(ROOT, file)}:${source.slice(0, node['start'] as number).split('\n').length}`;
    for (const text of textsOf(node)) if (/[a-z]{2,},? [a-z\d"]/i.test(text) && !CODE.test(text)) told.push({ text: text.trimEnd(), at });
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isNode(value)) return;
    const { type } = value;
    if (/^(Import|Export(Named|All)|TS.*(Type|Interface)|TaggedTemplate)/.test(type) && !value['declaration']) return;
    if (type === 'CallExpression' && LOGS.test(calleeOf(value))) return;
    if (type === 'NewExpression' && INTERNAL.test(calleeOf(value))) return;
    if (type === 'ClassDeclaration' && isNode(value['id']) && INTERNAL.test(String(value['id']['name']))) return;
    // Titles of statuses: the page has a title by the code.
    if (type === 'VariableDeclarator' && isNode(value['id']) && value['id']['name'] === 'TITLES') return;
    if (type === 'Property' && isNode(value['key']) && /^(summary|description|title|evidence)$/.test(String(value['key']['name']))) return;
    if (type === 'Literal') return typeof value['value'] === 'string' ? add(value) : undefined;
    if (type === 'TemplateLiteral') return add(value);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(parseSync(file, source, { lang: 'ts' }).program);
  return told;
}

const files = AREAS.flatMap((area) => globSync(area, { cwd: ROOT }))
  .filter((file) => !/\.(spec|medium|d)\.ts$/.test(file) && !Object.keys(ELSEWHERE).some((beginning) => file.startsWith(beginning)))
  .sort();
const all = files.flatMap((file) => toldIn(`${ROOT}${file}`));
const told = all.filter(({ text }) => !(text in UNSHOWN) && !COMPOSED.has(text));

/** Two words of English in a row that are no name. */
const isEnglish = (zh: string): boolean => /\b[a-z]{2,},? [a-z]{2,}\b/.test(zh.replace(/CVAT for \w+|\[x, y, width, height\]/, ''));

describe('what the server says on pages', () => {
  it('is found', () => expect(told.length).toBeGreaterThan(300));

  it('is all there that is left out', () => {
    const texts = new Set(all.map(({ text }) => text));
    expect([...Object.keys(UNSHOWN), ...COMPOSED].filter((text) => !texts.has(text))).toEqual([]);
  });

  it('has words in Chinese', () => expect(told.filter(({ text }) => serverWords(text, 'zh') === text).map(({ at, text }) => `${at} ${text}`)).toEqual([]));

  it('leaves no English in them', () => expect(told.map(({ text }) => serverWords(text, 'zh')).filter(isEnglish)).toEqual([]));
});
