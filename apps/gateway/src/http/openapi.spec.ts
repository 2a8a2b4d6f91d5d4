import { api } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from './openapi.js';

type Operation = { operationId: string; security: unknown[]; parameters: { name: string; in: string; required: boolean; schema: { type?: string } }[]; responses: Record<string, unknown>; requestBody?: unknown };
const document = openApiDocument() as { paths: Record<string, Record<string, Operation>> };
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

describe('openApiDocument', () => {
  it('has every route once', () => {
    expect(operations.map((operation) => operation.operationId).sort()).toEqual(Object.keys(api).sort());
  });

  it('says what the catalogue says', () => {
    const list = document.paths['/api/v1/events']?.['get'];
    expect(list?.parameters.find((parameter) => parameter.name === 'state')).toMatchObject({ in: 'query', required: false, schema: { type: 'array' } });
    expect(list?.parameters.find((parameter) => parameter.name === 'limit')?.schema.type).toBe('integer');
    const create = document.paths['/api/v1/cameras']?.['post'];
    expect(Object.keys(create?.responses ?? {})).toEqual(['201', 'default']);
    expect(JSON.stringify(create?.requestBody)).toContain('"required":["name","url"]');
    for (const field of ['"priority"', '"weight"', '"analysisUrl"']) expect(JSON.stringify(create?.requestBody)).toContain(field);
    expect(JSON.stringify(document.paths['/api/v1/tuning']?.['put'])).toContain('system.write');
    expect(document.paths['/api/v1/health']?.['get']?.security).toEqual([]);
    expect(document.paths['/api/v1/cameras/{id}/snapshot.jpg']?.['get']?.parameters[0]).toMatchObject({ name: 'id', in: 'path', required: true });
  });
});
