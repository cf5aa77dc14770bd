/** The whole sample world: one managed service provider, 40 clients, 13 months. Start here. */
import { billedMonths, customerId, POSTED_MONTHS } from './billed.ts';
import { SERVICES, SKUS } from './catalogue.ts';
import { CLIENTS } from './clients.ts';
import { agentHistory, huntressOrganisations } from './huntress-view.ts';
import { confirmedMappings } from './mappings.ts';
import type { SamplePlant, SampleVariant, SampleVendors, SampleWorld } from './model.ts';
import { deviceHistory, DOUBLE_COUNT, DROP_TO_ZERO, organisations } from './ninjaone-view.ts';
import { companies, subscriptions, UNMAPPED_COMPANY } from './pax8-view.ts';
import { indexOfPeriod, PERIODS, PLAN_SWAP } from './timeline.ts';

export const COMPANY = { name: 'Alder Street IT, LLC', currency: 'USD' } as const;
export const CURRENT_PERIOD: string = PERIODS[PERIODS.length - 1] ?? '';
/** Sunday evening of the sample: the clock at the first start (rulings 26). */
export const NOW = '2026-10-31T10:00:00.000Z';
/** When everything last answered; one source fails from here on. */
export const LAST_GOOD_SYNC = '2026-10-30T03:00:00.000Z';

/** Somebody typed this over the formula in October: last month's plan, not what is there. */
const TYPED_OVER = { code: 'A1007', serviceId: 'WS', quantity: 51 } as const;
const PARENT_OF_SUB_CUSTOMERS = { id: '80000029-1730000041', name: 'Town of Millbrook' };

const made = new Map<SampleVariant, SampleWorld>();

/** The same world every time: it is made once, and nobody can change it. */
export function sampleWorld(variant: SampleVariant): SampleWorld {
  const world = made.get(variant) ?? makeWorld(variant);
  made.set(variant, world);
  return world;
}

function makeWorld(variant: SampleVariant): SampleWorld {
  const months = billedMonths(variant);
  const current = months.at(-1);
  if (!current) throw new Error('Broken promise: the sample has a current month');
  const isPlanted = variant === 'planted';
  const { code, serviceId, quantity } = TYPED_OVER;
  return {
    variant,
    company: COMPANY,
    customers: CLIENTS.map((client) => ({
      id: customerId(client.code),
      code: client.code,
      name: client.name,
      sheetName: client.sheetName ?? client.name,
      team: client.team,
      note: client.note ?? '',
    })),
    parents: [PARENT_OF_SUB_CUSTOMERS],
    services: SERVICES,
    skus: SKUS,
    months: months.slice(0, POSTED_MONTHS),
    current,
    typedOver: isPlanted ? [{ clientId: customerId(code), serviceId, quantity }] : [],
    mappings: confirmedMappings(),
    planted: isPlanted ? plants() : [],
    vendors: vendorsOf(variant),
  };
}

function vendorsOf(variant: SampleVariant): (period: string) => SampleVendors {
  const devicesAt = deviceHistory(variant);
  const agentsAt = agentHistory(variant);
  const shown = new Map<string, SampleVendors>();
  const show = (month: number): SampleVendors => ({
    ninjaone: { organisations: organisations(), devices: devicesAt(month) },
    pax8: {
      companies: companies(variant, month),
      subscriptions: subscriptions(variant, month),
    },
    huntress: { organisations: huntressOrganisations(variant, month), agents: agentsAt(month) },
  });
  return (period) => {
    const vendors = shown.get(period) ?? show(indexOfPeriod(period));
    shown.set(period, vendors);
    return vendors;
  };
}

function plants(): SamplePlant[] {
  return [
    {
      kind: 'double count',
      clientId: customerId(DOUBLE_COUNT.code),
      serviceIds: [DOUBLE_COUNT.serviceId],
      words: 'Every laptop is listed twice after its agent was installed anew.',
    },
    {
      kind: 'drop to zero',
      clientId: customerId(DROP_TO_ZERO.code),
      serviceIds: [DROP_TO_ZERO.serviceId],
      words: 'All four servers are gone from the monitoring tool.',
    },
    {
      kind: 'plan swap',
      clientId: customerId(PLAN_SWAP.code),
      serviceIds: [PLAN_SWAP.from, PLAN_SWAP.to],
      words: 'Ten seats moved from Business Standard to Business Premium.',
    },
    {
      kind: 'typed over',
      clientId: customerId(TYPED_OVER.code),
      serviceIds: [TYPED_OVER.serviceId],
      words: 'A number was typed over the formula.',
    },
    {
      kind: 'unmapped',
      clientId: null,
      serviceIds: [],
      words: `${UNMAPPED_COMPANY.name} is new at the distributor.`,
    },
  ];
}
