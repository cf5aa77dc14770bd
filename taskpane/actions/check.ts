/** The spot-check: all invoices are read back, five of them are looked at by a person. */
import { routes } from '../../src/contract/contract.ts';
import { work, type Pane } from '../pane.ts';

export async function draw(pane: Pane): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  await work(pane, 'Reading the invoices back', async () => {
    const spotCheck = await pane.outside.client.call(routes.spotCheck, {
      params: { batch: batch.id },
      body: {},
    });
    pane.tell({ type: 'learned', news: { spotCheck } });
    pane.tell({ type: 'went', step: 'spot-check' });
    const { compared, equal } = spotCheck.readBack;
    return `${equal} of ${compared} invoices equal what was approved. Five are drawn for you.`;
  });
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
    return open === 0 ? 'All five are looked at.' : `${open} to go.`;
  });
}
