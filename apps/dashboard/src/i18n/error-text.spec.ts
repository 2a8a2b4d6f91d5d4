import { ApiError } from '@argus/api-client';
import { expect, it } from 'vitest';
import { errorText } from './error-text.js';
import { translator } from './i18n.js';

const problem = (code: string) => new ApiError({ type: 'about:blank', title: 'x', status: 403, code, detail: 'camera 3 is outside' });

it('says a known code in the language and keeps the precise words', () => {
  expect(errorText(problem('auth.forbidden'), translator('zh'))).toEqual({ title: '你的角色没有此权限', detail: 'camera 3 is outside', code: 'auth.forbidden' });
  expect(errorText(problem('new.code'), translator('en'))).toEqual({ title: null, detail: 'camera 3 is outside', code: 'new.code' });
  expect(errorText('odd', translator('en'))).toEqual({ title: null, detail: 'odd', code: 'dashboard.unexpected' });
});
