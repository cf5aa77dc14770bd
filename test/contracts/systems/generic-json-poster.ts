import { genericJsonPoster as books } from '../../../src/relay/accounting/generic-json-poster.ts';
import { EDITIONS } from '../../../src/sim/books/generic-json-poster-create.ts';
import { LEDGER_POST_CREDENTIALS } from '../../../src/sim/books/generic-json-poster.ts';
import type { Exchange } from '../../../src/sim/exchange.ts';
import { posterSettings } from '../../relay/books/generic-json-poster.ts';
import { postMonth } from './books-run.ts';
import { askAll, http } from './run.ts';
import type { ContractSystem } from './system.ts';

const PATH =
  /^\/(none|key|unique)\/(token|company|items|tax-codes|(customers|invoices|credits)(\/\d+)?)$/;
const PARAMETERS = ['number', 'from', 'to', 'page', 'size'];
const TOKEN = '/unique/token';

export const genericJsonPoster: ContractSystem = {
  system: 'generic-json-poster',
  files: [],
  isSigned: () => true,
  undeclared: 'There is no contract of anybody: Ledger Post is invented, its rules are its stand-in.',
  errorFields: [],
  undescribed: [
    {
      isMatch: () => true,
      reason:
        'Ledger Post is invented and has no published contract: what is held against it is that a create is one POST of JSON, that nothing secret stands in an address, and that a refusal gives its words.',
      check,
    },
  ],
  async run(sim) {
    for (const edition of EDITIONS) {
      const company = books.connect(posterSettings(edition)(sim.url), http);
      await postMonth(company, '999999');
      // The next edition keeps the same ledger; a number is used once in it.
      for (const { id } of sim.standIns.ledgers.get('generic-json-poster')?.all('document') ?? []) {
        sim.standIns.ledgers.get('generic-json-poster')?.remove('document', id);
      }
    }
    const { apiKey } = LEDGER_POST_CREDENTIALS;
    await askAll(`${sim.url}/generic-json-poster`, { 'x-api-key': apiKey }, [
      '/none/invoices?page=2&size=7', '/none/invoices?colour=red', '/none/invoices/999', '/none/customers/999', '/key/items', '/none/credits',
    ]); // prettier-ignore
  },
}; // prettier-ignore

function check(exchange: Exchange): string[] {
  const { method, path, query, requestHeaders, requestBody, status, answer } = exchange;
  const error: unknown = Object(answer).error;
  if (status >= 400) return error === undefined ? ['A refusal gives no reason.'] : [];
  const isJson = requestHeaders['content-type']?.startsWith('application/json') ?? false;
  const isCreate = method === 'POST' && path !== TOKEN;
  return [
    ...(PATH.test(path) ? [] : [`${path} is not played.`]),
    ...(Object.keys(query).every((name) => PARAMETERS.includes(name)) ? [] : ['A parameter is unknown.']),
    ...(isCreate && !(isJson && status === 201) ? ['A create is no JSON or not 201.'] : []),
    ...(isCreate && typeof requestBody !== 'object' ? ['A create has no object.'] : []),
  ];
} // prettier-ignore
