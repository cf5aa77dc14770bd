/** Every set of books with a stand-in, one line each. */
import type { BooksCase } from './case.ts';
import { conductorCase } from './conductor.ts';
import { posterWithKey, posterWithNumbers, posterWithout } from './generic-json-poster.ts';
import { netsuiteCase } from './netsuite.ts';
import { quickbooksOnlineCase } from './quickbooks-online.ts';
import { sageAccountingCase } from './sage-accounting.ts';
import { sageIntacctCase } from './sage-intacct.ts';
import { xeroCase } from './xero.ts';

export const CASES: readonly BooksCase[] = [
  conductorCase,
  netsuiteCase,
  posterWithout,
  posterWithKey,
  posterWithNumbers,
  quickbooksOnlineCase,
  sageAccountingCase,
  sageIntacctCase,
  xeroCase,
];
