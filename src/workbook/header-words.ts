/** What a column is for, by the words people put over it. Many spellings, whole headers only. */
import { readPeriod, type BillingPeriod } from '../core/billing-period.ts';

export type Role =
  | 'client'
  | 'account'
  | 'code'
  | 'service'
  | 'quantity'
  | 'units'
  | 'previous'
  | 'price'
  | 'amount'
  | 'notes'
  | 'invoice'
  | 'source'
  | 'kind'
  | 'cost'
  | 'change'
  | 'other';

/** Which month a column belongs to, when its header says so. */
export type MonthMark = BillingPeriod | 'this' | 'last' | `month ${number}`;

const MONEY = '(?:\\(?(?:usd|eur|gbp|cad|aud|us\\$|\\$|€|£)\\)?)';
const WHOSE = '(?:client|customer|cust|account|acct|company|tenant|organi[sz]ation|org)';

/** In order: the first that fits the whole header wins. */
const ROLES: readonly (readonly [Role, RegExp])[] = [
  [
    'code',
    new RegExp(
      `^${WHOSE} ?(?:id|code|no|nr|num|number|#|ref|reference|key)s?$|^(?:id|code|a/c|acct no|cid)$`,
    ),
  ],
  [
    'client',
    /^(?:the )?(?:client|customer|company|organi[sz]ation|tenant|practice|business|end ?customer|bill ?to|sold ?to|msp client)(?: ?[/&] ?\w+)?(?: ?(?:name|company))?s?$|^name$|^account name$/,
  ],
  ['account', /^(?:account|acct)s?$/],
  ['invoice', /^(?:invoice|inv|bill|document|doc) ?(?:no|nr|num|number|#|id|ref)$|^invoice$/],
  [
    'previous',
    /^(?:qty|quantity|units?|count|seats?)? ?(?:last|prev|previous|prior|old|lm|pm)(?: ?(?:month|mo|period|time|qty|quantity|count|units?|seats?))*$|^(?:was|before)$/,
  ],
  [
    'change',
    /^(?:change|delta|diff|difference|variance|var|chg|movement|δ|\+ ?\/ ?-|±|up ?\/ ?down|net change)s?(?: qty| %)?$/,
  ],
  ['cost', /\b(?:cost|margin|profit|gp|markup|mark-up|buy|wholesale|our price|vendor price)\b/],
  [
    'price',
    new RegExp(
      `^(?:(?:unit|sell|selling|sales|list|monthly|client|customer|agreed|contract|net|per unit|retail|bill|billing) )*(?:price|rate|sell|fee|tariff|msrp)(?: ?(?:ea|each|per unit|per seat|per user|per device|/ ?(?:unit|ea|seat|user|mo|month|device)))?(?: ${MONEY})?$|^(?:each|ea|\\$ ?/ ?(?:unit|ea|seat)|unit ?\\$|\\$ ?(?:each|ea)|unit|(?:price |rate |fee )?per (?:unit|user|seat|device|endpoint|agent|licen[cs]e|hour|mailbox|employee|workstation)|@)$`,
    ),
  ],
  [
    'amount',
    new RegExp(
      `^(?:(?:line|invoice|monthly|month|grand|row|net|billed|billing|total|client|this month|recurring|sub|the) ?)*(?:amount|amt|total|totals|mrr|ext|extended|extension|charge|charges|revenue|subtotal|sub-total|value|sum|billing|to bill|due)(?: ?(?:due|mrr|price|amount|amt|charge|billed|value|monthly|per month|/ ?mo(?:nth)?|incl?))*(?: ${MONEY})?$|^(?:ext(?:ended)? price|total price|line price|${MONEY}|mrr ${MONEY}|monthly recurring(?: revenue)?)$`,
    ),
  ],
  [
    'quantity',
    /^(?:(?:billed|billable|bill|invoice|invoiced|current|actual|total|this month|new|final|contract|our) )*(?:qty|qtys|quantity|quantities|count|counts|units|unit count|nr of units|# of units|no of units)(?: ?(?:now|billed|this month|current|to bill|billable|new|used|sold|invoiced|actual))*$|^(?:now|current|this month|current month|#|x|billed)$/,
  ],
  [
    'units',
    /^(?:seats?|licen[cs]es?|users?|devices?|endpoints?|agents?|hours?|hrs|number|no|nr|how many|mailboxes)$/,
  ],
  [
    'service',
    /^(?:(?:service|item|product|sku|line|billing|charge|invoice)[ /-]*)*(?:service|item|product|sku|line|line item|description|desc|charge description|offering|what|product ?\/ ?service|plan name|article)s?(?: ?(?:name|description|desc|sku|code|billed))?$/,
  ],
  [
    'kind',
    /^(?:type|kind|billing (?:class|type)|class|frequency|recurring\??|charge type|category|cadence|one[- ]?off\??)$/,
  ],
  [
    'notes',
    /^(?:notes?|comments?|remarks?|memo|reason|internal notes?|override reason|special instructions?)$/,
  ],
  [
    'source',
    /^(?:source|counted by|from|vendor|system|tool|data source|where|count source|portal|provider)$/,
  ],
];

/** Columns that describe a client and are never counted, unless a price says otherwise. */
const DESCRIBES =
  /^(?:po|po ?#|purchase order|zip|postcode|phone|fax|email|contact|address|city|state|tier|tech|team|owner|am|region|site|location|status|start(?:ed)?|start date|end date|renewal|term|terms|since|currency|tax|taxable|tax code|plan|payment ?(?:type|terms)|pay|min|minimum|included|overage|proration|proration days|days|basis|synced at|override|override until|service period|books item|employees|headcount|staff|row|no|nr|#|rank|sort|year|mcc (?:status|posted|exported)|date|invoice date|due|due date)\.?$/;

export function wordsOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\u00A0]+/g, ' ')
    .replace(/^[\s*•·]+|[\s:*.→]+$/g, '')
    .trim();
}

export function roleOf(text: string): Role {
  const words = wordsOf(text)
    .replace(/ ?\([^)]*\)$/, '')
    .replace(/(?<=\w)\./g, '')
    .trim();
  return ROLES.find(([, fits]) => fits.test(words))?.[0] ?? 'other';
}

export const describesClient = (text: string): boolean => DESCRIBES.test(wordsOf(text));

const MONTH_NAMES = /^(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?/; // prettier-ignore
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** A month in a header, with what is left of the header without it: "Oct qty" is this and "qty". */
export function monthOf(text: string): { readonly mark: MonthMark; readonly rest: string } | null {
  const words = wordsOf(text);
  const relative = /\b(?:(this|current)|(last|prev|previous|prior)) (?:month|mo|period)\b/.exec(
    words,
  );
  if (relative) return { mark: relative[1] ? 'this' : 'last', rest: without(words, relative[0]) };
  const period = readPeriod(words);
  if (period)
    return {
      mark: period,
      rest: words
        .replace(/[^a-z]*\d[\d\s/.-]*/g, ' ')
        .replace(new RegExp(MONTH_NAMES.source.slice(1)), ' ')
        .trim(),
    };
  const named =
    MONTH_NAMES.exec(words) ??
    /(?<=[\s(])(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*(?=\)?$)/.exec(words);
  if (!named) return null;
  const month = MONTHS.indexOf(named[0].trim().slice(0, 3)) + 1;
  return month === 0 ? null : { mark: `month ${month}`, rest: without(words, named[0]) };
}

const without = (words: string, part: string): string =>
  words
    .replace(part, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s'’-]+|[\s'’-]+$/g, '')
    .trim();

/** "EDR Qty" and "EDR price" belong together: the name they share, and what each one is. */
export function splitHeader(text: string): { readonly name: string; readonly role: Role } | null {
  const clean = text.replace(/[\s\u00A0]+/g, ' ').trim();
  const match =
    /^(.{2,}?)[\s:/–—-]*\(?\b(qty|quantity|count|units|price|rate|each|amount|amt|total|ext|\$)\)?$/i.exec(
      clean,
    );
  if (!match) return null;
  const [, name = '', word = ''] = match;
  return roleOf(name) === 'other' ? { name: name.trim(), role: roleOf(word) } : null;
}

/** A price inside a header: "EDR ($8)", "EDR @ 8.00", "EDR $8/ea". */
export function priceInHeader(text: string): string | null {
  const words = text.replace(/[\s\u00A0]+/g, ' ');
  const match =
    /[$€£]\s?(\d{1,6}(?:,\d{3})*(?:\.\d{1,7})?)/.exec(words) ??
    /@\s?(\d{1,6}(?:\.\d{1,7})?)/.exec(words) ??
    /(\d{1,6}\.\d{2,7})\s?(?:\/|per|ea)/i.exec(words);
  return match?.[1]?.replaceAll(',', '') ?? null;
}

const TOTAL_ALONE =
  /^(?:(?:grand|sub|overall|monthly|report|batch|invoice|net|all|company|final|page|section|team|recurring|oct\w*|sep\w*) ?-?)*totals?(?: (?:amount|due|mrr|billing|invoiced?|usd|recurring|this month|month|all clients|clients))*$|^(?:sum|summe|gesamt)$/;
const TOTAL_OF = /^sub-?\s?totals?\b|^totals?\s*[–—:-]|^totals? for\b/;

export const isTotalLabel = (text: string): boolean => {
  const words = wordsOf(text);
  return TOTAL_ALONE.test(words) || TOTAL_OF.test(words);
};
export const isGrandLabel = (text: string): boolean =>
  /\b(?:grand|overall|report|batch|final|all clients)\b.*\btotals?\b|\btotals?\b.*\ball\b/.test(
    wordsOf(text),
  );
export const mentionsTotal = (text: string): boolean =>
  /\b(?:sub-?)?totals?\b|\bsum\b/.test(wordsOf(text));
/** The whole label says price: a client may be called "Price & Partners". */
const PRICE_LABEL =
  /^(?:(?:our|unit|sell|selling|list|monthly|retail|client|customer|standard|base|current|std) )*(?:price|prices|pricing|rate|rates|sell|fee|fees|msrp|each|ea|unit|\$|per unit)(?: ?(?:ea|each|per (?:unit|seat|user|device|month)|\/ ?\w+|list|usd|\$|\(.*\)))*[ .:→>=-]*$/;
const COST_LABEL =
  /^(?:(?:our|unit|vendor|my|dealer|partner) )*(?:costs?|margin|buy|wholesale|markup)(?: ?(?:ea|each|per (?:unit|seat|user|device|month)|price|\$|%|\(.*\)))*[ .:→>=-]*$/;
export const isPriceLabel = (text: string): boolean => PRICE_LABEL.test(wordsOf(text));
export const isCostRowLabel = (text: string): boolean => COST_LABEL.test(wordsOf(text));
export const isCostLabel = (text: string): boolean =>
  /\b(?:cost|costs|margin|buy|wholesale)\b/.test(wordsOf(text));

const ONE_OFF =
  /\b(?:one[- ]?(?:time|off)|labou?r|on-?site|project|projects|hardware|set-?up|install(?:ation)?|migration|ticket|tickets|t&m|non-?recurring|nrc|after[- ]hours|travel|shipping|consulting|milestone|ad ?hoc)\b/;
const CREDIT = /\b(?:credit|credits|refund|refunds|rebate|discount|write-?off)\b/;
export const isOneOffText = (text: string): boolean => ONE_OFF.test(wordsOf(text));
export const isCreditText = (text: string): boolean => CREDIT.test(wordsOf(text));
