/** A person's answer: this account or SKU is that client or service, is several, or is nobody's. */
import type { Mapping } from '../../contract/contract.ts';
import { AppError } from '../../core/errors.ts';
import type { Split } from '../../core/model.ts';
import { SHEET_SOURCE } from '../config-rules.ts';
import { appendAudit } from '../store/audit.ts';
import type { StoreTransaction } from '../store/database.ts';
import type { MappingTable } from '../store/schema-counts.ts';
import { readClients } from './clients.ts';
import type { MappingWorld } from './mappings.ts';
import { checkSplit, describeSplit } from './split-rules.ts';
import { plainWords } from './words.ts';

type Kind = Mapping['kind'];

export interface Answer {
  readonly source: string;
  readonly kind: Kind;
  readonly ref: string;
  /** Null: not a client, never billed; or split, where there is a rule. */
  readonly target: string | null;
  readonly split?: Split | undefined;
  readonly person: string;
  readonly requestId: string;
  /** The seed answers before the source was ever asked; it brings the name. */
  readonly name?: string;
}

const ACTIONS = {
  confirmed: 'confirmed mapping', never: 'excluded account', split: 'split account',
} as const; // prettier-ignore

/** A person links, splits or says "never"; who and when is kept, and the trail has it. */
export async function confirm(
  transaction: StoreTransaction,
  world: MappingWorld,
  answer: Answer,
): Promise<MappingTable> {
  const { source, kind, target, split } = answer;
  const ref = plainWords(answer.ref);
  const row = await readMapping(transaction, source, kind, ref);
  if (!row && source !== SHEET_SOURCE && answer.name === undefined) {
    const what = kind === 'client' ? 'account' : 'SKU';
    throw new AppError(
      'NOT_FOUND',
      `${source} has reported no ${what} "${ref}". Refresh, then link it.`,
    );
  }
  const name = answer.name === undefined ? (row?.name ?? ref) : plainWords(answer.name);
  const title = await titleOf(transaction, world, { ...answer, name });
  const state = split ? 'split' : target === null ? 'never' : 'confirmed';
  const values = {
    source, kind, ref, name, target, state,
    version: (row?.version ?? 0) + 1,
    person: answer.person,
    at: world.clock.now(),
    split: split ? JSON.stringify(split) : null,
  }; // prettier-ignore
  await transaction
    .insertInto('mapping')
    .values(values)
    .onConflict((conflict) => conflict.columns(['source', 'kind', 'ref']).doUpdateSet(values))
    .execute();
  await appendAudit(transaction, world.clock, {
    person: answer.person,
    action: ACTIONS[state],
    object: `${source} ${kind} ${ref}`,
    words: `${name} (${ref}) at ${source} is ${title}; before: ${row?.target ?? row?.split ?? row?.state ?? 'unknown'}.`,
    requestId: answer.requestId,
  });
  return values;
}

/** What the answer means, in the books' own names; throws INPUT_INVALID when it cannot be. */
async function titleOf(
  transaction: StoreTransaction,
  world: MappingWorld,
  { kind, target, split, source, name }: Answer & { readonly name: string },
): Promise<string> {
  if (split) {
    if (kind !== 'client' || target !== null || source === SHEET_SOURCE) {
      const words = 'Only an account of a source is split, and then it has no other target.';
      throw new AppError('INPUT_INVALID', words);
    }
    const clients = await readClients(transaction);
    checkSplit(split, clients, name);
    const nameOf = (id: string): string => clients.find((one) => one.id === id)?.name ?? id;
    return `split: ${describeSplit(split, nameOf)}`;
  }
  if (target === null) return 'never billed';
  if (kind === 'client') {
    const client = (await readClients(transaction)).find(({ id }) => id === target);
    if (client) return client.name;
    throw new AppError(
      'INPUT_INVALID',
      `There is no client "${target}" in the books. Choose one of the list.`,
    );
  }
  const service = world.config.services.find(({ id }) => id === target);
  if (service) return service.name;
  throw new AppError('INPUT_INVALID', `There is no service "${target}". Choose one of the list.`);
}

const readMapping = (
  transaction: StoreTransaction,
  source: string,
  kind: Kind,
  ref: string,
): Promise<MappingTable | undefined> =>
  transaction
    .selectFrom('mapping')
    .selectAll()
    .where('source', '=', source)
    .where('kind', '=', kind)
    .where('ref', '=', ref)
    .executeTakeFirst();
