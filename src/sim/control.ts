/** /_sim/*: how a test looks into the stand-ins and upsets them. Loopback and sample only. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as z from 'zod';
import { toCustomer, toDeleted, toDocument, toItem } from './conductor/shapes.ts';
import { editBooks, EditSchema, replaceBooks, WorldSchema } from './conductor/office.ts';
import { parseJson } from './exchange.ts';
import { FaultSchema } from './faults.ts';
import { OfficeSchema, truthOf, workInOffice } from './ledger/office.ts';
import { OptionsSchema } from './options.ts';
import type { StandIns } from './stand-ins.ts';

const ClockSchema = z.union([
  z.strictObject({ now: z.iso.datetime() }),
  z.strictObject({ advanceMinutes: z.number() }),
]);

export function addControl(app: FastifyInstance, standIns: StandIns): void {
  addTrouble(app, standIns);
  addBooks(app, standIns);
  addLedgers(app, standIns);
  app.post('/_sim/clock', (request, reply) =>
    parsed(reply, ClockSchema, request.body, (asked) => {
      if ('now' in asked) standIns.clock.set(asked.now);
      else standIns.clock.advance(asked.advanceMinutes);
      return { now: new Date(standIns.clock.nowMs()).toISOString() };
    }),
  );
  app.post('/_sim/options', (request, reply) =>
    parsed(reply, OptionsSchema, request.body, (asked) => standIns.setOptions(asked)),
  );
  app.get('/_sim/exchanges', () => ({ exchanges: standIns.exchanges() }));
  app.delete('/_sim/exchanges', () => {
    standIns.forgetExchanges();
    return { exchanges: [] };
  });
}

function addTrouble(app: FastifyInstance, standIns: StandIns): void {
  app.post('/_sim/faults', (request, reply) =>
    parsed(reply, FaultSchema, request.body, (fault) => {
      standIns.faults.add(fault);
      return { faults: standIns.faults.list() };
    }),
  );
  app.get('/_sim/faults', () => ({ faults: standIns.faults.list() }));
  app.delete('/_sim/faults', () => {
    standIns.faults.clear();
    return { faults: [] };
  });
  app.post('/_sim/land', async () => ({ landed: await standIns.land() }));
  app.post('/_sim/revoke', () => {
    standIns.revokeTokens();
    return { revoked: true };
  });
}

function addBooks(app: FastifyInstance, { books, clock }: StandIns): void {
  app.get('/_sim/books', () => ({
    company: books.companyName(),
    customers: books.customers().map((row) => toCustomer(row, books)),
    items: books.items().map(toItem),
    invoices: books.documents('invoice').map((row) => toDocument(row, books)),
    creditMemos: books.documents('credit_memo').map((row) => toDocument(row, books)),
    deleted: books.deleted().map(toDeleted),
  }));
  app.post('/_sim/world', (request, reply) =>
    parsed(reply, WorldSchema, request.body, (world) => replaceBooks(books, world, clock.nowMs())),
  );
  app.post('/_sim/edit', (request, reply) =>
    parsed(reply, EditSchema, request.body, (edit) => editBooks(books, edit, clock.nowMs())),
  );
}

function addLedgers(app: FastifyInstance, { ledgers, clock }: StandIns): void {
  app.get<{ Params: { system: string } }>('/_sim/ledgers/:system', ({ params }, reply) => {
    const ledger = ledgers.get(params.system);
    return ledger ? truthOf(ledger) : reply.code(404).send({ error: 'No such ledger' });
  });
  app.post<{ Params: { system: string } }>('/_sim/ledgers/:system', ({ params, body }, reply) => {
    const ledger = ledgers.get(params.system);
    if (!ledger) return reply.code(404).send({ error: 'No such ledger' });
    return parsed(reply, OfficeSchema, body, (work) => ({
      changed: workInOffice(ledger, work, clock.nowMs()),
    }));
  });
}

function parsed<Schema extends z.ZodType>(
  reply: FastifyReply,
  schema: Schema,
  body: unknown,
  work: (value: z.output<Schema>) => unknown,
): unknown {
  const text = typeof body === 'string' ? body : '';
  const result = schema.safeParse(text === '' ? {} : parseJson(text));
  if (!result.success) return reply.code(400).send({ error: z.prettifyError(result.error) });
  return work(result.data);
}
