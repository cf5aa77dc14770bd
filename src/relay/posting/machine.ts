/** What the machine must give before anything is sent: room on the disk (F33), a true clock (F31). */
import { AppError } from '../../core/errors.ts';
import type { CompanyIdentity } from '../accounting/accounting.ts';
import type { Machine, PostingPorts } from './ports.ts';

const RESERVE_BYTES = 100 * 1024 * 1024;
const SKEW_MS_MAX = 5 * 60_000;

type OnMachine = Pick<PostingPorts, 'machine'>;

/** An intent that cannot be written is never sent; a batch is not begun where it may come to that. */
export function checkRoom(on: OnMachine): void {
  const trouble = roomTrouble(on);
  if (trouble !== null) throw new AppError('SETUP_MISSING', `${trouble} Make room, then post.`);
}

/** In words, that there is too little room to post; null while there is enough, or nobody knows. */
export function roomTrouble({ machine }: { machine: Pick<Machine, 'freeBytes'> }): string | null {
  const free = machine.freeBytes();
  if (free === null || free >= RESERVE_BYTES) return null;
  const words = `Only ${Math.floor(free / 1024 / 1024)} MB are left on the disk of the data folder`;
  return `${words}; posting needs 100 MB.`;
}

/** In words, how far the clocks are apart; null when they agree or the books do not tell. */
export function skewWords({ machine }: OnMachine, { answeredAt }: CompanyIdentity): string | null {
  const ours = machine.nowMs();
  const theirs = answeredAt == null ? NaN : Date.parse(answeredAt);
  if (ours === null || !Number.isFinite(theirs)) return null;
  const apart = Math.abs(ours - theirs);
  if (apart <= SKEW_MS_MAX) return null;
  return `the clock of this machine is ${Math.round(apart / 60_000)} minutes off the books' clock: set it right, then start the relay again`;
}
