import type { ComputeStats } from '@argus/contracts';
import { expect, it } from 'vitest';
import { translator } from '../../i18n/i18n.js';
import { loadSentence } from './load-words.js';

const load = (shedding: string, low = 1, normal = 1) => ({ cpu: 0.97, shedding, granted: { critical: 1, normal, low }, loopDelayMsP99: 4, children: [] }) as unknown as NonNullable<ComputeStats['load']>;

it.each([
  [load('none'), 'Every camera gets the rate that it wants.'],
  [load('rate', 0.4), 'The machine is overloaded: cameras of class “Low” get 40% of their rate.'],
  [load('rate', 0, 0.5), 'The machine is overloaded: cameras of class “Low” get 0% of their rate, cameras of class “Normal” get 50% of their rate.'],
  [load('rate'), 'The machine is overloaded: no class is slowed yet.'],
  [load('decode', 0.1), 'The machine is overloaded: cameras of class “Low” get 10% of their rate. Pictures are left undecoded as well.'],
])('%#', (stats, sentence) => expect(loadSentence(stats, translator('en'), 'en')).toBe(sentence));

it('says the same in Chinese', () => {
  expect(loadSentence(load('rate', 0.4), translator('zh'), 'zh')).toBe('本机过载：低优先级摄像机获得其频率的 40%。');
});
