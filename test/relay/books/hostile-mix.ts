/** The hostile mix of posting-safety 1.5 as faults of the stand-ins, the same for every system. */
import { FaultSchema, type Fault } from '../../../src/sim/faults.ts';
import type { Exchange } from '../../../src/sim/exchange.ts';
import type { BooksCase } from './case.ts';

/** How often a process dies at each step of an invoice. */
export const CRASH = 0.06;
/** How often the tokens end between two rounds of the worker. */
export const REVOKED = 0.1;

const PROXY_WORDS = 'slow down';

interface Share extends Pick<Fault, 'fault'>, Partial<Omit<Fault, 'fault' | 'chance'>> {
  readonly share: number;
}

/** Of every hundred creates; what is left goes well. */
const OF_CREATES: readonly Share[] = [
  { share: 0.1, fault: 'drop-request' },
  { share: 0.1, fault: 'drop-answer' },
  { share: 0.06, fault: 'status', status: 500 },
  { share: 0.05, fault: 'status', status: 500, work: true },
  { share: 0.02, fault: 'late-landing', status: 504, ms: 40_000 },
  { share: 0.02, fault: 'late-landing', status: 504, ms: 400_000 },
  { share: 0.02, fault: 'late-landing', status: 504, ms: 840_000 },
  { share: 0.01, fault: 'status', status: 429, body: PROXY_WORDS, work: true },
  { share: 0.01, fault: 'status', status: 429, body: PROXY_WORDS },
  { share: 0.02, fault: 'truncate' },
  { share: 0.02, fault: 'reset' },
  { share: 0.01, fault: 'html', work: true },
  { share: 0.01, fault: 'html' },
  { share: 0.01, fault: 'twice' },
];

/** Of every hundred questions. */
const OF_QUESTIONS: readonly Share[] = [
  { share: 0.03, fault: 'status', status: 500 },
  { share: 0.02, fault: 'drop-answer' },
  { share: 0.01, fault: 'status', status: 429, body: PROXY_WORDS },
  { share: 0.01, fault: 'truncate' },
  { share: 0.01, fault: 'html' },
];

export function hostileMix(one: BooksCase, seed: string): readonly Fault[] {
  const own = ownRefusal(one);
  const creates = own ? [...OF_CREATES, { share: 0.03, ...own }] : OF_CREATES;
  return [
    ...faultsOf(one, one.create, creates, seed),
    ...questionsOf(one).flatMap((match) => faultsOf(one, match, OF_QUESTIONS, seed)),
  ];
}

/** The answer by which this system itself says that it has no time: nothing was done. */
function ownRefusal({ shapes }: BooksCase): Omit<Share, 'share'> | null {
  const shape = shapes.find(({ reply, verdict }) => reply.status === 429 && verdict === 'not sent');
  if (!shape) return null;
  const { status = 429, headers = {}, body } = shape.reply;
  return { fault: 'status', status, headers, body };
}

/** Signing in goes well: a refresh token that is lost on its way ends a connection for ever. */
const questionsOf = ({ lookupPaths, create }: BooksCase): readonly object[] => [
  { method: 'GET' },
  ...lookupPaths.filter((path) => path !== create.path).map((path) => ({ method: 'POST', path })),
];

/** Faults are tried one after the other, so each has its share of what those before left over. */
function faultsOf(one: BooksCase, match: object, shares: readonly Share[], seed: string): Fault[] {
  let left = 1;
  return shares.map(({ share, ...fault }, index) => {
    const chance = share / left;
    left -= share;
    const named = `${seed} ${JSON.stringify(match)} ${String(index)}`;
    return FaultSchema.parse({ system: one.standIn, match, ...fault, chance, seed: named });
  });
}

/** True for a create after which nobody but the books knows whether they have it. */
export const isOpen = ({ fault, status, answer }: Exchange): boolean =>
  fault !== null && fault !== 'twice' && (status !== 429 || answer === PROXY_WORDS);
