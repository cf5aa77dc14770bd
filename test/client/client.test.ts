// One typed call per route: what leaves, what comes back, and what a person is told otherwise.
import { createClient } from '../../src/client/client.ts';
import { routes } from '../../src/contract/contract.ts';
import { AppError } from '../../src/core/errors.ts';

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

function relay(answers: readonly (Response | Error)[], token: string | null = 'secret-token') {
  const sent: Sent[] = [];
  const pauses: number[] = [];
  const client = createClient({
    url: 'https://localhost:3443',
    token: () => token,
    delay: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
    fetch: (url, init = {}) => {
      sent.push({ url: url as string, init });
      const answer = answers[sent.length - 1] ?? answers.at(-1);
      return answer instanceof Response
        ? Promise.resolve(answer.clone())
        : Promise.reject(answer ?? new Error('none'));
    },
  });
  return { client, sent, pauses };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });

const troubleOf = async (call: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw new Error(`no AppError: ${String(error)}`);
};

test('puts parameters into the path and the query, and signs the call', async () => {
  const { client, sent } = relay([json({ months: [] })]);
  await client.call(routes.history, {
    params: { period: '2026-10' as never },
    query: { months: '6' },
  });
  expect(sent[0]?.url).toBe('https://localhost:3443/api/periods/2026-10/history?months=6');
  expect(sent[0]?.init.headers).toMatchObject({
    authorization: 'Bearer secret-token',
    'x-mcc': '1',
  });
  expect(sent[0]?.init.redirect).toBe('error');
});

test('encodes an id that looks like a path', async () => {
  const { client, sent } = relay([json({}, 500)]);
  await troubleOf(client.call(routes.batch, { params: { batch: '../../api/audit' } }));
  expect(sent[0]?.url).toBe('https://localhost:3443/api/batches/..%2F..%2Fapi%2Faudit');
});

test('sends a change once, whatever happens', async () => {
  for (const answer of [json({}, 503), json({}, 429), new TypeError('reset')]) {
    const { client, sent } = relay([answer]);
    await troubleOf(client.call(routes.pair, { body: { code: 'ABCDEFGHIJ' } }));
    expect(sent.length).toBe(1);
  }
});

test('a lost answer of a change says that nobody knows', async () => {
  const { client } = relay([new TypeError('reset')]);
  const error = await troubleOf(client.call(routes.pair, { body: { code: 'ABCDEFGHIJ' } }));
  expect(error.message).toBe('MCC is not reachable; look again before you repeat this.');
});

test('reads again after a passing trouble, as long as Retry-After asks, at most three times', async () => {
  const good = relay([json({}, 503, { 'retry-after': '2' }), json({}, 502), json({ months: [] })]);
  await good.client.call(routes.history, { params: { period: '2026-10' as never } });
  expect(good.pauses).toEqual([2000, 1200]);
  const bad = relay([json({}, 503)]);
  const error = await troubleOf(
    bad.client.call(routes.history, { params: { period: '2026-10' as never } }),
  );
  expect(bad.sent.length).toBe(3);
  expect(error.code).toBe('SOURCE_DOWN');
});

test('a problem of the relay becomes the same error here', async () => {
  const problem = {
    code: 'APPROVAL_STALE',
    message: 'Acme Limited: quantity was 18, now 31.',
    remedy: 'Ask another person to approve it.',
  };
  const { client } = relay([json(problem, 409)]);
  const error = await troubleOf(client.call(routes.batch, { params: { batch: 'b1' } }));
  expect(error.code).toBe('APPROVAL_STALE');
  expect(error.message).toBe('Acme Limited: quantity was 18, now 31.');
  // Its own remedy, where the relay has a better one than the code alone.
  expect(error.remedy).toBe('Ask another person to approve it.');
});

test('an answer without a body still says what to do', async () => {
  const { client } = relay([new Response('<html>', { status: 401 })]);
  const error = await troubleOf(client.call(routes.session, {}));
  expect(error.code).toBe('NOT_ALLOWED');
});

test('an answer that does not fit the contract is refused and names the field', async () => {
  const { client } = relay([
    json({ months: [{ period: 'October', origin: 'posted', lines: [] }] }),
  ]);
  const error = await troubleOf(
    client.call(routes.history, { params: { period: '2026-10' as never } }),
  );
  expect(error.code).toBe('SOURCE_MALFORMED');
  expect(error.message).toContain('months.0.period');
});

test('a body that does not fit never leaves', async () => {
  const { client, sent } = relay([json({})]);
  const error = await troubleOf(client.call(routes.pair, { body: { code: '' } }));
  expect(error.code).toBe('INPUT_INVALID');
  expect(sent).toEqual([]);
});
