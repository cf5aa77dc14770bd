/** While the relay asks the sources: which are under way and how far, looked at now and then. */
import type { RunningSync } from '../../src/contract/contract.ts';
import { routes } from '../../src/contract/contract.ts';
import type { SourceHealth } from '../../src/core/model.ts';
import { progress, type Pane } from '../pane.ts';
import { plural } from '../words.ts';

const LOOK_MS = 1_000;

/** Resolves with the work itself; the looks end with it. */
export async function watchSyncs<T>(pane: Pane, work: Promise<T>): Promise<T> {
  const ended = (): boolean => true;
  const settled = work.then(ended, ended);
  const pause = async (): Promise<boolean> => {
    await pane.outside.delay(LOOK_MS);
    return false;
  };
  while (!(await Promise.race([settled, pause()]))) {
    const { running } = await pane.outside.client.call(routes.sources, {});
    pane.tell({ type: 'learned', news: { running } });
    progress(pane, `Asking the sources: ${inWords(running, pane.get().sources)}`);
  }
  pane.tell({ type: 'learned', news: { running: [] } });
  return work;
}

const inWords = (running: readonly RunningSync[], sources: readonly SourceHealth[]): string =>
  running
    .map(({ source, pages }) => {
      const title = sources.find(({ id }) => id === source)?.title ?? source;
      return `${title} ${howFar(pages)}`;
    })
    .join(', ') || 'done';

export const howFar = (pages: number): string => (pages === 0 ? 'begins' : plural(pages, 'answer'));
