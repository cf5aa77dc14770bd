// What the finance person does in the pane, by what stands on the screen.
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { ownersIn, tidy, WORKBOOK } from './larkspur-world.ts';

const MINUTE = 60_000;
const NOBODY = 'Nobody: never bill it';
/** As the pane titles where a name comes from, with the truth table's word for it. */
const SOURCES = { Sheet: 'sheet', 'RMM export': 'rmm', 'EDR export': 'edr' } as const;

export interface Mapped {
  readonly names: number;
  readonly byGuess: number;
  readonly byHand: number;
}

/** Excel starts the add-in anew with the workbook; what was said before is gone with the frame. */
export async function openWorkbook(page: Page): Promise<void> {
  await page.locator('iframe').waitFor();
  await page.locator('#open').setInputFiles(WORKBOOK);
  await page.getByRole('status').getByText('billing_wide_dev.xlsx is open').waitFor();
}

export async function startMonth(pane: FrameLocator, sheet: string): Promise<void> {
  await pane.getByLabel('Sheet of this month').selectOption(sheet, { timeout: MINUTE });
  await pane.getByRole('button', { name: 'Start October 2026' }).click();
  await pane.getByRole('button', { name: 'Refresh counts' }).click();
  await pane.getByText('left to decide').waitFor({ timeout: MINUTE });
}

/** The guesses in bulk, then name by name what the guesses do not say or say wrongly. */
export async function mapNames(pane: FrameLocator): Promise<Mapped> {
  const books = ownersByClient();
  const toMap = pane.getByRole('region', { name: 'To map' });
  await toMap.getByRole('button', { name: /^Take the \d+ / }).click();
  const rows = await toMap
    .getByRole('listitem')
    .filter({ has: pane.getByRole('combobox') })
    .all();
  let byHand = 0;
  for (const row of rows) {
    const owner = await ownerOf(row);
    const wanted = owner === null ? NOBODY : (books.get(owner) ?? '');
    const choice = row.getByRole('combobox');
    const chosen = await choice.evaluate(
      (one) => (one as HTMLSelectElement).selectedOptions[0]?.text,
    );
    if (chosen === wanted) continue;
    byHand += 1;
    await choice.selectOption({ label: wanted });
  }
  await toMap.getByRole('button', { name: `Confirm ${String(rows.length)} links` }).click();
  await toMap.waitFor({ state: 'detached', timeout: MINUTE });
  return { names: rows.length, byGuess: rows.length - byHand, byHand };
}

const ownersByClient = (): ReadonlyMap<string, string> =>
  new Map([...ownersIn('accounting')].flatMap(([name, id]) => (id === null ? [] : [[id, name]])));

/** The answer key's client for a row of the list; null is nobody's. */
async function ownerOf(row: Locator): Promise<string | null> {
  const name = tidy(await row.getByRole('strong').innerText());
  const [title = '', kind] = (await row.locator('p').first().locator('.quiet').innerText()).split(
    ', ',
  );
  const source = SOURCES[title as keyof typeof SOURCES];
  const owner = ownersIn(source).get(name);
  if (kind !== 'client' || owner === undefined) {
    throw new Error(`"${name}" (${title}, ${kind ?? ''}) is in no truth table.`);
  }
  return owner;
}

/** Keeps every card and finding that asks, with the reason where one is wanted. */
export async function keepAll(pane: FrameLocator, reason: string): Promise<readonly string[]> {
  const kept: string[] = [];
  const asks = pane.locator('.flag:not(.decided)').filter({ has: keepButton(pane) });
  while ((await asks.count()) > 0) {
    const flag = asks.first();
    const words = tidy(await flag.locator('p').innerText());
    await keepButton(flag).click();
    const field = pane.getByRole('textbox', { name: /^Reason to keep/ });
    if (await field.isVisible()) {
      await field.fill(reason);
      await field.press('Enter');
    }
    kept.push(words);
    await pane.locator('.flag:not(.decided)', { hasText: words }).waitFor({ state: 'detached' });
  }
  return kept;
}

const keepButton = (within: FrameLocator | Locator): Locator =>
  within.getByRole('button', { name: /^Keep/ });
