import { z } from 'zod';
import type { Permission } from '../admin/permission.js';

/**
 * One HTTP route of the gateway: the single truth for the server (path, permission, validation, OpenAPI), the dashboard
 * and the CLI. `permission: null` means public and must be on the gateway's short list of public routes.
 */
export interface RouteSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Express-style, e.g. `/api/v1/cameras/:id`. */
  readonly path: string;
  readonly permission: Permission | null;
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Absent: 204, nothing comes back; `binary`: a picture; `text`: plain text. */
  readonly response?: z.ZodType | 'binary' | 'text';
}

/** Keeps the literal types, so that a client knows params, query, body and response of each route. */
export const route = <const T extends RouteSpec>(spec: T): T => spec;
