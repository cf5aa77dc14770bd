/**
 * Holds one exchange against the published contract of its system: path, query parameters,
 * headers, request body, and the answer by its status, on the uncut document.
 */
import type { Exchange } from '../../src/sim/exchange.ts';
import type { Contract, Operation, Parameter } from './contract-files.ts';
import { fieldsUnknown } from './fields-unknown.ts';
import { systemOf } from './systems/registry.ts';
import { PROBE_HEADER } from './systems/system.ts';

export type ValidateExchange = (exchange: Exchange) => readonly string[];

interface Found {
  readonly contract: Contract;
  readonly template: string;
  readonly method: string;
  readonly operation: Operation;
}

const ERROR_STATUS_FROM = 400;

export function exchangeValidator(
  contracts: ReadonlyMap<string, readonly Contract[]>,
): ValidateExchange {
  return (exchange) => {
    const { undescribed = [] } = systemOf(exchange.system);
    const special = undescribed.find((one) => one.isMatch(exchange));
    // The answer under a fault is no vendor's.
    if (special) return exchange.fault === null ? special.check(exchange) : [];
    const found = findOperation(contracts.get(exchange.system) ?? [], exchange);
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
  const { security } = operation;
  const isOpen =
    security?.length === 0 || security?.some((one) => Object.keys(one).length === 0) === true;
  const isSigned = systemOf(system).isSigned(requestHeaders);
  return isOpen || isSigned ? [] : ['is not signed in as the contract wants it.'];
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
    // A nullable parameter has two types; what is sent is never null.
    const [type] = [parameter.schema['type']].flat();
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
  const key = keyOf(responses, status);
  const { hasWrongErrorSchemas = false } = systemOf(exchange.system);
  if (key === null || (status >= ERROR_STATUS_FROM && hasWrongErrorSchemas)) {
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

/** The status itself, else its hundred ("4XX"); what "default" says is of good answers only. */
function keyOf(responses: Operation['responses'], status: number): string | null {
  const hundred = `${String(status).charAt(0)}XX`;
  const named = [String(status), hundred].find((key) => key in responses);
  if (named !== undefined) return named;
  return 'default' in responses && status < ERROR_STATUS_FROM ? 'default' : null;
}

function errorTroubles({ system, answer }: Exchange): string[] {
  const { errorFields, errorOf = (body: unknown) => body } = systemOf(system);
  const error = errorOf(answer);
  const isRecord = typeof error === 'object' && error !== null;
  return errorFields.flatMap((field) =>
    isRecord && field in error ? [] : [`the error has no ${field}.`],
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
