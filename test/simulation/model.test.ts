// Whatever happens, in whatever order: fast-check makes up the commands and shrinks them (R3).
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FAILPOINTS } from '../../src/relay/posting/ports.ts';
import { CLASSES } from './ledger.ts';
import { WAYS } from './meddling.ts';
import { runScript, type Action } from './schedule.ts';
import { FAULTS } from './regimes.ts';

/** MCC_RUNS asks for another number. */
const RUNS = Number(process.env['MCC_RUNS'] ?? 5_000);
const COMMANDS_MAX = 24;

const tick = fc.record({
  does: fc.constant('tick' as const),
  fault: fc.constantFrom('none' as const, ...FAULTS),
  readFails: fc.boolean(),
  crashAt: fc.option(fc.constantFrom(...FAILPOINTS)),
});
const decide = fc.record({
  does: fc.constant('decide' as const),
  which: fc.nat(2),
  choice: fc.constantFrom('look again' as const, 'send again', 'retry', 'give up'),
});
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: tick },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 50 }) }) },
  { weight: 2, arbitrary: decide },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('post' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('wake the dead' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('meddle' as const), way: fc.constantFrom(...WAYS) }) },
); // prettier-ignore

describe('the posting engine under made-up commands', () => {
  it('makes no duplicate, loses nothing and says nothing false', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: COMMANDS_MAX }),
        fc.constantFrom(...CLASSES),
        fc.nat(1_000_000),
        async (actions, kind, seed) => {
          for (const { does } of actions) seen.set(does, (seen.get(does) ?? 0) + 1);
          await runScript(seed, kind, actions);
        },
      ),
      { numRuns: RUNS },
    );
    for (const does of ['tick', 'wait', 'decide', 'post', 'wake the dead', 'meddle']) {
      expect(seen.get(does) ?? 0).toBeGreaterThan(RUNS / 5);
    }
  }, 600_000);
});
