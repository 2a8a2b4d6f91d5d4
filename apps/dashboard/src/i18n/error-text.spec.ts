import { ApiError } from '@argus/api-client';
import { expect, it } from 'vitest';
import { errorText } from './error-text.js';
import { translator } from './i18n.js';

const problem = (code: string, detail = 'camera 3 is outside', errors?: { path: string; message: string }[]) => new ApiError({ type: 'about:blank', title: 'x', status: 403, code, detail, ...(errors ? { errors } : {}) });

it('says a known code in the language and keeps the precise words', () => {
  expect(errorText(problem('auth.forbidden'), translator('zh'), 'zh')).toEqual({ title: '你的角色没有此权限', detail: 'camera 3 is outside', told: 'camera 3 is outside', code: 'auth.forbidden' });
  expect(errorText(problem('new.code'), translator('en'), 'en')).toEqual({ title: null, detail: 'camera 3 is outside', told: 'camera 3 is outside', code: 'new.code' });
  expect(errorText('odd', translator('en'), 'en')).toEqual({ title: null, detail: 'odd', told: 'odd', code: 'dashboard.unexpected' });
});

it('says the precise words in the language where they are known', () => {
  const used = 'the sample set is in use: a job "split" works on it; stop that first';
  expect(errorText(problem('dataset.in-use', used), translator('zh'), 'zh')).toMatchObject({ detail: '样本集正在使用：作业“划分”正在处理它，请先停止', told: used });
  expect(errorText(problem('dataset.in-use', used), translator('en'), 'en').detail).toBe(used);
  const fields = [{ path: 'radius', message: 'Too big: expected number to be <=64' }, { path: 'size', message: 'expected a size or a ratio, got both' }];
  const detail = fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
  expect(errorText(problem('request.invalid', detail, fields), translator('zh'), 'zh').detail).toBe('radius：不能大于 64；size：尺寸和宽高比只能给出一个');
});
