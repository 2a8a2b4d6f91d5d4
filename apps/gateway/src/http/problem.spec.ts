import { readFileSync } from 'node:fs';
import { BadRequestException } from '@nestjs/common';
import { Problem } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { AuthRequiredError } from '../auth/errors.js';
import { InvalidRequestError, NotFoundError, SettingsError } from './errors.js';
import { problemOf } from './problem.js';
import { STATUS_BY_CODE } from './problem-status.js';

const coded = (fields: object): Error => Object.assign(new Error('password=secret at /srv/argus'), fields);

describe('problemOf', () => {
  it.each([
    [new AuthRequiredError(), 401, 'auth.required'],
    [new NotFoundError('camera', 'x'), 404, 'camera.not-found'],
    [InvalidRequestError.ofField('url', 'wrong'), 400, 'request.invalid'],
    [new SettingsError('rtsp://u:p@h'), 500, 'internal'],
    [new BadRequestException('x'), 400, 'request.malformed'],
    [coded({ type: 'entity.too.large' }), 413, 'request.too-large'],
    [coded({ type: 'entity.parse.failed', status: 400 }), 400, 'request.malformed'],
    [coded({ code: 'ECONNREFUSED' }), 503, 'database.unavailable'],
    [coded({ code: '57P01' }), 503, 'database.unavailable'],
    [new Error('Connection terminated unexpectedly'), 503, 'database.unavailable'],
    [coded({ code: '22P02' }), 400, 'request.malformed'],
    [coded({ code: '23505' }), 409, 'request.conflict'],
    [coded({ code: '40P01' }), 409, 'request.conflict'],
    [coded({ code: '42P01' }), 500, 'internal'],
    [coded({}), 500, 'internal'],
    ['a text', 500, 'internal'],
    [null, 500, 'internal'],
  ])('%s -> %i %s, and nothing of ours inside', (thrown, status, code) => {
    const problem = Problem.parse(problemOf(thrown));
    expect([problem.status, problem.code]).toEqual([status, code]);
    expect(JSON.stringify(problem)).not.toMatch(/secret|srv|u:p@/);
  });

  it('gives only codes that are documented, each once', () => {
    const documented = readFileSync(new URL('../../../../docs/errors/README.md', import.meta.url), 'utf8');
    expect(Object.keys(STATUS_BY_CODE).filter((code) => !documented.includes(`\`${code}\``))).toEqual([]);
    const named = [...documented.matchAll(/<a id="([a-z.-]+)">/g)].map(([, code]) => code);
    expect(named.filter((code, at) => named.indexOf(code) !== at)).toEqual([]);
  });
});
