/** A place for tokens and files that is gone with the test. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOW } from '../../../src/sample/world.ts';
import type { BooksTools, Grant } from '../../../src/relay/accounting/accounting.ts';

export function memoryTools(): BooksTools {
  let kept: Grant | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    tokens: {
      accessToken({ first, refused, renew }) {
        const mine = turn
          .catch(() => null)
          .then(async () => {
            if (kept && !refused) return kept.accessToken;
            kept = await renew(kept?.refreshToken ?? first);
            return kept.accessToken;
          });
        turn = mine;
        return mine;
      },
    },
    folder: () => mkdtempSync(join(tmpdir(), 'books-')),
    now: () => Date.parse(NOW),
  };
}
