import { ApiError } from '@argus/api-client';
import type { z } from 'zod';

/** What the contract refuses, by the first part of the path: one message per field. */
export function problemsOf(schema: z.ZodType, value: unknown): Readonly<Record<string, string>> {
  const result = schema.safeParse(value);
  if (result.success) return {};
  const problems: Record<string, string> = {};
  for (const issue of result.error.issues) problems[issue.path.join('.')] ??= issue.message;
  for (const [path, message] of Object.entries(problems)) problems[path.split('.')[0] ?? ''] ??= message;
  return problems;
}

/** What the server refused, by the path of the field; its words name what was expected. */
export function refusedFields(error: unknown): Readonly<Record<string, string>> {
  return error instanceof ApiError ? Object.fromEntries(error.fields.map((field) => [field.path, field.message])) : {};
}
