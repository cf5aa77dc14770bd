/**
 * Holds one exchange against the published contract of its system: path, query parameters,
 * headers, request body, and the answer by its status, on the uncut document.
 */
import type { Exchange, SystemName } from '../../src/sim/exchange.ts';
import type { Contract, Operation, Parameter } from './contract-files.ts';
import { fieldsUnknown } from './fields-unknown.ts';

export type ValidateExchange = (exchange: Exchange) => readonly string[];

interface Found {
  readonly contract: Contract;
  readonly template: string;
  readonly method: string;
  readonly operation: Operation;
}

/** Exchanges that no contract describes, each with its reason; the rest must be found. */
export const UNDESCRIBED: readonly {
  readonly system: SystemName;
  readonly isMatch: (exchange: Exchange) => boolean;
  readonly reason: string;
  readonly check: (exchange: Exchange) => readonly string[];
}[] = [
  {
    system: 'ninjaone',
    isMatch: ({ method, path }) => method === 'POST' && path === '/ws/oauth/token',
    reason: 'The API file has no sign-in; it is OAuth 2.0 client credentials (RFC 6749 4.4).',
    check: ({ requestBody, requestHeaders }) => {
      const form = (requestBody ?? {}) as Record<string, unknown>;
      const isForm = requestHeaders['content-type']?.startsWith(
        'application/x-www-form-urlencoded',
      );
      const isComplete = form['grant_type'] === 'client_credentials' && 'client_id' in form;
      return isForm && isComplete ? [] : ['The sign-in is not a client-credentials form.'];
    },
  },
];

/** Why an answer of an error status is not held against a schema of the file. */
export const UNDECLARED_STATUS: Readonly<Record<SystemName, string>> = {
  ninjaone: 'The file declares the good answer as "default" and no error at all.',
  pax8: 'The file declares errors for few calls; all of them have the shape of its Error.',
  huntress: 'Errors are described in words only: status and reason, no body.',
  conductor: 'The file declares 200 only; errors have the one shape of its documentation.',
};

const ERROR_FIELDS: Readonly<Record<SystemName, readonly string[]>> = {
  ninjaone: [],
  pax8: ['type', 'message', 'status'],
  huntress: [],
  conductor: ['message', 'userFacingMessage', 'type', 'code', 'httpStatusCode', 'requestId'],
};
const ERROR_STATUS_FROM = 400;

export function exchangeValidator(
  contracts: Readonly<Record<SystemName, readonly Contract[]>>,
): ValidateExchange {
  return (exchange) => {
    const special = UNDESCRIBED.find(
      (one) => one.system === exchange.system && one.isMatch(exchange),
    );
    if (special) return special.check(exchange);
    const found = findOperation(contracts[exchange.system], exchange);
    if (!found) {
      const isMeant = isProbe(exchange) && isRefusal(exchange);
      return isMeant ? [] : [`${title(exchange)}: not in the contract.`];
    }
    const troubles = [
      ...(isProbe(exchange) && isRefusal(exchange) ? [] : requestTroubles(found, exchange)),
      ...(exchange.fault === null ? answerTroubles(found, exchange) : []),
    ];
    return troubles.map((trouble) => `${title(exchange)}: ${trouble}`);
  };
}

const title = ({ system, method, path, status }: Exchange): string =>
  `${system} ${method} ${path} -> ${String(status)}`;

/** A test of the stand-ins asks wrongly on purpose and says so; an adapter never does. */
export const PROBE_HEADER = 'x-sim-probe';
const isProbe = ({ requestHeaders }: Exchange): boolean => PROBE_HEADER in requestHeaders;

const isRefusal = ({ status, fault }: Exchange): boolean =>
  fault === null && status >= ERROR_STATUS_FROM && status < 500;

/** A literal path wins over one with parameters. */
function findOperation(contracts: readonly Contract[], { method, path }: Exchange): Found | null {
  const found = contracts.flatMap((contract) =>
    Object.entries(contract.document.paths).flatMap(([template, operations]) => {
      const operation = operations[method.toLowerCase()];
      return operation && matches(template, path)
        ? [{ contract, template, method: method.toLowerCase(), operation }]
        : [];
    }),
  );
  return found.toSorted((a, b) => holes(a.template) - holes(b.template))[0] ?? null;
}

const holes = (template: string): number => template.split('{').length;

function matches(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith('{') || part === given[index])
  );
}

// Requests ------------------------------------------------------------------------------------

function requestTroubles(found: Found, exchange: Exchange): string[] {
  return [
    ...securityTroubles(found, exchange),
    ...queryTroubles(found, exchange),
    ...headerTroubles(found, exchange),
    ...bodyTroubles(found, exchange),
  ];
}

function securityTroubles({ operation }: Found, { requestHeaders, system }: Exchange): string[] {
  const isOpen = operation.security?.some((one) => Object.keys(one).length === 0) ?? false;
  const scheme = system === 'huntress' ? 'Basic' : 'Bearer';
  const isSigned = requestHeaders['authorization']?.startsWith(`${scheme} `) ?? false;
  return isOpen || isSigned ? [] : [`is not signed in by ${scheme}.`];
}

function parametersIn({ operation }: Found, place: Parameter['in']): [number, Parameter][] {
  return [...(operation.parameters ?? []).entries()].filter(
    ([, parameter]) => parameter.in === place,
  );
}

function queryTroubles(found: Found, { query }: Exchange): string[] {
  const declared = parametersIn(found, 'query');
  const unknown = Object.keys(query).filter(
    (name) => !declared.some(([, one]) => one.name === name),
  );
  const wrong = declared.flatMap(([index, parameter]) => {
    const values = query[parameter.name];
    if (!values) return parameter.required ? [`query ${parameter.name} is missing.`] : [];
    const type = parameter.schema['type'];
    const value = type === 'array' ? values : toTyped(values[0] ?? '', type);
    return check(found, ['parameters', String(index), 'schema'], value, `query ${parameter.name}`);
  });
  return [...unknown.map((name) => `query ${name} is not declared.`), ...wrong];
}

function toTyped(text: string, type: unknown): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text))
    return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function headerTroubles(found: Found, { requestHeaders }: Exchange): string[] {
  return parametersIn(found, 'header').flatMap(([, { name, required }]) =>
    required && requestHeaders[name.toLowerCase()] === undefined
      ? [`header ${name} is missing.`]
      : [],
  );
}

function bodyTroubles(found: Found, { requestBody, requestHeaders }: Exchange): string[] {
  const declared = found.operation.requestBody;
  if (requestBody === null) return declared?.required ? ['the body is missing.'] : [];
  if (!declared) return ['a body is sent where none is declared.'];
  const type = (requestHeaders['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (!(type in declared.content)) return [`content type "${type}" is not declared.`];
  const pointer = ['requestBody', 'content', type, 'schema'];
  return [
    ...check(found, pointer, requestBody, 'body'),
    ...strangers(found, pointer, requestBody, 'body'),
  ];
}

// Answers -------------------------------------------------------------------------------------

function answerTroubles(found: Found, exchange: Exchange): string[] {
  const { status, answer, answerType } = exchange;
  const { responses } = found.operation;
  const key =
    status >= ERROR_STATUS_FROM && !(String(status) in responses) ? null : keyOf(responses, status);
  // Huntress gives the schema of a good answer to its 403 as well.
  if (key === null || (status >= ERROR_STATUS_FROM && exchange.system === 'huntress')) {
    return status >= ERROR_STATUS_FROM ? errorTroubles(exchange) : ['this status is not declared.'];
  }
  const content = responses[key]?.content ?? {};
  const type = answerType.split(';')[0]?.trim() ?? '';
  if (!(type in content)) {
    return Object.keys(content).length === 0 ? [] : [`answer type "${type}" is not declared.`];
  }
  if (!('schema' in (content[type] as object))) return [];
  const pointer = ['responses', key, 'content', type, 'schema'];
  return [
    ...check(found, pointer, answer, 'answer'),
    ...strangers(found, pointer, answer, 'answer'),
  ];
}

function keyOf(responses: Operation['responses'], status: number): string | null {
  if (String(status) in responses) return String(status);
  return 'default' in responses ? 'default' : null;
}

function errorTroubles({ system, answer }: Exchange): string[] {
  const body = (answer ?? {}) as Record<string, unknown>;
  const error = (system === 'conductor' ? body['error'] : body) as
    Record<string, unknown> | undefined;
  return ERROR_FIELDS[system].flatMap((field) =>
    error && field in error ? [] : [`the error has no ${field}.`],
  );
}

// Both ----------------------------------------------------------------------------------------

const baseOf = ({ template, method }: Found): readonly string[] => ['paths', template, method];

function check(found: Found, pointer: readonly string[], value: unknown, what: string): string[] {
  const validator = found.contract.validatorAt([...baseOf(found), ...pointer]);
  if (validator(value)) return [];
  return (validator.errors ?? [])
    .slice(0, 5)
    .map((error) => `${what}${error.instancePath} ${error.message ?? 'is wrong'}.`);
}

/** Fields that the contract does not know, also where it does not forbid them. */
function strangers(
  found: Found,
  pointer: readonly string[],
  value: unknown,
  what: string,
): string[] {
  const { contract } = found;
  return fieldsUnknown(
    contract,
    contract.schemaAt([...baseOf(found), ...pointer]),
    value,
    what,
  ).slice(0, 5);
}
