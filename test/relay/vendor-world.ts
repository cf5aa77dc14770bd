/** One source of the registry, counting from its recording over real HTTP, spoilt as a test says. */
import { parsePeriod } from '../../src/core/billing-period.ts';
import type { CountSource } from '../../src/relay/sources/source.ts';
import { startWorld, type CountingWorld } from './counting-world.ts';
import { startServer, type Reply, type Seen, type Server } from './replay-server.ts';
import { isQuestion, replay, type Recording } from './recording.ts';

export type Spoil = (whole: Reply, asked: number) => Reply;

export interface Vendor {
  readonly world: CountingWorld;
  readonly server: Server;
  /** Until the next call its questions are answered like this; null: as recorded. */
  spoil(spoil: Spoil | null): void;
  sync(insist?: boolean): Promise<void>;
  /** What is kept of its last good answer. */
  kept(): Promise<string | null>;
  stop(): Promise<void>;
}

export async function startVendorWorld(
  adapter: CountSource,
  recording: Recording,
  timeoutMaxMs = 20_000,
): Promise<Vendor> {
  let spoiled: Spoil | null = null;
  let asked = 0;
  const replies = await startServer((seen: Seen) => {
    const whole = replay(recording, seen);
    if (!spoiled || !isQuestion(recording, seen)) return whole;
    asked += 1;
    return spoiled(whole, asked - 1);
  });
  const settings = { ...recording.settings, baseUrl: replies.url };
  const sku = recording.counts[0]?.sku ?? '';
  const own = await startWorld([{ id: 'vendor', adapter, settings, services: { [sku]: 'WS' } }], { timeoutMaxMs }); // prettier-ignore
  const period = parsePeriod(recording.period);
  return {
    world: own,
    server: replies,
    spoil: (next) => ([spoiled, asked] = [next, 0]),
    async sync(insist = true) {
      await own.counting.refresh({ period, insist });
    },
    async kept() {
      const rows = await own.ports.store.selectFrom('sync').select('counts').execute();
      return rows[0]?.counts ?? null;
    },
    async stop() {
      await own.stop();
      await replies.close();
    },
  };
}
