/** The routes about months, counts, sources and links. */
import type { BillingPeriod } from '../../core/billing-period.ts';
import { previousPeriod } from '../../core/billing-period.ts';
import type { Client, PostedMonth } from '../../core/model.ts';
import { sumAmounts, type Currency, type Money } from '../../core/money.ts';
import type { PeriodState } from '../../contract/contract.ts';
import type { Handlers } from '../handlers.ts';
import { readClients } from './clients.ts';
import { periodAt } from '../clock.ts';
import type { Counting } from './counting.ts';
import { createImporter } from './import-file.ts';
import { listMappings, suggestFor, toMapping } from './mappings.ts';
import type { CountingPorts } from './ports.ts';

type CountRoute =
  | 'period'
  | 'snapshot'
  | 'refresh'
  | 'history'
  | 'sources'
  | 'importFile'
  | 'mappings'
  | 'confirmMapping'
  | 'suggest';

const HISTORY_MONTHS = 12;

export function countHandlers(
  ports: CountingPorts,
  counting: Counting,
): Pick<Handlers, CountRoute> {
  const current = (): BillingPeriod => periodAt(ports.clock.now(), ports.config.timeZone);
  const importFile = createImporter(ports, counting);
  return {
    period: ({ params }) => stateOfPeriod(ports, counting, params.period),
    snapshot: ({ params }) => counting.snapshot(params.period, params.snapshot),
    refresh: async ({ params, body }) => {
      const { sources, confirmEmpty, confirmProfile } = body;
      // Without a customer nothing can be linked, so trouble with the books is said here.
      const isFirst = (await readClients(ports.store)).length === 0;
      if (isFirst) await counting.syncBooks();
      return counting.refresh({
        period: params.period,
        insist: true,
        withBooks: !isFirst && !sources,
        ...(sources ? { sources } : {}),
        ...(confirmEmpty ? { confirmEmpty } : {}),
        ...(confirmProfile ? { confirmProfile } : {}),
      });
    },
    history: async ({ params, query }) => {
      const months = Number(query.months ?? HISTORY_MONTHS);
      return { months: await ports.closed.postedMonths(params.period, months) };
    },
    sources: async () => ({
      sources: await counting.health(current()),
      running: counting.running(),
    }),
    importFile: ({ params, query, body, person, requestId }) =>
      importFile({
        source: params.source,
        period: query.period,
        name: query.name,
        bytes: body,
        confirmProfile: query.confirmProfile === 'yes',
        person,
        requestId,
      }),
    mappings: async ({ query }) => ({
      mappings: await listMappings(ports.store, ports, query.source),
    }),
    confirmMapping: async ({ body, person, requestId }) => {
      // The month before may still be open: its counts follow the link too.
      const periods = [previousPeriod(current()), current()];
      return toMapping(await counting.confirm({ ...body, person, requestId }, periods));
    },
    suggest: async ({ body }) => ({
      mappings: await suggestFor(ports.store, ports, body.kind, body.names),
    }),
  };
}

async function stateOfPeriod(
  ports: CountingPorts,
  counting: Counting,
  period: BillingPeriod,
): Promise<PeriodState> {
  const { clock, config, closed, store } = ports;
  const [previous] = await closed.postedMonths(period, 1);
  const batch = await closed.batchOf(period);
  return {
    period,
    now: clock.now(),
    started: period <= periodAt(clock.now(), config.timeZone),
    sealed: await closed.isSealed(period),
    snapshotId: await counting.latestId(period),
    previous: previous ? totalsOf(previous, await readClients(store), config.currency) : null,
    batchId: batch?.id ?? null,
  };
}

function totalsOf(
  { period, lines }: PostedMonth,
  clients: readonly Client[],
  home: Currency,
): NonNullable<PeriodState['previous']> {
  const currencies = new Map(clients.map(({ id, currency }) => [id, currency]));
  const grouped = Map.groupBy(lines, ({ clientId }) => currencies.get(clientId) ?? home);
  const totals: Money[] = [...grouped].map(([currency, of]) => ({
    currency,
    amount: sumAmounts(
      of.map(({ amount }) => amount),
      currency,
    ),
  }));
  return { period, invoices: new Set(lines.map(({ clientId }) => clientId)).size, totals };
}
