import { describe, expect, it } from 'vitest';
import { serverWords } from './server-words.js';

describe('serverWords', () => {
  it.each([
    ['北门/a.mp4 cannot be opened as a video: it is no video, or damaged from its beginning', '“北门/a.mp4”不是视频，或文件开头已损坏，无法打开'],
    ['a.mp4 cannot be opened as a video: Permission denied', '无法将“a.mp4”作为视频打开：Permission denied'],
    ['model: expected a package that can detect, got "x"; on this machine there are a, b', '模型“x”无法完成此作业。本机可用的模型：a, b'],
    ['workers ended 3 times while they looked for the footage of this run, most likely for want of memory (their log and the system\'s say more); give them more', '查找本次运行所需录像时，工作进程 3 次意外结束，很可能是内存不足（详见其日志和系统日志）。请增加内存后继续此运行，或减少摄像机、日期或文件后重新运行'],
    ['regions to ignore', '忽略区域'],
    ['something that nobody has thought of', 'something that nobody has thought of'],
  ])('says "%s" in Chinese', (text, zh) => expect([serverWords(text, 'zh'), serverWords(text, 'en')]).toEqual([zh, text]));
});
