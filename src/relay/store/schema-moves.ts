/** Moves that the state machine of a posting has learnt since its tables were made. */
import type { Migration } from './migration.ts';

/** What a person mended in the books is posted again; what is wrong otherwise is said so. */
const TROUBLES = ['MISMATCH', 'MISSING_IN_LEDGER', 'VOIDED', 'DUPLICATE_IN_LEDGER'];
/** What the books hold no more gives way to another approval, or to a closing without invoice. */
const GONE = ['MISSING_IN_LEDGER', 'VOIDED'];

const move = (from: string, to: string): string =>
  `insert or ignore into posting_move values ('${from}', '${to}')`;

export const moveMigrations: readonly Migration[] = [
  {
    id: 'moves-1',
    statements: [
      ...TROUBLES.map((state) => move(state, 'POSTED')),
      ...GONE.map((state) => move(state, 'SUPERSEDED')),
    ],
  },
  {
    id: 'moves-2',
    statements: TROUBLES.flatMap((from) =>
      TROUBLES.filter((to) => to !== from).map((to) => move(from, to)),
    ),
  },
];
