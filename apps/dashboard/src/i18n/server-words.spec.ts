import { describe, expect, it } from 'vitest';
import { serverWords } from './server-words.js';

describe('serverWords', () => {
  it.each([
    ['北门/a.mp4 cannot be opened as a video: it is no video, or damaged from its beginning', '“北门/a.mp4”不是视频，或文件开头已损坏，无法打开'],
    ['a.mp4 cannot be opened as a video: Permission denied', '无法将“a.mp4”作为视频打开：Permission denied'],
    ['model: expected a package that can detect, got "x"; on this machine there are a, b', '模型“x”无法完成此作业。本机可用的模型：a, b'],
    ['workers ended 3 times while they looked for the footage of this run, most likely for want of memory (their log and the system\'s say more); give them more', '查找本次运行所需录像时，工作进程 3 次意外结束，很可能是内存不足（详见其日志和系统日志）。请增加内存后继续此运行，或减少摄像机、日期或文件后重新运行'],
    ['regions to ignore', '忽略区域'],
    ['images.json: images, id 3: the picture "a.jpg" is not there', 'images.json：images，id 3：缺少图片 "a.jpg"'],
    ['a.xml: line 12: expected <annotations>, found no element', 'a.xml：第 12 行：没有找到 <annotations>'],
    ['version 0123abcd cannot be read: a.tar: the entry "x y" is a link; expected files and folders only', '无法读取版本 0123abcd：a.tar：文件“x y”不是文件或文件夹（链接）'],
    ['the run is done; only one that waits or works can be stopped', '任务当前为“已完成”，只有等待中或进行中的才能停止'],
    ['there is no harvest-run 7, or it is outside of what you may see', '没有这个抽帧任务（7），或你无权查看'],
    ['cameras.tags.0: Too big: expected string to have <=60 characters', 'cameras.tags.0：最多 60 个字符'],
    ['include[1]: expected a regular expression (RE2), got "a: (": missing closing ) at character 4: (. Put \\ before a sign that is meant as itself, or use a keyword or glob', 'include[1]：“a: (”不是有效的正则表达式（RE2）：缺少右括号 )（第 4 个字符：(）。如要按原样匹配某个符号，请在前面加 \\，或改用关键词、通配符'],
    ['expected a number of doors', 'expected a number of doors'],
    ['something that nobody has thought of', 'something that nobody has thought of'],
  ])('says "%s" in Chinese', (text, zh) => expect([serverWords(text, 'zh'), serverWords(text, 'en')]).toEqual([zh, text]));

  it('is done with a name that repeats its words', () => {
    const name = 'x cannot be read: the entry "y" is a '.repeat(200);
    expect(serverWords(`${name}it is not there`, 'zh')).toContain('无法读取');
  });
});
