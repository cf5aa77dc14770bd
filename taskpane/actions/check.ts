/** The spot-check: all invoices are read back, five of them are looked at by a person. */
import type { Batch } from '../../src/contract/contract.ts';
import { routes } from '../../src/contract/contract.ts';
import { work, type Pane } from '../pane.ts';
import { plural } from '../words.ts';
import { workAndLook } from './on-batch.ts';

export async function draw(pane: Pane): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  // Reading back may find what was voided, changed or deleted: the batch is looked at after it.
  await workAndLook(pane, 'Reading the invoices back', async () => {
    const spotCheck = await pane.outside.client.call(routes.spotCheck, {
      params: { batch: batch.id },
      body: {},
    });
    pane.tell({ type: 'learned', news: { spotCheck } });
    await learnMonth(pane, batch);
    pane.tell({ type: 'went', step: 'spot-check' });
    const { readBack, invoices } = spotCheck;
    const drawn = `${invoices.length} ${invoices.length === 1 ? 'is' : 'are'} drawn for you`;
    return `${readBack.equal} of ${readBack.compared} invoices equal what was approved. ${drawn}.`;
  });
}

/** The read-back may have found one gone, and whether the month is closed only the relay knows. */
async function learnMonth(pane: Pane, { id, period }: Batch): Promise<void> {
  const { client } = pane.outside;
  const [batch, month, status] = await Promise.all([
    client.call(routes.batch, { params: { batch: id } }),
    client.call(routes.period, { params: { period } }),
    client.call(routes.status, { params: { period } }),
  ]);
  pane.tell({ type: 'learned', news: { batch, month, statuses: status.clients } });
}

export async function judge(
  pane: Pane,
  key: string,
  verdict: 'matches' | 'does not match',
): Promise<void> {
  const { batch, spotCheck } = pane.get();
  if (!batch || !spotCheck) return;
  await work(pane, 'Saving', async () => {
    const params = { batch: batch.id, check: spotCheck.id };
    const saved = await pane.outside.client.call(routes.spotVerdict, {
      params,
      body: { key, verdict },
    });
    pane.tell({ type: 'learned', news: { spotCheck: saved } });
    const open = saved.invoices.filter((invoice) => invoice.verdict === null).length;
    if (open > 0) return `${open} to go.`;
    await learnMonth(pane, batch);
    return `${plural(saved.invoices.length, 'invoice')} looked at.`;
  });
}
