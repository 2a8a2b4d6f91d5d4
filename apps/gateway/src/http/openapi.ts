import { api, Problem, type RouteSpec } from '@argus/contracts';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { VERSION } from '../version.js';
import { binaryTypeOf, successStatus } from './api-route.js';

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of every route, from the same catalogue that binds, validates and types them. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const [name, spec] of Object.entries(api) as [string, RouteSpec][]) {
    const path = spec.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [spec.method.toLowerCase()]: operationOf(name, spec) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Argus', version: VERSION, description: 'Keys go into "Authorization: Bearer …". Lists answer {"items", "nextCursor"}; send nextCursor as cursor for the next page. Errors are application/problem+json with a stable code.' },
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: { key: { type: 'http', scheme: 'bearer' }, session: { type: 'apiKey', in: 'cookie', name: 'argus_session' } },
    },
  };
}

function operationOf(name: string, spec: RouteSpec): Json {
  const noun = spec.path.split('/')[3] ?? 'other';
  return {
    operationId: name,
    summary: spec.summary,
    tags: [noun],
    ...(spec.permission ? { description: `Needs the permission \`${spec.permission}\`.`, security: [{ key: [] }, { session: [] }] } : { security: [] }),
    parameters: [...parametersOf(spec.params, 'path'), ...parametersOf(spec.query, 'query')],
    ...(spec.body ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(spec.body, 'input') } } } } : {}),
    responses: {
      [successStatus(name, spec)]: { description: 'Done', ...contentOf(spec) },
      default: { description: 'What went wrong', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  };
}

function contentOf(spec: RouteSpec): Json {
  if (!spec.response) return {};
  if (spec.response === 'binary') return { content: { [binaryTypeOf(spec)]: { schema: { type: 'string', format: 'binary' } } } };
  if (spec.response === 'text') return { content: { 'text/plain': { schema: { type: 'string' } } } };
  return { content: { 'application/json': { schema: schemaOf(spec.response, 'output') } } };
}

/** Query strings are read through coercion, so their output side is what says the type. */
function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const properties = (schemaOf(schema, 'output')['properties'] ?? {}) as Record<string, Json>;
  return Object.entries(properties).map(([name, property]) => ({ name, in: where, required: where === 'path', schema: property, ...(property['type'] === 'array' ? { style: 'form', explode: false } : {}) }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json as Json;
}

/** `/api/docs` for people, `/api/docs-json` for machines. */
export function serveDocumentation(app: NestExpressApplication): void {
  const document = openApiDocument() as unknown as Parameters<typeof SwaggerModule.setup>[2];
  SwaggerModule.setup('api/docs', app, document, { jsonDocumentUrl: 'api/docs-json', raw: ['json'], customSiteTitle: 'Argus API' });
}
