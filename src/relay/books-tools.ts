/** Tokens and folder of the books connection; the store comes after the connections are checked. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '../core/errors.ts';
import type { BooksTools, TokenKeeper } from './accounting/tools.ts';
import type { Clock } from './clock.ts';
import type { Store } from './store/database.ts';
import { createTokenKeeper, provideTokenKey } from './store/books-tokens.ts';

export interface LateBooksTools {
  readonly tools: BooksTools;
  /** Before the first question to the books. */
  open(at: { readonly store: Store; readonly clock: Clock }): void;
}

export function createBooksTools(directory: string, connection: string): LateBooksTools {
  let keeper: TokenKeeper | null = null;
  let clock: Clock | null = null;
  return {
    tools: {
      tokens: {
        accessToken(request) {
          assert(keeper, 'the store is open before the books are asked');
          return keeper.accessToken(request);
        },
      },
      folder() {
        const folder = join(directory, 'books', connection);
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        return folder;
      },
      now() {
        assert(clock, 'the clock runs before the books are asked');
        return Date.parse(clock.now());
      },
    },
    open(at) {
      clock = at.clock;
      keeper = createTokenKeeper({ ...at, connection, key: provideTokenKey(directory) });
    },
  };
}
