/** What must be right about a client before anything of it can be billed: one flag each. */
import { groupBy } from './lists.ts';
import type { BillingLine, Client, ClientId, Flag, FlagRule } from './model.ts';
import { absoluteAmount, sumAmounts } from './money.ts';
import type { Currency } from './money.ts';

export function checkClients(
  lines: readonly BillingLine[],
  clients: ReadonlyMap<ClientId, Client>,
  currency: Currency,
): readonly Flag[] {
  return [...groupBy(lines, ({ clientId }) => clientId)].flatMap(([id, own]) => {
    const client = clients.get(id);
    if (!client) return [];
    const { name } = client;
    const flags: Flag[] = [];
    if (client.currency !== currency) {
      const text = `${name} is billed in ${client.currency}, this sheet is in ${currency}. Hold it here and bill it from a sheet of its currency.`;
      flags.push(clientFlag('currency differs', text, own, currency));
    }
    if (!client.active) {
      const text = `${name} is inactive in the books. Make it active there, or hold it.`;
      flags.push(clientFlag('client inactive', text, own, currency));
    }
    return flags;
  });
}

function clientFlag(
  rule: FlagRule,
  text: string,
  lines: readonly BillingLine[],
  currency: Currency,
): Flag {
  const amounts = lines.map(({ amount }) => amount);
  const impact = { amount: absoluteAmount(sumAmounts(amounts, currency)), currency };
  const [first] = lines;
  const [cell, clientId] = [first?.cell ?? null, first?.clientId ?? null];
  return { rule, blocks: true, text, cell, clientId, serviceId: null, source: null, impact };
}
