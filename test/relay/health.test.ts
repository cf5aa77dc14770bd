// What makes /health say degraded: room, doubt and the anchor, each in words (F33, posting-safety 1.6).
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Instant } from '../../src/core/billing-period.ts';
import { systemHandlers } from '../../src/relay/system-handlers.ts';
import { startWorld, type CountingWorld } from './counting-world.ts';

let world: CountingWorld | null = null;
afterEach(async () => {
  await world?.stop();
  world = null;
});

const MB = 1024 * 1024;
const asked = { params: {}, query: {}, body: {}, person: 'nobody', requestId: '' };

async function healthOf(
  wrong: {
    free?: number | null;
    uncertainMinutes?: number;
    anchor?: string | null;
    stored?: string[];
  } = {},
) {
  world ??= await startWorld([]);
  const { ports, counting } = world;
  const { free = null, uncertainMinutes = 0, anchor = null, stored = [] } = wrong;
  const since = Date.parse(ports.clock.now()) - uncertainMinutes * 60_000;
  const oldestSince = uncertainMinutes > 0 ? (new Date(since).toISOString() as Instant) : null;
  const posting = {
    doubt: () => Promise.resolve({ uncertainTotal: oldestSince ? 1 : 0, oldestSince }),
    recovery: () => Promise.resolve(null),
    troubles: () => Promise.resolve(stored),
  };
  const system = systemHandlers({
    ...ports,
    counting,
    posting: posting as never,
    anchor: { trouble: () => anchor, verify: () => Promise.reject(new Error('not asked')) },
    machine: { freeBytes: () => free },
    version: '0.0.0',
  });
  const { status, troubles } = await system.health(asked);
  return { status, troubles };
}

describe('health', () => {
  it.each([
    ['nothing', {}],
    ['enough room', { free: 100 * MB }],
    ['a short doubt', { uncertainMinutes: 60 }],
  ])('is ok with %s', async (_name, wrong) => {
    expect(await healthOf(wrong)).toEqual({ status: 'ok', troubles: undefined });
  });

  it.each([
    ['too little room', { free: 99 * MB }, /^Only 99 MB are left .*; posting needs 100 MB\.$/],
    ['a long doubt', { uncertainMinutes: 61 }, /in doubt for over an hour/],
    ['an anchor that cannot be written', { anchor: 'The anchor.' }, /^The anchor\.$/],
    ['a batch that is not what was approved', { stored: ['The batch.'] }, /^The batch\.$/],
  ])('is degraded with %s, and says so', async (_name, wrong, words) => {
    expect(await healthOf(wrong)).toEqual({
      status: 'degraded',
      troubles: [expect.stringMatching(words)],
    });
  });
});
