/** Every set of books with a stand-in, one line each. */
import type { BooksCase } from './case.ts';
import { conductorCase } from './conductor.ts';

export const CASES: readonly BooksCase[] = [conductorCase];
