import { autotask as source } from '../../../src/relay/sources/autotask.ts';
import { AUTOTASK_CREDENTIALS as CREDENTIALS } from '../../../src/sim/vendors/autotask.ts';
import { syncEveryMonth } from './run.ts';
import { pick, PROBE_HEADER, type ContractSystem } from './system.ts';

const FILE = 'autotask/autotask-rest-v1-billing.swagger.json';
/** What is asked, and neither a frame nor a question. */
const QUESTION = ['QueryModel', 'Filter', 'ValueItem', 'CollectionItem'];

type Node = Record<string, unknown>;

export const autotask: ContractSystem = {
  system: 'autotask',
  files: [FILE],
  isSigned: (headers) =>
    ['username', 'secret', 'apiintegrationcode'].every((name) => name in headers),
  undeclared: 'The file declares 401 and 403 without a body; errors are those of the vendor pages.',
  errorFields: ['errors'],
  mends: [
    {
      file: FILE,
      reason:
        'It says that a query answers one record; the vendor documents {items, pageDetails}, and its servers give that.',
      mend: (document) => {
        for (const [path, operations] of Object.entries(pick(document, ['paths']))) {
          if (path.endsWith('/query')) for (const one of Object.values(operations as Node)) frame(one);
        }
      },
    },
    {
      file: FILE,
      reason:
        'It says that the value of a filter is an object; documented is a number, a text, true, false or a list.',
      mend: (document) => {
        const fields = pick(document, ['components', 'schemas', 'Filter', 'properties']);
        const plain = [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }];
        fields['value'] = { anyOf: [...plain, { type: 'array', items: { anyOf: plain } }] };
      },
    },
    {
      file: FILE,
      reason:
        'It writes the fields of answers with a capital first letter and never as null; the servers write camelCase and null for what is not set.',
      mend: (document) => {
        const schemas = pick(document, ['components', 'schemas']);
        for (const [name, schema] of Object.entries(schemas)) {
          if (!QUESTION.includes(name)) camelCase(schema as Node);
        }
      },
    },
  ],
  async run(sim) {
    const zone = { timeZone: 'America/Chicago' };
    const baseUrl = `${sim.url}/autotask`;
    await syncEveryMonth(sim, source, { baseUrl, ...zone, ...CREDENTIALS });
    const { userName, secret, integrationCode } = CREDENTIALS;
    const signed = { username: userName, secret, apiintegrationcode: integrationCode };
    const address = `${baseUrl}/ATServicesRest/V1.0`;
    for (const headers of [signed, {}]) {
      const own = { ...headers, 'content-type': 'application/json', [PROBE_HEADER]: 'yes' };
      await fetch(`${address}/ThresholdInformation`, { headers: own });
      await fetch(`${address}/ZoneInformation`, { headers: own });
      for (const [path, question] of QUESTIONS) {
        await fetch(`${address}/${path}`, { method: 'POST', headers: own, body: JSON.stringify(question) });
      }
    }
  },
}; // prettier-ignore

const QUESTIONS: readonly (readonly [string, unknown])[] = [
  ['Companies/query', { MaxRecords: 3, Filter: [{ op: 'gt', field: 'id', value: 502 }] }],
  ['Companies/query', { Filter: [{ op: 'eq', field: 'companyName', value: 'Nobody' }] }],
  ['Contracts/query', { Filter: [{ op: 'noteq', field: 'status', value: 0 }], IncludeFields: [] }],
  ['Contracts/query/count', { Filter: [{ op: 'eq', field: 'status', value: 1 }] }],
  ['Contracts/query', { MaxRecords: 501, Filter: [{ op: 'gt', field: 'id', value: 0 }] }],
  ['Contracts/query', { Filter: [{ op: 'like', field: 'id', value: 0 }] }],
  ['Contracts/query', { Filter: [{ op: 'eq', field: 'colour', value: 'red' }] }],
  ['Contracts/query', { filter: [] }],
  ['Nowhere/query', { Filter: [{ op: 'gt', field: 'id', value: 0 }] }],
];

function frame(operation: unknown): void {
  const content = pick(operation, ['responses', '200', 'content']);
  for (const media of Object.values(content) as Node[]) {
    const link = { type: 'string', nullable: true };
    const pages = { count: { type: 'integer' }, requestCount: { type: 'integer' }, prevPageUrl: link, nextPageUrl: link };
    media['schema'] = {
      type: 'object',
      required: ['items', 'pageDetails'],
      properties: {
        items: { type: 'array', items: media['schema'] },
        pageDetails: { type: 'object', required: Object.keys(pages), properties: pages },
      },
    };
  }
} // prettier-ignore

/** As its servers do: Id is id, CompanyID is companyID, CI is ci. */
function camelCase(schema: Node): void {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Node>>;
  schema['properties'] = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      /^[A-Z]+$/.test(name) ? name.toLowerCase() : `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      'type' in property ? { ...property, nullable: true } : property,
    ]),
  );
} // prettier-ignore
