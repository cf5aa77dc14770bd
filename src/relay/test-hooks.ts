/** Doors for tests and for whoever wants to break it: in sample and lab profiles only. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod/mini';
import type { MovableClock } from './clock.ts';
import { addMinutes } from './clock.ts';
import type { ArmableFailpoints } from './failpoints.ts';
import { InstantText, Words } from '../contract/values.ts';

const Move = z.union([
  z.strictObject({ now: InstantText }),
  z.strictObject({ advanceMinutes: z.number().check(z.minimum(0), z.maximum(600_000)) }),
]);
const Arm = z.strictObject({
  name: Words(60),
  nth: z.optional(z.int().check(z.minimum(1), z.maximum(100_000))),
});

interface TestDoors {
  readonly clock: MovableClock;
  readonly failpoints: ArmableFailpoints;
}

export function addTestHooks(app: FastifyInstance, { clock, failpoints }: TestDoors): void {
  app.post('/_test/clock', { schema: { body: Move } }, (request, reply) => {
    const move = request.body as z.infer<typeof Move>;
    clock.set('now' in move ? move.now : addMinutes(clock.now(), move.advanceMinutes));
    return reply.send({ now: clock.now() });
  });
  app.post('/_test/failpoints', { schema: { body: Arm } }, (request, reply) => {
    const { name, nth = 1 } = request.body as z.infer<typeof Arm>;
    failpoints.arm(name, nth);
    return reply.send({ name, nth });
  });
  app.get('/_test/failpoints', (_request, reply) => reply.send({ hanging: failpoints.hanging() }));
}
