/** As many customers in a stand-in's books as a large month needs, with ids of the system's form. */
import { addCustomer } from '../../../src/sim/conductor/office.ts';
import type { RunningSim } from '../../../src/sim/start-sim.ts';
import { uuidFrom } from '../../../src/sample/random.ts';

/** The names of the new ones. */
export function addClients({ standIns }: RunningSim, standIn: string, count: number): string[] {
  const names = Array.from({ length: count }, (_, index) => `Client ${String(index + 1)} of many`);
  const ledger = standIns.ledgers.get(standIn);
  const nowMs = standIns.clock.nowMs();
  if (!ledger) {
    for (const name of names) addCustomer(standIns.books, { name, isActive: true }, nowMs);
    return names;
  }
  const known = ledger.all('customer');
  const [first] = known;
  if (!first) throw new Error(`${standIn} has no customer to be like`);
  for (const [index, name] of names.entries()) {
    const id = idLike(first.id, known.length + index + 1, name);
    ledger.put('customer', id, { ...first, id, name, code: null });
  }
  return names;
}

function idLike(id: string, position: number, name: string): string {
  if (/^[\da-f]{8}-/.test(id)) return uuidFrom(name);
  if (/^[\da-f]{32}$/.test(id)) return uuidFrom(name).replaceAll('-', '');
  return id.replace(/\d+$/, (digits) => String(Number(digits) + position));
}
