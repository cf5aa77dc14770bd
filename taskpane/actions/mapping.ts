/** Linking accounts, SKUs and the sheet's spellings. A guess is only ever shown. */
import type { Mapping } from '../../src/contract/contract.ts';
import { routes } from '../../src/contract/contract.ts';
import { progress, work, type Pane } from '../pane.ts';
import { currentSnapshot } from './review.ts';

export interface Answer {
  readonly mapping: Mapping;
  /** Null: it is nobody's, never billed. */
  readonly target: string | null;
  /** Of an account that serves several clients; it has no one target then. */
  readonly split?: NonNullable<Mapping['split']>;
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
    for (const [index, { mapping, target, split }] of answers.entries()) {
      progress(pane, 'Saving', index, answers.length);
      const { source, kind, ref } = mapping;
      await pane.outside.client.call(routes.confirmMapping, {
        body: { source, kind, ref, target, ...(split ? { split: split } : {}) },
      });
    }
    await learnMappings(pane, answers);
    return `${answers.length} ${answers.length === 1 ? 'link' : 'links'} saved. Refresh takes them over.`;
  });
}

/** A spelling that was answered is not asked again; the next reading shows whether it holds. */
async function learnMappings(pane: Pane, answers: readonly Answer[] = []): Promise<void> {
  const { client } = pane.outside;
  const { sources } = await client.call(routes.sources, {});
  const { mappings } = await client.call(routes.mappings, { query: {} });
  const answered = new Set(answers.map(({ mapping }) => keyOf(mapping)));
  const unknown: { kind: Mapping['kind']; name: string }[] = [];
  const spellings: Mapping[] = [];
  for (const kind of ['client', 'service'] as const) {
    const entries = pane.get().review?.unknown.filter((entry) => entry.kind === kind) ?? [];
    if (entries.length === 0) continue;
    const body = { kind, names: entries.map((entry) => entry.name) };
    // One for each name, in the same order.
    const suggested = (await client.call(routes.suggest, { body })).mappings;
    const isOpen = (mapping: Mapping | undefined): boolean =>
      mapping !== undefined && !answered.has(keyOf(mapping));
    unknown.push(...entries.filter((_, index) => isOpen(suggested[index])));
    spellings.push(...suggested.filter(isOpen));
  }
  const { review } = pane.get();
  const news = { sources, mappings, spellings, review: review && { ...review, unknown } };
  pane.tell({ type: 'learned', news });
}

const keyOf = ({ source, kind, ref }: Mapping): string => `${source}|${kind}|${ref}`;
