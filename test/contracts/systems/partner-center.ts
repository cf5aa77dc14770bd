import { partnerCenter as source } from '../../../src/relay/sources/partner-center.ts';
import { PARTNER_CREDENTIALS } from '../../../src/sim/vendors/partner-center.ts';
import { isMicrosoftSignIn, MICROSOFT_SIGN_IN } from './microsoft-login.ts';
import { askAll, bearer, syncEveryMonth } from './run.ts';
import { pick, signedBy, type ContractSystem } from './system.ts';

const FILE = 'microsoft/partner-center-rest-unofficial.openapi.json';
const SCOPE = 'https://api.partnercenter.microsoft.com/.default';
const { tenantId, clientId, clientSecret } = PARTNER_CREDENTIALS;

const TEXT = { type: 'string' };
const FLAG = { type: 'boolean' };
const TIME = { type: 'string', format: 'date-time' };
const oneOf = (...values: string[]): object => ({ type: 'string', enum: values });
const record = (properties: object, required: readonly string[] = []): object => ({
  type: 'object',
  properties,
  required,
});
const listOf = (items: object): object => ({ type: 'array', items });

const LINK = record(
  { uri: TEXT, method: oneOf('GET'), headers: listOf(record({ key: TEXT, value: TEXT })) },
  ['uri', 'method', 'headers'],
);
const ATTRIBUTES = record({ objectType: TEXT, etag: TEXT }, ['objectType']);
const CUSTOMER = record(
  {
    id: { type: 'string', format: 'uuid' },
    companyProfile: record(
      { tenantId: TEXT, domain: TEXT, companyName: TEXT, attributes: ATTRIBUTES },
      ['tenantId', 'domain', 'companyName'],
    ),
    relationshipToPartner: TEXT,
    attributes: ATTRIBUTES,
  },
  ['id', 'companyProfile'],
);
/** The properties of the Subscription resource that are played, as its page names them. */
export const SUBSCRIPTION = record(
  {
    id: TEXT, offerId: TEXT, offerName: TEXT, friendlyName: TEXT, entitlementId: TEXT, quantity: { type: 'number' }, unitType: TEXT,
    creationDate: TIME, effectiveStartDate: TIME, commitmentEndDate: TIME,
    status: oneOf('none', 'active', 'pending', 'suspended', 'expired', 'disabled', 'deleted'),
    autoRenewEnabled: FLAG, billingType: oneOf('none', 'usage', 'license', 'benefit'), billingCycle: TEXT, hasPurchasableAddons: FLAG,
    isTrial: FLAG, isMicrosoftProduct: FLAG, suspensionReasons: listOf(TEXT), contractType: oneOf('subscription', 'productKey', 'redemptionCode'),
    links: record({ offer: LINK, self: LINK }), orderId: TEXT, termDuration: oneOf('P1M', 'P1Y', 'P3Y'), attributes: ATTRIBUTES,
  },
  ['id', 'quantity', 'status'],
); // prettier-ignore
const collectionOf = (items: object): object => ({
  'application/json': {
    schema: record(
      {
        totalCount: { type: 'integer' },
        items: listOf(items),
        links: record({ self: LINK, next: LINK }),
        attributes: ATTRIBUTES,
      },
      ['totalCount', 'items'],
    ),
  },
});

export const partnerCenter: ContractSystem = {
  system: 'partner-center',
  files: [FILE],
  isSigned: signedBy('Bearer'),
  undeclared:
    'The file declares 200 alone; errors have code, description, data and source by the page on error codes.',
  errorFields: ['code', 'description'],
  // A throttled call has a shape of its own: {"statusCode":429,"message":"..."}.
  errorOf: (answer) => {
    const { statusCode, message } = (answer ?? {}) as { statusCode?: unknown; message?: unknown };
    return statusCode === 429 ? { code: statusCode, description: message } : answer;
  },
  mends: [
    {
      file: FILE,
      reason:
        'It describes no answer at all: the schemas are those of the pages on both lists and on the Subscription resource, read 2026-11-22.',
      mend: (document) => {
        const lists = { '/v1/customers': CUSTOMER, '/v1/customers/{customer-id}/subscriptions': SUBSCRIPTION };
        for (const [path, items] of Object.entries(lists)) {
          pick(document, ['paths', path, 'get', 'responses', '200'])['content'] = collectionOf(items);
        }
      },
    },
    {
      file: FILE,
      reason:
        'Its list of customers says "follow links.next" and lacks what that link holds: seekOperation=Next and the header MS-ContinuationToken, as the pages on paged lists show. Its size is required there.',
      mend: (document) => {
        const get = pick(document, ['paths', '/v1/customers', 'get']);
        get['parameters'] = [
          { name: 'size', in: 'query', required: true, schema: { type: 'integer', minimum: 1 } },
          { name: 'seekOperation', in: 'query', schema: oneOf('Next') },
        ];
      },
    },
  ],
  undescribed: [isMicrosoftSignIn(SCOPE)],
  async run(sim) {
    const address = `${sim.url}/partner-center`;
    await syncEveryMonth(sim, source, { baseUrl: address, ...PARTNER_CREDENTIALS }, ['2025-10', '2026-10']);
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: SCOPE };
    const login = `${address}/login/${tenantId}/oauth2/v2.0/token`;
    const headers = await bearer(login, { body: new URLSearchParams(form), headers: MICROSOFT_SIGN_IN });
    const { items } = (await (await fetch(`${address}/v1/customers?size=1`, { headers })).json()) as { items: { id: string }[] };
    const own = `/v1/customers/${items[0]?.id ?? ''}`;
    await askAll(address, headers, [
      '/v1/customers?size=3', '/v1/customers', '/v1/customers?size=0', '/v1/customers?size=5&seekOperation=Next', '/v1/customers?page=1',
      `${own}/subscriptions`, `${own}/subscriptions?order_id=none`, `${own}/subscriptions?status=active`, `${own}/orders`,
      '/v1/customers/none/subscriptions', '/v1/nowhere',
    ]);
  },
}; // prettier-ignore
