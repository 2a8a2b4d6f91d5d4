import { api, type Api, type RouteSpec } from '@argus/contracts';
import { applyDecorators, createParamDecorator, Delete, Get, Header, HttpCode, Patch, Post, Put, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Principal } from '../auth/principal.js';
import { readInput } from './input.js';

export const ROUTE_NAME = 'argus:route';
const BY_METHOD = { GET: Get, POST: Post, PUT: Put, PATCH: Patch, DELETE: Delete } as const;

/** A list scrolled back shows its pictures at once; a better picture of the same event is seen a little later. Live pictures are never kept. */
const PICTURE_CACHE = 'private, max-age=30';

/** An HTTP request that passed the access guard; `principal` is null on public routes without a sign-in. */
export interface GuardedRequest extends Request {
  principal?: Principal | null;
}

/**
 * Binds a handler to a route of the catalogue: method, path, permission, validation, status and documentation all come from
 * there. The handler takes `@Input()` and `@Caller()` and is one line.
 */
export function ApiRoute(name: keyof Api): MethodDecorator {
  const spec: RouteSpec = api[name];
  const decorators = [SetMetadata(ROUTE_NAME, name), BY_METHOD[spec.method](spec.path), HttpCode(successStatus(name, spec))];
  if (spec.response === 'binary') decorators.push(Header('content-type', binaryTypeOf(spec)));
  if (spec.response === 'binary' && name.startsWith('getEvent')) decorators.push(Header('cache-control', PICTURE_CACHE));
  return applyDecorators(...decorators);
}

export function successStatus(name: string, spec: RouteSpec): number {
  if (!spec.response) return 204;
  return name.startsWith('create') ? 201 : 200;
}

/** Content type of a route that answers `binary`; footage says more, which codecs are in it. */
export const binaryTypeOf = ({ path }: RouteSpec): string => (/\.mp4$|\/files\//.test(path) ? 'video/mp4' : path.endsWith('/file') ? 'application/zip' : 'image/jpeg');

export const routeNameOf = (handler: object): keyof Api | undefined => Reflect.getMetadata(ROUTE_NAME, handler) as keyof Api | undefined;

/** Parameters, query and body of the route, validated; typed as `RouteInput<'name of the route'>`. */
export const Input = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const name = routeNameOf(context.getHandler());
  if (!name) throw new Error(`${context.getClass().name}.${context.getHandler().name} takes @Input() without @ApiRoute()`);
  return readInput(api[name], context.switchToHttp().getRequest<Request>());
});

/** Who asks. On public routes use `@MaybeCaller()`. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<GuardedRequest>();
  if (!principal) throw new Error(`${context.getClass().name}.${context.getHandler().name} takes @Caller() on a public route`);
  return principal;
});

export const MaybeCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Principal | null => context.switchToHttp().getRequest<GuardedRequest>().principal ?? null);

