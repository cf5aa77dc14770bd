// S1 to S7 and the workbench at 320 and 270 px, light and dark: axe finds nothing on any of them.
// `npm run screens` is this test with a folder for the pictures, and tries all four at each.
import { jest } from '@jest/globals';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { describeBrowser, launch, openPage } from './support/browser.ts';
import { alterEnds, alterInTheWay, alterReadBack } from './support/altered.ts';
import { lookAtAll } from './support/looks.ts';
import { startMcc, type Mcc } from './support/mcc.ts';

const MINUTES = 60_000;
const LONG = { timeout: 2 * MINUTES };

jest.setTimeout(10 * MINUTES);

describeBrowser('every screen', () => {
  let mcc: Mcc;
  let browser: Browser;
  let page: Page;
  let pane: FrameLocator;

  beforeAll(async () => {
    mcc = await startMcc();
    browser = await launch();
    ({ page } = await openPage(browser, { width: 320, height: 900 }));
    pane = page.frameLocator('iframe');
    await page.goto(`${mcc.relay.ready.url}/#${mcc.relay.ready.code}`);
    await button('Refresh counts').waitFor(LONG);
  });

  afterAll(async () => {
    await browser.close();
    await mcc.stop();
  });

  const button = (name: string | RegExp) => pane.getByRole('button', { name }).first();
  const step = (name: RegExp) => pane.getByRole('navigation').getByRole('button', { name });
  const looks = async (name: string): Promise<void> => {
    expect(await lookAtAll(page, name)).toEqual([]);
  };

  test('S1 home', () => looks('S1-home'));

  test('the workbench with its sheet in front', async () => {
    await page.getByRole('button', { name: 'Show sheet' }).click();
    await page.getByRole('tab', { name: 'Oct 2026' }).click();
    await looks('workbench');
    await page.getByRole('button', { name: 'Show pane' }).click();
  });

  test('S3 dry-run', async () => {
    await button('Refresh counts').click();
    await pane.getByRole('article').first().waitFor(LONG);
    await looks('S3-dry-run');
  });

  test('S2 sources and what is to map', async () => {
    await step(/Sources|Refresh/).click();
    await pane.getByRole('heading', { name: 'Sources' }).waitFor(LONG);
    await looks('S2-sources');
    await step(/Review/).click();
  });

  test('S4 line detail', async () => {
    await pane.getByRole('treegrid').waitFor(LONG);
    await pane.locator('.grid-row.line').first().press('d');
    await button('Back to the list').waitFor(LONG);
    await looks('S4-line-detail');
    await button('Back to the list').click();
  });

  test('S5 approve, first with what is still to decide', async () => {
    await step(/Approve/).click();
    await pane.getByRole('heading', { name: /^Approve/ }).waitFor(LONG);
    await looks('S5-approve-blocked');
    await decideAll();
    await looks('S5-approve');
  });

  test('S6 posting, before, in doubt and after', async () => {
    await button(/^Approve \d+ invoices/).click();
    await button(/^Post \d+ invoices/).waitFor(LONG);
    await looks('S6-approved');
    const mend = await alterInTheWay(page);
    await button(/^Post \d+ invoices/).click();
    const marks = pane.getByRole('region', { name: 'Marks of another relay' });
    await marks.waitFor(LONG);
    await step(/Approve/).click();
    await step(/Post/).click();
    await pane.getByRole('region', { name: 'Nothing is sent' }).waitFor(LONG);
    await button('Withdraw …').click();
    await looks('S6-in-the-way');
    await button('Cancel').click();
    await mend();
    await button('I know whose it is …').click();
    await marks.getByRole('textbox').fill('A copy for trials');
    await page.keyboard.press('Enter');
    await marks.waitFor({ ...LONG, state: 'detached' });
    await mcc.hook('/_test/failpoints', { name: 'posting.intent-written', nth: 5 });
    await button(/^Post \d+ invoices/).click();
    await expectHanging();
    await mcc.killRelay();
    await mcc.restartRelay();
    await pane.getByRole('region', { name: 'Not known' }).getByText('needs you').waitFor(LONG);
    await looks('S6-doubt');
    const mendEnds = await alterEnds(page);
    await pane.getByRole('button', { name: 'Refresh this list' }).click();
    await pane.getByRole('listitem').getByRole('table').first().waitFor(LONG);
    await pane.getByText('Rejected', { exact: true }).evaluate((end) => {
      const scrolled = end.closest('main');
      if (scrolled) scrolled.scrollTop += end.getBoundingClientRect().top - 100;
    });
    await looks('S6-ends');
    await mendEnds();
    await mcc.hook('/_test/clock', { advanceMinutes: 31 });
    await pane.getByRole('region', { name: 'Not known' }).getByRole('button', { name: /^Look in .+ again$/ }).click(); // prettier-ignore
    await pane.getByRole('region', { name: 'Not known' }).getByText(/is too few/).first().waitFor(LONG); // prettier-ignore
    await button(/^It is not there/).click();
    await looks('S6-send-again');
    // The first look that counts is made; the second stands a minute apart.
    await mcc.hook('/_test/clock', { advanceMinutes: 2 });
    await button(/send it again/).click();
    await pane.getByRole('heading', { name: 'All invoices are posted' }).waitFor(LONG);
    await looks('S6-posted');
  });

  test('W5 results in the sheet, shown before they are written', async () => {
    await button('Results into the sheet …').click();
    const asked = pane.getByRole('region', { name: 'Results into the sheet' });
    await asked.waitFor(LONG);
    await looks('S6-results');
    await asked.getByRole('button', { name: /^Write \d+ cells/ }).click();
    await button('Results into the sheet …').click();
    await asked.getByRole('button', { name: 'Write 0 cells' }).waitFor(LONG);
    await asked.getByRole('button', { name: 'Cancel' }).click();
  });

  test('S7 spot-check, during and after', async () => {
    await button('Spot-check five').click();
    await pane.getByRole('heading', { name: 'Spot-check 1 of 5' }).waitFor(LONG);
    await looks('S7-spot-check');
    for (let drawn = 1; drawn <= 5; drawn += 1) {
      await pane.getByRole('heading', { name: `Spot-check ${String(drawn)} of 5` }).waitFor(LONG);
      await button(/^Matches/).click();
    }
    await pane.getByRole('heading', { name: /is closed/ }).waitFor(LONG);
    await looks('S7-closed');
    const mend = await alterReadBack(page);
    await button('Draw five others').click();
    await pane.getByRole('region', { name: 'What differs' }).waitFor(LONG);
    await looks('S7-differs');
    await mend();
  });

  async function decideAll(): Promise<void> {
    const asked = pane.getByRole('region', { name: 'Still to decide' });
    for (let left = 10; left > 0 && (await asked.isVisible()); left -= 1) {
      await asked
        .getByRole('button', { name: /^(Keep|Use old counts)/ })
        .first()
        .click();
      const reason = asked.getByRole('textbox');
      if (await reason.isVisible()) {
        await reason.fill('Agreed for this month');
        await page.keyboard.press('Enter');
      }
    }
  }

  async function expectHanging(): Promise<void> {
    for (let tries = 0; tries < 600; tries += 1) {
      const { hanging } = await mcc.ask<{ hanging: string[] }>('/_test/failpoints');
      if (hanging.length > 0) return;
    }
    throw new Error('The relay never hung at its failpoint.');
  }
});
