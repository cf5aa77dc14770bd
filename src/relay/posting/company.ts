/** Are these the books we know? Another company behind the same connection parks it (F29). */
import { AppError } from '../../core/errors.ts';
import type { CompanyIdentity } from '../accounting/accounting.ts';

import { holdFence, type Engine, type OnBooks } from './engine.ts';
import { skewWords } from './machine.ts';
import { RELAY, type Asker } from './ports.ts';
import { BATCH_STATES } from './states.ts';
import type { PostingTransaction } from './store-port.ts';

const OTHER_COMPANY = { remedy: 'Check which company the connection to the books opens.' };

/**
 * Asks the books who they are and holds it against the company that was pinned. The pinned
 * company lifts a park again; any other one parks the connection and throws.
 */
export async function checkCompany(engine: Engine, asker: Asker): Promise<void> {
  const company = await engine.books.company.identity();
  const skew = skewWords(engine, company);
  if (skew !== null) {
    throw new AppError(
      'LEDGER_CONFLICT',
      `${engine.books.system.title}: ${skew}. Nothing was sent.`,
      { remedy: 'Set the clock of this machine, start the relay again and repeat it.' },
    );
  }
  const trouble = await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    return pinOrPark(engine, transaction, company, asker);
  });
  if (trouble !== null) throw new AppError('LEDGER_CONFLICT', trouble, OTHER_COMPANY);
}

/**
 * Asked before the books' customers are taken over: whoever is mapped and approved from then on
 * belongs to this company (F29). Before anything was sent in another one may still be connected.
 */
export async function pinCompany(engine: Engine, company: CompanyIdentity): Promise<void> {
  const id = engine.books.connection;
  const trouble = await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    const row = await transaction.findConnection(id);
    const isOther = row?.company_id != null && row.company_id !== company.id;
    if (isOther && row.recovery === null && !(await isUsed(transaction, id))) {
      const park = row.park_kind === 'company' ? { parked: null, park_kind: null, parked_by: null } : {}; // prettier-ignore
      await transaction.changeConnection(id, { ...park, company_id: null });
    }
    return pinOrPark(engine, transaction, company, RELAY);
  });
  if (trouble !== null) throw new AppError('LEDGER_CONFLICT', trouble);
}

const isUsed = async (transaction: PostingTransaction, connection: string): Promise<boolean> =>
  (await transaction.batchHeadsInStates(connection, BATCH_STATES)).length > 0;

/** Of what was parked nothing is sent before its company was asked, or a person has lifted it. */
export async function isParked({ store, books }: OnBooks): Promise<boolean> {
  const row = await store.findConnection(books.connection);
  return row?.parked != null;
}

async function pinOrPark(
  engine: Engine,
  transaction: PostingTransaction,
  company: CompanyIdentity,
  asker: Asker,
): Promise<string | null> {
  const id = engine.books.connection;
  const row = await transaction.findConnection(id);
  if (row?.company_id == null) {
    await transaction.changeConnection(id, { company_id: company.id, company_name: company.name });
    await audit(engine, transaction, asker, 'company pinned', `These books are ${company.name}.`);
    return null;
  }
  if (row.company_id === company.id) {
    // What a person has to lift is not lifted by the company being the right one.
    if (row.parked === null || row.park_kind === 'caps') return null;
    const none = { parked: null, park_kind: null, parked_by: null };
    await transaction.changeConnection(id, none);
    await audit(engine, transaction, asker, 'books unparked', `These are ${company.name} again.`);
    return null;
  }
  const was = row.company_name ?? row.company_id;
  const words = `${engine.books.system.title}: the company was ${was}, now ${company.name} answers. Nothing is posted there`;
  if (row.parked === null) {
    const parked = { parked: words, park_kind: 'company', parked_by: asker.person };
    await transaction.changeConnection(id, parked);
    await audit(engine, transaction, asker, 'books parked', `${words}.`);
  }
  return `${words}. Open the right company file, or set up a new connection.`;
}

const audit = (
  engine: Engine,
  transaction: PostingTransaction,
  asker: Asker,
  action: string,
  words: string,
): Promise<void> => {
  const { person, requestId } = asker;
  const entry = { person, requestId, action, object: engine.books.connection, words };
  return transaction.appendAudit(entry);
};
