import { genericHttp as source } from '../../../src/relay/sources/generic-http.ts';
import type { Exchange } from '../../../src/sim/exchange.ts';
import { SIGN_INS } from '../../../src/sim/vendors/generic-http.ts';
import { PAGINGS } from '../../../src/sim/vendors/generic-http-pages.ts';
import {
  eachSettings, searchSettings, unitsSettings, usageSettings,
} from '../../relay/live/generic-http-settings.ts'; // prettier-ignore
import { askAll, http, syncEveryMonth } from './run.ts';
import { parsePeriod } from '../../../src/core/billing-period.ts';
import type { ContractSystem } from './system.ts';

const TOKEN = /^\/oauth2(-json|-basic)?\/token$/;
const LIST = /^\/[\w-]+\/[\w-]+\/(customers|customers\/\d+\/units|units|units\/search|usage)$/;
const PARAMETERS = ['size', 'page', 'offset', 'after', 'cursor', 'customer', 'from', 'to'];

export const genericHttp: ContractSystem = {
  system: 'generic-http',
  files: [],
  isSigned: () => true,
  undeclared:
    'There is no contract of anybody: Backup Units is invented, its rules are its stand-in.',
  errorFields: [],
  undescribed: [
    {
      isMatch: () => true,
      reason:
        'Backup Units is invented and has no published contract: what is held against it is that requests keep to plain HTTP (form or JSON, no secret in an address) and that lists are lists.',
      check,
    },
  ],
  async run(sim) {
    await syncEveryMonth(sim, source, unitsSettings(sim.url, 'oauth2', 'cursor'));
    for (const signIn of SIGN_INS) await sync(unitsSettings(sim.url, signIn, 'page0'));
    for (const paging of PAGINGS) await sync(unitsSettings(sim.url, 'key', paging));
    await sync(usageSettings(sim.url));
    await sync(searchSettings(sim.url));
    await sync(eachSettings(sim.url, 'path'));
    await askAll(`${sim.url}/generic-http`, {}, ['/none/all/nowhere', '/none/page0/units?colour=red', '/key/all/units', '/other/all/units']); // prettier-ignore
  },
};

const sync = (settings: unknown): Promise<unknown> =>
  source.count(settings, parsePeriod('2026-10'), http);

function check({ method, path, query, requestHeaders, status, answer }: Exchange): string[] {
  if (status >= 400) return 'error' in Object(answer) ? [] : ['A refusal gives no reason.'];
  const isToken = TOKEN.test(path);
  const type = requestHeaders['content-type'] ?? '';
  const rows = Array.isArray(answer) ? answer : (answer as { data?: unknown } | null)?.data;
  return [
    ...(isToken || LIST.test(path) ? [] : [`${path} is not played.`]),
    ...(Object.keys(query).every((name) => PARAMETERS.includes(name)) ? [] : ['A parameter is unknown.']),
    ...(method === 'POST' && !/^application\/(json|x-www-form-urlencoded)/.test(type) ? ['A body has no type.'] : []),
    ...(isToken || Array.isArray(rows) ? [] : ['A list is no list.']),
  ]; // prettier-ignore
}
