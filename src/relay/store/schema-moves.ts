/** Moves that the state machine of a posting has learnt since its tables were made. */
import type { Migration } from './migration.ts';

export const moveMigrations: readonly Migration[] = [
  {
    id: 'moves-1',
    statements: ['MISMATCH', 'MISSING_IN_LEDGER', 'VOIDED', 'DUPLICATE_IN_LEDGER'].map(
      (trouble) => `insert or ignore into posting_move values ('${trouble}', 'POSTED')`,
    ),
  },
  {
    id: 'moves-2',
    statements: ["insert or ignore into posting_move values ('MISSING_IN_LEDGER', 'SUPERSEDED')"],
  },
];
