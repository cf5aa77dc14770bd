// The close with keys alone, from the pairing page to the closed month, at the narrower width of the
// pane; MCC_WIDTH=320 tries the other.
import { jest } from '@jest/globals';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { describeBrowser, launch, openPage } from './support/browser.ts';
import { alterInTheWay, alterRecovery, alterSentIn } from './support/altered.ts';
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
  });

  test('one client is held, with a reason', async () => {
    await press(/^All \d+/);
    await tabTo(/^Search/);
    await page.keyboard.type('Hobbs');
    await tabTo(/Hobbs/);
    await page.keyboard.press('h');
    await page.keyboard.type('Contract under review');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await pane.getByRole('heading', { name: /^Approve/ }).waitFor(LONG);
  });

  test('every finding gets its answer, and the month is approved', async () => {
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
    await press(/^Approve 39 invoices/);
    await pane.getByRole('button', { name: /^Post 39/ }).waitFor(LONG);
  });

  test('a strange mark and a cap stand in the way: Escape leaves them, a reason lifts them', async () => {
    const mend = await alterInTheWay(page);
    await press(/^Post 39/);
    await answer(/^I know whose it is/, 'A copy for trials');
    await pane
      .getByRole('region', { name: 'Marks of another relay' })
      .waitFor({ ...LONG, state: 'detached' });
    await goRound();
    await answer(/^Lift the stop/, 'Two new clients this month', mend);
    await pane
      .getByRole('region', { name: 'Nothing is sent' })
      .waitFor({ ...LONG, state: 'detached' });
  });

  test('a recovery is ended, with a reason', async () => {
    const mend = await alterRecovery(page);
    await goRound();
    await answer(/^End the recovery/, 'Compared the month by hand', mend);
    await pane.getByRole('region', { name: 'Recovery' }).waitFor({ ...LONG, state: 'detached' });
  });

  test('the approval is withdrawn and given again, after a look at big changes', async () => {
    await answer(/^Withdraw/, 'One more look');
    await pane.getByRole('heading', { name: 'Withdrawn' }).waitFor(LONG);
    await press(/^Review$/);
    await tabTo(/^Approve \d+ …/);
    await page.keyboard.press('Enter');
    const mend = await alterSentIn(page);
    await press(/^Approve 39 invoices/);
    await pane.getByRole('region', { name: 'Big changes' }).waitFor(LONG);
    await mend();
    await press(/^I have looked: approve/);
    await pane.getByRole('button', { name: /^Post 39/ }).waitFor(LONG);
  });

  test('the relay dies on the way: a person looks and sends that one again', async () => {
    await mcc.hook('/_test/failpoints', { name: 'posting.intent-written', nth: 5 });
    await press(/^Post 39/);
    await until('the relay hangs', async () => {
      const { hanging } = await mcc.ask<{ hanging: string[] }>('/_test/failpoints');
      return hanging.length > 0;
    });
    await mcc.killRelay();
    await mcc.restartRelay();
    await pane.getByRole('region', { name: 'Not known' }).getByText('needs you').waitFor(LONG);
    await mcc.hook('/_test/clock', { advanceMinutes: 31 });
    await pane.getByRole('region', { name: 'Not known' }).getByRole('button', { name: /^Look in .+ again$/ }).press('Enter'); // prettier-ignore
    await pane.getByRole('region', { name: 'Not known' }).getByText(/is too few/).first().waitFor(LONG); // prettier-ignore
    await press(/^It is not there/);
    // The first look that counts is made; the second stands a minute apart.
    await mcc.hook('/_test/clock', { advanceMinutes: 2 });
    await press(/send it again/);
    await pane.getByRole('heading', { name: 'All invoices are posted' }).waitFor(LONG);
    expect(byCustomer((await booksOf(mcc)).filter(({ date }) => date.startsWith(PERIOD)))).toEqual(
      byCustomer(approvedOf(mcc.data, PERIOD)),
    );
  });

  test('who was held gets no invoice this month', async () => {
    await answer(/^No invoice for October/, 'Billed with November');
    await pane.getByText('closed without invoice').first().waitFor(LONG);
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
    await until(`${String(words)} can be pressed`, isOn);
    await page.keyboard.press('Enter');
  }

  /** While an action runs a button keeps the focus and does nothing. */
  const isOn = (): Promise<boolean> =>
    pane
      .locator('html')
      .evaluate(() => document.activeElement?.getAttribute('aria-disabled') !== 'true');

  /** Asks, leaves it, asks again and gives the reason; nothing changes before it is given. */
  async function answer(
    words: RegExp,
    reason: string,
    before?: () => Promise<void>,
  ): Promise<void> {
    await press(words);
    await page.keyboard.press('Escape');
    await until(`the keys are back on ${String(words)}`, async () => words.test(await focused()));
    await page.keyboard.press('Enter');
    await page.keyboard.type(reason);
    await before?.();
    await page.keyboard.press('Enter');
  }

  /** Away from the step and back, which reads anew what is around the batch. */
  async function goRound(): Promise<void> {
    await press(/^\d?\s*Approve$/);
    await press(/^\d?\s*Post$/);
  }

  async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + LONG.timeout;
    while (!(await isSo())) {
      if (Date.now() > end) throw new Error(`It never came: ${what}.`);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    }
  }
});
