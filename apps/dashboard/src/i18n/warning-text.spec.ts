import { expect, it } from 'vitest';
import { translator } from './i18n.js';
import { warningText } from './warning-text.js';

it('is said in the language, and kept as it came where it is not known', () => {
  const lost = { code: 'labels-of-rules', text: 'the server says', values: { model: 'new', labels: 'car', names: 'Parking' } };
  expect(warningText(lost, translator('zh'))).toBe('候选检测器“new”不认识 car，而以下规则需要：Parking');
  expect(warningText(lost, translator('en'))).toContain('does not know car');
  expect(warningText({ ...lost, code: 'of-a-later-version' }, translator('zh'))).toBe('the server says');
});

it.each([
  ['camera-without-pipeline', { camera: '北门' }, '摄像机“北门”没有可用的流程：请添加流程，或将某个流程设为默认'],
  ['camera-pipeline-gone', { camera: '北门', pipeline: '1', used: '默认' }, '摄像机“北门”的流程不存在，现使用“默认”'],
  ['model-missing', { model: 'x' }, '模型“x”未安装'],
  ['model-refused', { model: 'x', why: 'sha256 differs' }, '模型“x”被拒绝：sha256 differs'],
  ['model-too-large', { model: 'x', wanted: '9000 x 9000', most: '1280 x 1280' }, '模型“x”需要 9000 x 9000 像素的画面，最多支持 1280 x 1280'],
])('tells the problem %s of the engine', (code, values, said) => expect(warningText({ code, text: 'in English', values }, translator('zh'))).toBe(said));
