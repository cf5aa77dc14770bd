import { connectwisePsa as source } from '../../../src/relay/sources/connectwise-psa.ts';
import { CONNECTWISE_PSA_CREDENTIALS as CREDENTIALS } from '../../../src/sim/vendors/connectwise-psa.ts';
import { askAll, syncEveryMonth } from './run.ts';
import { pick, signedBy, type ContractSystem } from './system.ts';

const FILE = 'connectwise-psa/connectwise-psa-2026.4-get-subset.openapi.json';

/** Other paths answer files, and we do not ask them. */
const isAsked = (path: string): boolean => /^\/(finance\/agreements|time\/entries)/.test(path);

export const connectwisePsa: ContractSystem = {
  system: 'connectwise-psa',
  files: [FILE],
  isSigned: signedBy('Basic'),
  undeclared: 'The file declares the good answer only; errors are those of the developer guide.',
  errorFields: ['code', 'message'],
  mends: [
    {
      file: FILE,
      reason:
        'Its one media type carries a version as its parameter; types are compared without parameters.',
      mend: (document) => {
        for (const path of Object.keys(pick(document, ['paths'])).filter(isAsked)) {
          const content = pick(document, ['paths', path, 'get', 'responses', '200', 'content']);
          for (const [type, schema] of Object.entries(content)) {
            content[type.split(';')[0] ?? type] = schema;
          }
        }
      },
    },
  ],
  async run(sim) {
    const address = `${sim.url}/connectwise-psa/v4_6_release/apis/3.0`;
    const { companyId, publicKey, privateKey, clientId } = CREDENTIALS;
    const zone = { region: 'na', timeZone: 'America/Chicago' };
    await syncEveryMonth(sim, source, {
      baseUrl: `${sim.url}/connectwise-psa`,
      ...zone,
      ...CREDENTIALS,
    });
    const basic = Buffer.from(`${companyId}+${publicKey}:${privateKey}`).toString('base64');
    await askAll(address, { authorization: `Basic ${basic}`, clientid: clientId }, [
      '/finance/agreements?pageSize=7&page=2', '/finance/agreements/5000', '/finance/agreements/1', '/finance/agreements?pageSize=1001',
      '/finance/agreements?conditions=cancelledFlag=true', '/finance/agreements/count?conditions=nonsense', '/finance/agreements/5000/additions?orderBy=id',
      '/finance/agreements/5000/additions/count', '/finance/agreements/abc/additions', '/time/entries?pagesize=3', '/time/entries/90000', '/nowhere',
    ]); // prettier-ignore
  },
};
