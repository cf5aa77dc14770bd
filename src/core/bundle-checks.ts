/** One price for several counts: where they disagree, the line asks which of them is right. */
import { countOf, indexCounts, type CountIndex } from './counts.ts';
import { makeLineFlag } from './line-flag.ts';
import type { BillingLine, Flag, Snapshot } from './model.ts';
import { absoluteAmount, compareDecimals, lineAmount, subtractQuantities, zeroAmount, type Currency, type Quantity } from './money.ts'; // prettier-ignore

/** The money at stake is the price times the widest gap to what is billed. */
export function checkBundles(
  lines: readonly BillingLine[],
  snapshot: Snapshot | null,
  currency: Currency,
): readonly Flag[] {
  if (!snapshot?.services.some(({ bundle = [] }) => bundle.length > 1)) return [];
  const index = indexCounts(snapshot);
  return lines.flatMap((line) => checkLine(line, index, currency) ?? []);
}

function checkLine(line: BillingLine, index: CountIndex, currency: Currency): Flag | null {
  const service = index.services.get(line.serviceId);
  if (!service?.bundle || line.kind !== 'recurring') return null;
  const counted = service.bundle.flatMap((id) => {
    const answer = countOf(index, line.clientId, id);
    const name = index.services.get(id)?.name ?? id;
    return answer.kind === 'count' ? [{ name, quantity: answer.count.quantity }] : [];
  });
  const differing = counted.filter(({ quantity }) => quantity !== counted[0]?.quantity);
  if (differing.length === 0) return null;
  const said = counted.map(({ name, quantity }) => `${name} ${quantity}`).join(', ');
  const words = `${service.name} is one price for counts that disagree: ${said}`;
  const text = `${words}; ${line.quantity} are billed. Keep it or correct the quantity.`;
  const stake = widest(line, counted, currency);
  return makeLineFlag('bundle differs', line, text, stake, currency);
}

function widest(
  line: BillingLine,
  counted: readonly { readonly quantity: Quantity }[],
  currency: Currency,
): ReturnType<typeof lineAmount> {
  return counted
    .map(({ quantity }) =>
      absoluteAmount(
        lineAmount(subtractQuantities(quantity, line.quantity), line.unitPrice, currency),
      ),
    )
    .reduce(
      (most, amount) => (compareDecimals(amount, most) > 0 ? amount : most),
      zeroAmount(currency),
    );
}
