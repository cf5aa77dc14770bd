/** What a route is, as data. */
import * as z from 'zod/mini';

export type Method = 'GET' | 'POST' | 'PUT';

export interface Route<
  Params extends z.ZodMiniType = z.ZodMiniType,
  Query extends z.ZodMiniType = z.ZodMiniType,
  Body extends z.ZodMiniType = z.ZodMiniType,
  Response extends z.ZodMiniType = z.ZodMiniType,
> {
  readonly method: Method;
  /** Fastify's form: "/api/periods/:period". */
  readonly path: string;
  readonly summary: string;
  readonly auth: 'none' | 'token';
  /** What a body is on the wire. */
  readonly carries: 'json' | 'bytes';
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly response: Response;
}

const NONE = z.strictObject({});
export const route = <
  Response extends z.ZodMiniType,
  Params extends z.ZodMiniType = typeof NONE,
  Query extends z.ZodMiniType = typeof NONE,
  Body extends z.ZodMiniType = typeof NONE,
>(entry: {
  method: Method;
  path: string;
  summary: string;
  auth?: 'none' | 'token';
  carries?: 'json' | 'bytes';
  params?: Params;
  query?: Query;
  body?: Body;
  response: Response;
}): Route<Params, Query, Body, Response> => ({
  method: entry.method,
  path: entry.path,
  summary: entry.summary,
  auth: entry.auth ?? 'token',
  carries: entry.carries ?? 'json',
  params: entry.params ?? (NONE as unknown as Params),
  query: entry.query ?? (NONE as unknown as Query),
  body: entry.body ?? (NONE as unknown as Body),
  response: entry.response,
});
