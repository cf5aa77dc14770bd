// Every look of a screen: two widths, light and dark; axe on each, a picture where asked for.
// Colours do not depend on the width nor the layout on colours, so `npm test` tries each width and
// each scheme once; `npm run screens` tries all four.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
const LOOKS = [
  { width: 320, scheme: 'light' },
  { width: 270, scheme: 'dark' },
  { width: 320, scheme: 'dark' },
  { width: 270, scheme: 'light' },
] as const;
const IN_EVERY_RUN = 2;
const HEIGHT = 900;

/** Set by `npm run screens`: the folder the pictures go to. */
const folder = process.env['MCC_SCREENS'];

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly target: readonly unknown[]; readonly html: string }[];
  }[];
}

/** What axe says against a screen, one line each; empty is good. Leaves the page at 320, light. */
export async function lookAtAll(page: Page, name: string): Promise<readonly string[]> {
  const complaints: string[] = [];
  const looks = folder === undefined ? LOOKS.slice(0, IN_EVERY_RUN) : LOOKS;
  for (const { width, scheme } of looks) {
    await page.setViewportSize({ width, height: HEIGHT });
    await page.emulateMedia({ colorScheme: scheme });
    await settle(page);
    const look = `${name}-${String(width)}-${scheme}`;
    if (folder !== undefined) {
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${look}.png`) });
    }
    complaints.push(...(await axe(page, look)), ...(await overflow(page, look)));
  }
  await page.setViewportSize({ width: 320, height: HEIGHT });
  await page.emulateMedia({ colorScheme: 'light' });
  return complaints;
}

/** Two frames: layout and styles have followed the new size and scheme. */
async function settle(page: Page): Promise<void> {
  for (const frame of await shownFrames(page)) {
    await frame.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }
}

async function axe(page: Page, look: string): Promise<string[]> {
  const found: string[] = [];
  for (const frame of await framesToTry(page, look)) {
    await provideAxe(frame);
    const result = await frame.evaluate(
      (rules) =>
        (
          globalThis as unknown as { axe: { run: (on: unknown, how: unknown) => Promise<unknown> } }
        ).axe.run(document, {
          runOnly: { type: 'tag', values: rules },
          resultTypes: ['violations'],
          iframes: false,
        }),
      RULES,
    );
    for (const { id, help, nodes } of (result as AxeResult).violations) {
      found.push(
        `${look}: ${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' ; ')}`,
      );
    }
  }
  return found;
}

/** A reloaded frame has lost it. */
async function provideAxe(frame: Frame): Promise<void> {
  const isThere = await frame.evaluate(() => 'axe' in globalThis);
  if (!isThere) await frame.evaluate(AXE);
}

/** The workbench around the pane is the same for every screen: tried once a width and scheme. */
const triedAround = new WeakMap<Page, Set<string>>();

async function framesToTry(page: Page, look: string): Promise<Frame[]> {
  const frames = await shownFrames(page);
  if (frames.length === 1) return frames;
  const tried = triedAround.get(page) ?? new Set<string>();
  triedAround.set(page, tried);
  const how = look.split('-').slice(-2).join('-');
  if (tried.has(how)) return frames.slice(1);
  tried.add(how);
  return frames;
}

/** Nothing is wider than the pane: no sideways scrolling, no cut text (ux.md 6.2 U3). */
async function overflow(page: Page, look: string): Promise<string[]> {
  const pane = page.frames().find((frame) => frame.url().includes('/taskpane.html'));
  if (!pane || !(await isShown(page))) return [];
  const wide = await pane.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return wide > 0 ? [`${look}: the pane is ${String(wide)} px wider than its frame`] : [];
}

const isShown = (page: Page): Promise<boolean> => page.locator('iframe').isVisible();

/** The page, and the pane where it is in front: a hidden frame paints nothing. */
async function shownFrames(page: Page): Promise<Frame[]> {
  const pane = (await isShown(page)) ? page.frames().slice(1) : [];
  return [page.mainFrame(), ...pane.filter((frame) => frame.url().startsWith('https://localhost'))];
}
