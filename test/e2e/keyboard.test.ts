// The close with keys alone, from the pairing page to the closed month, at the narrower width of the
// pane; MCC_WIDTH=320 tries the other.
import { jest } from '@jest/globals';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { describeBrowser, launch, openPage } from './support/browser.ts';
import { approvedOf, booksOf, byCustomer } from './support/books.ts';
import { startMcc, type Mcc } from './support/mcc.ts';

const MINUTES = 60_000;
const LONG = { timeout: 2 * MINUTES };
/** More than all stops of the pane at once; the list is one stop. */
const STOPS_MAX = 90;
const PERIOD = '2026-10';

jest.setTimeout(10 * MINUTES);

const WIDTH = Number(process.env['MCC_WIDTH'] ?? 270);

describeBrowser.each([WIDTH])('the close with keys alone at %i px', (width) => {
  let mcc: Mcc;
  let browser: Browser;
  let page: Page;
  let pane: FrameLocator;

  beforeAll(async () => {
    mcc = await startMcc();
    browser = await launch();
    ({ page } = await openPage(browser, { width, height: 900 }));
    pane = page.frameLocator('iframe');
    await page.goto(`${mcc.relay.ready.url}/#${mcc.relay.ready.code}`);
    await pane.getByRole('button', { name: 'Refresh counts' }).waitFor(LONG);
  });

  afterAll(async () => {
    await browser.close();
    await mcc.stop();
  });

  test('Tab goes through the pane, out of it and in again, both ways', async () => {
    await tabTo(/^Refresh counts/);
    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toMatch(/Review/);
    await tabTo(/^#toggle/);
    await tabTo(/Start$/);
    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toMatch(/^#toggle/);
  });

  test('the dry-run opens, and Tab reaches its cards and its foot', async () => {
    await press(/^Refresh counts/);
    await pane.getByRole('article').first().waitFor(LONG);
    await tabTo(/^Keep/);
    await tabTo(/^Approve \d+ …/);
    await page.keyboard.press('Control+Enter');
    await pane.getByRole('heading', { name: /^Approve/ }).waitFor(LONG);
  });

  test('every finding gets its answer, and the month is approved and posted', async () => {
    const open = pane.getByRole('region', { name: 'Still to decide' });
    while (await open.isVisible()) {
      const left = await open.innerText();
      await press(/^(Keep|Use old counts)/);
      if (await pane.getByRole('textbox').isVisible()) {
        await page.keyboard.type('Agreed for this month');
        await page.keyboard.press('Enter');
      }
      await until(
        'a finding less is open',
        async () => !(await open.isVisible()) || (await open.innerText()) !== left,
      );
    }
    await press(/^Approve 40 invoices/);
    await pane.getByRole('button', { name: /^Post 40/ }).waitFor(LONG);
    await press(/^Post 40/);
    await pane.getByRole('heading', { name: 'All invoices are posted' }).waitFor(LONG);
    expect(byCustomer((await booksOf(mcc)).filter(({ date }) => date.startsWith(PERIOD)))).toEqual(
      byCustomer(approvedOf(mcc.data, PERIOD)),
    );
  });

  test('five invoices are compared, and the month is closed', async () => {
    await press(/^Spot-check five/);
    for (let drawn = 1; drawn <= 5; drawn += 1) {
      await pane.getByRole('heading', { name: `Spot-check ${String(drawn)} of 5` }).waitFor(LONG);
      await page.keyboard.press(' ');
    }
    await pane.getByRole('heading', { name: 'October 2026 is closed' }).waitFor(LONG);
  });

  /** What a person at the keys stands on: the words of the element, in the pane or around it. */
  async function focused(): Promise<string> {
    const outside = await page.evaluate(() => document.activeElement?.id ?? '');
    const isInside = await page.evaluate(() => document.activeElement?.tagName === 'IFRAME');
    if (!isInside) return `#${outside}`;
    return pane.locator('html').evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body || at.tagName === 'MAIN') return '';
      return (at.getAttribute('aria-label') ?? at.textContent).trim();
    });
  }

  async function tabTo(words: RegExp): Promise<void> {
    const seen: string[] = [];
    for (let stop = 0; stop < STOPS_MAX; stop += 1) {
      const here = await focused();
      if (words.test(here)) return;
      seen.push(here);
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not reach ${String(words)}; it went over: ${seen.join(' | ')}`);
  }

  async function press(words: RegExp): Promise<void> {
    await tabTo(words);
    await page.keyboard.press('Enter');
  }

  async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + LONG.timeout;
    while (!(await isSo())) {
      if (Date.now() > end) throw new Error(`It never came: ${what}.`);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    }
  }
});
