import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleWorld } from '../../src/sample/world.ts';
import { startSim, type RunningSim } from '../../src/sim/start-sim.ts';
import {
  ask,
  huntressHeaders,
  ninjaoneForm,
  ninjaoneHeaders,
  pax8Body,
  pax8Headers,
  post,
} from './ask.ts';

let sim: RunningSim;
const world = sampleWorld('planted');
const october = world.vendors('2026-10');

beforeAll(async () => {
  sim = await startSim({ exchangesFile: null });
});
afterAll(() => sim.close());

describe('NinjaOne', () => {
  it('gives every device once over small pages, and a short page at the end', async () => {
    const headers = await ninjaoneHeaders(sim.url);
    const seen: number[] = [];
    let after = 0;
    let size = 0;
    do {
      const page = await ask(`${sim.url}/ninjaone/v2/devices?pageSize=100&after=${String(after)}`, {
        headers,
      });
      const ids = page.json<{ id: number }[]>().map(({ id }) => id);
      seen.push(...ids);
      size = ids.length;
      after = ids.at(-1) ?? after;
    } while (size === 100);
    expect(seen).toEqual(october.ninjaone.devices.map(({ id }) => id));
  });

  it('filters by organisation and refuses what it does not know', async () => {
    const headers = await ninjaoneHeaders(sim.url);
    const get = (path: string): ReturnType<typeof ask> =>
      ask(`${sim.url}/ninjaone${path}`, { headers });
    const own = (await get('/v2/devices?df=org%20%3D%2020')).json<{ organizationId: number }[]>();
    expect(own.length).toBeGreaterThan(0);
    expect(new Set(own.map(({ organizationId }) => organizationId))).toEqual(new Set([20]));
    for (const path of [
      '/v2/devices?df=class%3DMAC',
      '/v2/devices?pageSize=0',
      '/v2/devices?pagesize=5',
    ]) {
      expect((await get(path)).status).toBe(400);
    }
    expect((await get('/v2/customers')).status).toBe(404);
  });

  it('signs in by form only and says no to a wrong secret, grant and scope', async () => {
    const url = `${sim.url}/ninjaone/ws/oauth/token`;
    expect((await post(url, Object.fromEntries(ninjaoneForm()))).status).toBe(400);
    const wrong = [{ client_secret: 'x' }, { grant_type: 'password' }, { scope: 'everything' }];
    const answers = await Promise.all(
      wrong.map((changes) => ask(url, { method: 'POST', body: ninjaoneForm(changes) })),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 400, 400]);
  });

  it('lets a token live one hour of its own clock', async () => {
    const headers = await ninjaoneHeaders(sim.url);
    const status = async (): Promise<number> =>
      (await ask(`${sim.url}/ninjaone/v2/organizations`, { headers })).status;
    sim.standIns.clock.advance(59);
    expect(await status()).toBe(200);
    sim.standIns.clock.advance(2);
    expect(await status()).toBe(401);
    sim.standIns.clock.set('2026-10-31T10:00:00.000Z');
  });
});

describe('Pax8', () => {
  it('counts its pages and gives every subscription once', async () => {
    const headers = await pax8Headers(sim.url);
    const seen: string[] = [];
    let pages = 1;
    for (let page = 0; page < pages; page += 1) {
      const answer = await ask(`${sim.url}/pax8/v1/subscriptions?page=${String(page)}&size=20`, {
        headers,
      });
      const body = answer.json<{
        content: { id: string }[];
        page: { totalPages: number; number: number };
      }>();
      expect(body.page.number).toBe(page);
      pages = body.page.totalPages;
      seen.push(...body.content.map(({ id }) => id));
    }
    expect(pages).toBeGreaterThan(3);
    expect(seen.toSorted()).toEqual(october.pax8.subscriptions.map(({ id }) => id).toSorted());
  });

  it('takes the default of ten and refuses more than 200', async () => {
    const headers = await pax8Headers(sim.url);
    const get = (query: string): ReturnType<typeof ask> =>
      ask(`${sim.url}/pax8/v1/companies${query}`, { headers });
    expect((await get('')).json<{ content: unknown[] }>().content).toHaveLength(10);
    const refused = await get('?size=201');
    expect(refused.status).toBe(400);
    expect(Object.keys(refused.json<object>())).toEqual([
      'type',
      'message',
      'instance',
      'status',
      'details',
    ]);
  });

  it('wants a token request that is complete, and a token', async () => {
    const url = `${sim.url}/pax8/v1/token`;
    for (const wrong of [
      { audience: 'https://example.com' },
      { client_secret: 'x' },
      { grant_type: undefined },
    ]) {
      expect((await post(url, pax8Body(wrong))).status).toBe(401);
    }
    expect((await ask(`${sim.url}/pax8/v1/companies`)).status).toBe(401);
  });

  it('keeps trial and cancelled subscriptions in the list, as the vendor does', async () => {
    const headers = await pax8Headers(sim.url);
    const answer = await ask(`${sim.url}/pax8/v1/subscriptions?size=200`, { headers });
    const statuses = answer
      .json<{ content: { status: string }[] }>()
      .content.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(['Active', 'PendingCancel', 'Trial', 'Cancelled']));
  });
});

describe('Huntress', () => {
  it('gives every organisation once by page token, newest first', async () => {
    const headers = huntressHeaders();
    const seen: number[] = [];
    let url: string | undefined = `${sim.url}/huntress/v1/organizations?limit=7`;
    while (url) {
      const page: { organizations: { id: number }[]; pagination: { next_page_url?: string } } = (
        await ask(url, { headers })
      ).json();
      seen.push(...page.organizations.map(({ id }) => id));
      url = page.pagination.next_page_url;
    }
    expect(seen).toEqual(
      october.huntress.organisations.map(({ id }) => id).toSorted((a, b) => b - a),
    );
  });

  it('says how many agents an organisation has, and lists as many', async () => {
    const headers = huntressHeaders();
    const one = await ask(`${sim.url}/huntress/v1/organizations/4000`, { headers });
    const count = one.json<{ organization: { agents_count: number } }>().organization.agents_count;
    const list = await ask(`${sim.url}/huntress/v1/agents?limit=500&organization_id=4000`, {
      headers,
    });
    expect(list.json<{ agents: unknown[] }>().agents).toHaveLength(count);
    expect(count).toBe(7);
  });

  it('refuses a wrong key, a limit above 500, and the 61st request of a minute', async () => {
    const limited = await startSim({ exchangesFile: null, options: { rateLimits: true } });
    const get = (query: string, headers = huntressHeaders()): ReturnType<typeof ask> =>
      ask(`${limited.url}/huntress/v1/organizations${query}`, { headers });
    expect((await get('', { authorization: 'Basic eDp5' })).status).toBe(401);
    expect((await get('?limit=501')).status).toBe(400);
    const statuses: number[] = [];
    for (let index = 0; index < 60; index += 1) statuses.push((await get('?limit=1')).status);
    expect(statuses.slice(0, 59).every((status) => status === 200)).toBe(true);
    expect(statuses[59]).toBe(429);
    limited.standIns.clock.advance(2);
    expect((await get('?limit=1')).status).toBe(200);
    await limited.close();
  });
});

it('shows the month that its clock shows', async () => {
  const devices = async (): Promise<number> => {
    const headers = await ninjaoneHeaders(sim.url);
    return (await ask(`${sim.url}/ninjaone/v2/devices`, { headers })).json<unknown[]>().length;
  };
  await post(`${sim.url}/_sim/clock`, { now: '2026-03-31T10:00:00.000Z' });
  expect(await devices()).toBe(world.vendors('2026-03').ninjaone.devices.length);
  await post(`${sim.url}/_sim/clock`, { now: '2026-10-31T10:00:00.000Z' });
  expect(await devices()).toBe(october.ninjaone.devices.length);
});
