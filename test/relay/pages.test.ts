import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../src/relay/config.ts';
import { OFFICE_CDN, pagePolicy } from '../../src/relay/pages.ts';
import { makeFolder, plainConfig, startTestRelay, type TestRelay } from './fixture.ts';

const OFFICE = 'node_modules/@microsoft/office-js/dist';
const CDN_TAG = `<script src="${OFFICE_CDN}/lib/1/hosted/office.js"></script>`;
const PANE = `<!doctype html><html><head>${CDN_TAG}</head><body>pane</body></html>`;

const dist = makeFolder();
let lab: TestRelay;

beforeAll(async () => {
  writeFileSync(join(dist, 'taskpane.html'), PANE);
  writeFileSync(join(dist, 'workbench.html'), '<!doctype html>workbench');
  writeFileSync(join(dist, 'functions.js'), 'CustomFunctions.associate("COUNT", f)');
  writeFileSync(join(dist, 'functions.json'), '{"functions":[]}');
  writeFileSync(join(dist, 'taskpane.js'), 'run()');
  writeFileSync(join(dist, '.built'), '');
  mkdirSync(join(dist, 'assets'));
  writeFileSync(join(dist, 'assets', 'icon-32.png'), 'png');
  lab = await startTestRelay({
    ...plainConfig(),
    pages: { dist, office: OFFICE, sampleWorkbook: join(dist, 'billing.xlsx') },
  });
});
afterAll(async () => {
  await lab.remove();
  rmSync(dist, { recursive: true, force: true });
});

describe('pages in sample and lab', () => {
  it("serve the pane with the package's own office.js, to the byte", async () => {
    const { text } = await lab.ask({ path: '/taskpane.html', headers: { 'x-mcc': null } });
    expect(text).toContain('<script src="/office/office.js">');
    expect(text).not.toContain(OFFICE_CDN);
    const served = await lab.ask({ path: '/office/office.js' });
    const own = readFileSync(join(OFFICE, 'office.js'));
    const sha = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(sha(served.text)).toBe(sha(own));
    expect(served.headers['content-type']).toMatch(/javascript/);
  });

  it('show the workbench first', async () => {
    expect((await lab.ask({ path: '/' })).text).toContain('workbench');
  });

  it('carry a policy that runs our scripts only and may be framed by Excel', async () => {
    const { headers } = await lab.ask({ path: '/taskpane.html' });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'self' https://*.officeapps.live.com");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*;/);
    expect(headers['x-frame-options']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin-allow-popups');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('open the two files that Excel loads from its own origin, and no other', async () => {
    for (const path of ['/functions.js', '/functions.json']) {
      const { headers, status } = await lab.ask({ path });
      expect([
        path,
        status,
        headers['access-control-allow-origin'],
        headers['cross-origin-resource-policy'],
      ]).toEqual([path, 200, '*', 'cross-origin']);
    }
    for (const path of ['/taskpane.js', '/taskpane.html', '/assets/icon-32.png', '/health']) {
      expect((await lab.ask({ path })).headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('hand out the sample workbook once it is made', async () => {
    const missing = await lab.ask({ path: '/sample/billing.xlsx' });
    expect([missing.status, missing.json.code]).toEqual([404, 'NOT_FOUND']);
    writeFileSync(join(dist, 'billing.xlsx'), 'a workbook');
    const { status, text, headers } = await lab.ask({ path: '/sample/billing.xlsx' });
    expect([status, text]).toEqual([200, 'a workbook']);
    expect(headers['content-type']).toMatch(/spreadsheetml/);
  });

  it.each([
    '/.built',
    '/../package.json',
    '/..%2fpackage.json',
    '/office/../../package.json',
    '/office/..%2f..%2fpackage.json',
    '/%00',
    '/nothing.html',
  ])('hand out nothing for %s', async (path) => {
    const { status, text } = await lab.ask({ path });
    expect([400, 403, 404]).toContain(status);
    expect(text).not.toContain('mcc-month-end-close');
  });
});

describe('pages in real use', () => {
  it("keep Microsoft's tag, have no workbench, no office.js of ours and no test doors", async () => {
    const config = {
      ...plainConfig(),
      profile: 'local',
      books: {
        adapter: 'conductor',
        settings: { apiKey: { env: 'PATH' }, endUserId: 'end_usr_1234567' },
      },
      pages: { dist, office: OFFICE },
    };
    const local = await startTestRelay(config);
    const pane = await local.ask({ path: '/taskpane.html' });
    expect(pane.text).toBe(PANE);
    expect(String(pane.headers['content-security-policy'])).toContain(
      `script-src 'self' ${OFFICE_CDN};`,
    );
    expect((await local.ask({ path: '/' })).text).toBe(PANE);
    expect((await local.ask({ path: '/office/office.js' })).status).toBe(404);
    for (const path of ['/_test/clock', '/_test/failpoints']) {
      expect((await local.ask({ method: 'POST', path, body: { advanceMinutes: 1 } })).status).toBe(
        405,
      );
    }
    await local.remove();
  });

  it("keep Microsoft's tag in the sample as well when it is started for Excel", async () => {
    const excel = await startTestRelay({ ...plainConfig(), pages: { dist } });
    const pane = await excel.ask({ path: '/taskpane.html' });
    expect(pane.text).toBe(PANE);
    expect(String(pane.headers['content-security-policy'])).toContain(OFFICE_CDN);
    await excel.remove();
  });

  it('say what to do when nothing is built', async () => {
    const empty = await startTestRelay({
      ...plainConfig(),
      pages: { dist: join(dist, 'not-built') },
    });
    const { status, json } = await empty.ask({ path: '/taskpane.html' });
    expect(status).toBe(424);
    expect(json.message).toMatch(/npm run build/);
    await empty.remove();
  });

  it('may be framed by further origins that are configured', () => {
    const { config } = parseConfig(
      { ...plainConfig(), pages: { frameAncestors: ['https://excel.example.com'] } },
      {},
    );
    expect(pagePolicy(config)).toContain('https://excel.example.com;');
  });
});

describe('the doors for tests', () => {
  it('move the clock and arm failpoints', async () => {
    const at = '2026-10-31T10:00:00.000Z';
    const moved = await lab.ask({ method: 'POST', path: '/_test/clock', body: { now: at } });
    expect(String(moved.json.now) >= at).toBe(true);
    const later = await lab.ask({
      method: 'POST',
      path: '/_test/clock',
      body: { advanceMinutes: 31 },
    });
    expect(later.json.now).toMatch(/^2026-10-31T10:31/);
    const armed = await lab.ask({
      method: 'POST',
      path: '/_test/failpoints',
      body: { name: 'posting.before-send', nth: 2 },
    });
    expect(armed.json).toEqual({ name: 'posting.before-send', nth: 2 });
    expect((await lab.ask({ path: '/_test/failpoints' })).json).toEqual({ hanging: [] });
    expect(
      (await lab.ask({ method: 'POST', path: '/_test/clock', body: { now: 'yesterday' } })).status,
    ).toBe(400);
    const foreign = {
      method: 'POST',
      path: '/_test/clock',
      body: { now: at },
      headers: { origin: 'https://evil.example' },
    };
    expect((await lab.ask(foreign)).status).toBe(403);
  });
});
