// The whole close in a real browser at 320 px, through the real office.js on the emulated Excel,
// while the relay is killed twice in the middle of posting.
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { officeFileHashes } from '../../src/workbench/wire/node-bridge.ts';
import { describeBrowser, launch, openPage } from './support/browser.ts';
import { approvedOf, booksOf, byCustomer } from './support/books.ts';
import { startMcc, type Mcc } from './support/mcc.ts';
import { isTrailWhole, remove, withOneByteChanged } from './support/trail.ts';

const MINUTES = 60_000;
const LONG = { timeout: 2 * MINUTES };

jest.setTimeout(10 * MINUTES);
const PERIOD = '2026-10';

describeBrowser('the month-end close', () => {
  let mcc: Mcc;
  let browser: Browser;
  let page: Page;
  let pane: FrameLocator;
  let complaints: string[];

  beforeAll(async () => {
    mcc = await startMcc();
    browser = await launch();
    ({ page, complaints } = await openPage(browser, { width: 320, height: 900 }));
    pane = page.frameLocator('iframe');
  });

  afterAll(async () => {
    await browser.close();
    await mcc.stop();
  });

  test('loads the very office.js of the npm package', async () => {
    const served = new Map<string, Promise<string>>();
    page.on('response', (response) => {
      const name = new URL(response.url()).pathname;
      if (!name.startsWith('/office/')) return;
      served.set(name.slice('/office/'.length), response.body().then(sha256));
    });
    await page.goto(`${mcc.relay.ready.url}/#${mcc.relay.ready.code}`);
    await pane.getByRole('button', { name: 'Refresh counts' }).waitFor(LONG);
    const hashes: Record<string, string> = officeFileHashes();
    expect([...served.keys()]).toContain('office.js');
    for (const [name, hash] of served) {
      if (name in hashes) expect(`${name} ${await hash}`).toBe(`${name} ${hashes[name] ?? ''}`);
    }
    expect(await served.get('office.js')).toBe(hashes['office.js']);
  });

  test('shows the four clients and the two notices on top, and nothing unexplained', async () => {
    await pane.getByRole('button', { name: 'Refresh counts' }).click();
    const cards = pane.getByRole('region', { name: 'Needs a look' }).getByRole('article');
    await cards.first().waitFor(LONG);
    expect(await cards.count()).toBe(4);
    const notices = pane.getByRole('region', { name: 'Sources and sheet' }).locator('.flag');
    expect(await notices.count()).toBe(2);
  });

  test('approves after each blocking finding has its answer', async () => {
    const card = (name: string) => pane.getByRole('article', { name });
    await card('Copper Basin').getByRole('button', { name: /^Hold/ }).click();
    await pane.getByRole('textbox', { name: /Why hold/ }).fill('Ask the service desk');
    await page.keyboard.press('Enter');
    for (const name of ['Kestrel Haulage', 'Bayside Forwarding']) {
      await card(name).getByRole('button', { name: 'Keep' }).click();
    }
    const typed = card('Castell Build').getByRole('button', { name: 'Keep what was typed' });
    await typed.click();
    const reason = pane.getByRole('textbox', { name: /Reason to keep what was typed/ });
    if (await reason.isVisible()) {
      await reason.fill('Agreed by phone');
      await page.keyboard.press('Enter');
    }
    await pane.getByRole('button', { name: 'Use old counts' }).first().click();
    await pane
      .getByRole('textbox', { name: /Reason to use old counts/ })
      .fill('Agents do not move');
    await page.keyboard.press('Enter');
    await pane.getByRole('button', { name: /^Approve 39/ }).click();
    await pane.getByRole('button', { name: /^Approve 39 invoices · / }).click();
    await pane
      .getByRole('button', { name: /^Post 39 invoices to QuickBooks Desktop/ })
      .waitFor(LONG);
  });

  test('adopts the invoice whose answer was lost with the relay', async () => {
    await mcc.sim('POST', '/_sim/faults', {
      system: 'conductor',
      match: { method: 'POST', path: '/quickbooks-desktop/invoices' },
      nth: 12,
      times: 1,
      fault: 'hold-answer',
    });
    await pane.getByRole('button', { name: /^Post 39 invoices/ }).click();
    await until('the answer of the 12th create is held', async () => {
      const { faults } = await mcc.sim<{ faults: { fault: string; struck: number }[] }>(
        'GET',
        '/_sim/faults',
      );
      return faults.some(({ fault, struck }) => fault === 'hold-answer' && struck === 1);
    });
    await mcc.killRelay();
    await mcc.restartRelay();
    await mcc.hook('/_test/failpoints', { name: 'posting.intent-written', nth: 6 });
    await pane
      .getByText('found in the books')
      .first()
      .waitFor({ ...LONG, state: 'attached' });
  });

  test('asks a person about the invoice that was never sent', async () => {
    await until('the relay hangs between intent and send', async () => {
      const { hanging } = await mcc.ask<{ hanging: string[] }>('/_test/failpoints');
      return hanging.includes('posting.intent-written');
    });
    await mcc.killRelay();
    await mcc.restartRelay();
    const doubt = pane.getByRole('region', { name: 'Not known' }).getByRole('article');
    await doubt.getByText('needs you').waitFor(LONG);
    await mcc.hook('/_test/clock', { advanceMinutes: 31 });
    await doubt.getByRole('button', { name: /^Look in .+ again$/ }).click();
    await pane.getByRole('region', { name: 'Not known' }).getByText(/is too few/).first().waitFor(LONG); // prettier-ignore
    await doubt.getByRole('button', { name: 'It is not there' }).click();
    // The first look that counts is made; the second stands a minute apart.
    await mcc.hook('/_test/clock', { advanceMinutes: 2 });
    await doubt.getByRole('button', { name: /send it again/ }).click();
    await pane.getByRole('heading', { name: 'All invoices are posted' }).waitFor(LONG);
  });

  test('ends with five invoices compared by the person, by keyboard', async () => {
    await pane.getByRole('button', { name: 'Spot-check five' }).click();
    for (let drawn = 1; drawn <= 5; drawn += 1) {
      await pane.getByRole('heading', { name: `Spot-check ${String(drawn)} of 5` }).waitFor(LONG);
      await pane.getByRole('group', { name: /^Invoice / }).press(' ');
    }
    await pane
      .getByRole('heading', { name: 'October 2026 is not closed yet: 1 held' })
      .waitFor(LONG);
  });

  test('left each approved invoice in the books exactly once, to the cent and the line', async () => {
    const approved = approvedOf(mcc.data, PERIOD);
    const books = (await booksOf(mcc)).filter(({ date }) => date.startsWith(PERIOD));
    expect(approved).toHaveLength(39);
    expect(byCustomer(books)).toEqual(byCustomer(approved));
  });

  test('kept an audit chain that holds, and would notice one changed byte', async () => {
    await mcc.relay.stop();
    expect(await isTrailWhole(mcc.data)).toBe(true);
    const copy = withOneByteChanged(mcc.data);
    expect(await isTrailWhole(copy)).toBe(false);
    remove(copy);
  });

  test('had no complaint of the browser but the lost relay', () => {
    const others = complaints.filter((words) => !/net::ERR_|Failed to load resource/.test(words));
    expect(others).toEqual([]);
  });
});

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await isSo()) return;
    await delay(100);
  }
  throw new Error(`It never came to this: ${what}.`);
}
