/** Linking accounts, SKUs and the sheet's spellings. A guess is only ever shown. */
import type { Mapping } from '../../src/contract/contract.ts';
import { routes } from '../../src/contract/contract.ts';
import { progress, work, type Pane } from '../pane.ts';
import { currentSnapshot } from './review.ts';

export interface Answer {
  readonly mapping: Mapping;
  /** Null: it is nobody's, never billed. */
  readonly target: string | null;
}

export async function openSources(pane: Pane): Promise<void> {
  pane.tell({ type: 'went', step: 'sources' });
  await work(pane, 'Looking at the sources', async () => {
    await learnMappings(pane);
    if (pane.get().sheet !== null) await currentSnapshot(pane);
    return 'Sources are up to date.';
  });
}

/** One confirmation or a hundred: each is stored with who and when. */
export async function confirm(pane: Pane, answers: readonly Answer[]): Promise<void> {
  await work(pane, 'Saving', async () => {
    for (const [index, { mapping, target }] of answers.entries()) {
      progress(pane, 'Saving', index, answers.length);
      const { source, kind, ref } = mapping;
      await pane.outside.client.call(routes.confirmMapping, {
        body: { source, kind, ref, target },
      });
    }
    await learnMappings(pane);
    return `${answers.length} ${answers.length === 1 ? 'link' : 'links'} saved. Refresh takes them over.`;
  });
}

async function learnMappings(pane: Pane): Promise<void> {
  const { client } = pane.outside;
  const { sources } = await client.call(routes.sources, {});
  const { mappings } = await client.call(routes.mappings, { query: {} });
  const unknown = pane.get().review?.unknown ?? [];
  const spellings: Mapping[] = [];
  for (const kind of ['client', 'service'] as const) {
    const names = unknown.filter((entry) => entry.kind === kind).map((entry) => entry.name);
    if (names.length === 0) continue;
    const answer = await client.call(routes.suggest, { body: { kind, names } });
    spellings.push(...answer.mappings);
  }
  pane.tell({ type: 'learned', news: { sources, mappings, spellings } });
}
