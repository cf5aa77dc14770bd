/** The contract as OpenAPI 3.1, made from the very schemas that parse every request. */
import * as z from 'zod';
import { routes, type Route, type RouteName } from '../contract/contract.ts';
import { FIELD_WORDS } from './openapi-words.ts';
import { ProblemDocument } from './problem.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

const asSchema = (schema: z.core.$ZodType): JsonSchema => {
  const whole = z.toJSONSchema(schema) as Record<string, unknown>;
  // The document names its dialect once, at the top.
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== '$schema'));
};

export function openApiDocument(version: string): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'MCC relay', version, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: asSchema(ProblemDocument) },
    },
  };
}

function operation(name: RouteName, route: Route): JsonSchema {
  const problem = {
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  };
  return {
    operationId: name,
    summary: route.summary,
    security: route.auth === 'token' ? [{ token: [] }] : [],
    parameters: [
      ...parameters(route.params, 'path'),
      ...parameters(route.query, 'query'),
      ...(route.path.startsWith('/api/') ? [OWN_HEADER] : []),
    ],
    ...(route.method === 'GET'
      ? {}
      : {
          requestBody: {
            required: true,
            content: bodyOf(route, FIELD_WORDS[name] ?? {}),
          },
        }),
    responses: {
      '200': {
        description: 'Done.',
        content: { 'application/json': { schema: asSchema(route.response) } },
      },
      default: { description: 'Refused; the message says why and what to do.', content: problem },
    },
  };
}

type Words = Readonly<Record<string, string>>;

const bodyOf = ({ carries, body }: Route, words: Words): JsonSchema =>
  carries === 'bytes'
    ? { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
    : { 'application/json': { schema: described(asSchema(body), words) } };

function described(schema: JsonSchema, words: Words): JsonSchema {
  const fields = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  const properties = fields.map(([name, field]) => {
    const description = words[name];
    return [name, description === undefined ? field : { ...field, description }];
  });
  return { ...schema, ...(fields.length > 0 && { properties: Object.fromEntries(properties) }) };
}

const OWN_HEADER = { name: 'X-MCC', in: 'header', required: true, schema: { const: '1' } };

function parameters(schema: z.core.$ZodType, where: 'path' | 'query'): JsonSchema[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema) as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: of,
  }));
}
