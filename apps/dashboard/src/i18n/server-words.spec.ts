import { describe, expect, it } from 'vitest';
import { serverWords } from './server-words.js';

describe('serverWords', () => {
  it.each([
    ['北门/a.mp4 cannot be opened as a video: it is no video, or damaged from its beginning', '“北门/a.mp4”不是视频，或文件开头已损坏，无法打开'],
    ['a.mp4 cannot be opened as a video: Permission denied', '无法将“a.mp4”作为视频打开：Permission denied'],
    ['model: expected a package that can detect, got "x"; on this machine there are a, b', '模型“x”无法完成此作业。本机可用的模型：a, b'],
    ['regions to ignore', '忽略区域'],
    ['something that nobody has thought of', 'something that nobody has thought of'],
  ])('says "%s" in Chinese', (text, zh) => expect([serverWords(text, 'zh'), serverWords(text, 'en')]).toEqual([zh, text]));
});
