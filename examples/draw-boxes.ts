/**
 * @title Read an .imgdataset and draw its boxes
 * @title:zh 读取 .imgdataset 并绘制标注框
 * @summary Opens an exported package without any server, and writes each picture with its boxes and labels as an SVG that every browser shows.
 * @summary:zh 无需服务器即可打开导出的样本集包，把每张图片连同标注框和类别写成任何浏览器都能显示的 SVG。
 * @keywords imgdataset, boxes, annotations, draw, SVG, offline, 标注, 画框, 样本集, 离线
 * @needs nothing but a file: argus dataset export SET --format imgdataset --out set.imgdataset
 * @run node examples/draw-boxes.ts set.imgdataset ./drawn
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataset } from '@argus/datasets';

const [file, folder = './drawn'] = process.argv.slice(2);
if (file === undefined) throw new Error('expected the path of an .imgdataset');
const COLOURS = ['#e6550d', '#3182bd', '#31a354', '#756bb1', '#dd1c77', '#d9a300'];
const colours = new Map<string, string>();
const colourOf = (label: string): string => colours.get(label) ?? (colours.set(label, COLOURS[colours.size % COLOURS.length] as string), colourOf(label));
const escaped = (text: string): string => text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

await mkdir(folder, { recursive: true });
const set = await openDataset(file);
let [pictures, boxes] = [0, 0];
try {
  for await (const { sha256, mime, width, height, annotations } of set.samples()) {
    // Places are source pixels, not rounded; 0,0 is the outer corner of the first pixel.
    const drawn = annotations.map(({ box: { x, y, width: w, height: h }, label, state }) => {
      const colour = colourOf(label);
      const dashes = state === 'auto' ? ' stroke-dasharray="8 4"' : '';
      return `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="${colour}" stroke-width="2"${dashes}/><text x="${x}" y="${y - 3}" fill="${colour}" font-family="sans-serif" font-size="14">${escaped(label)}</text>`;
    });
    const picture = Buffer.from(await set.read(sha256)).toString('base64');
    await writeFile(join(folder, `${sha256.slice(0, 12)}.svg`), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><image href="data:${mime};base64,${picture}" width="${width}" height="${height}"/>${drawn.join('')}</svg>\n`);
    pictures += 1;
    boxes += annotations.length;
  }
} finally {
  await set.close();
}
console.log(`"${set.name}": ${pictures} pictures with ${boxes} boxes drawn into ${folder}; labels: ${[...colours.keys()].join(', ') || 'none'}`);
