/** A copy of the engine and its simulation with one safeguard taken away. */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runInChildren } from '../children.ts';
import type { Failure } from '../run.ts';
import type { Mutant, Patch } from './mutants.ts';

const FOLDERS = ['src/core', 'src/contract', 'src/relay', 'test/simulation'];

/** The file with the patch in it; throws when the text is not there exactly once. */
export function patched(text: string, { file, from, to }: Patch): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${file}: found ${parts.length - 1} times: ${from}`);
  return parts.join(to);
}

/** What the simulation finds, or null when the mutant lives on. */
export async function hunt(mutant: Mutant, folder: string, wish: { readonly seeds: number; readonly budgetMs: number }): Promise<Failure | null> {
  const root = join(folder, mutant.name.replaceAll(/\W+/g, '-'));
  try {
    copy(root);
    for (const patch of mutant.patches) {
      const path = join(root, patch.file);
      writeFileSync(path, patched(readFileSync(path, 'utf8'), patch));
    }
    const { seeds: max, budgetMs } = wish;
    return (await runInChildren({ root, first: 0, min: 0, max, budgetMs })).failure;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
} // prettier-ignore

function copy(root: string): void {
  for (const folder of FOLDERS) {
    mkdirSync(dirname(join(root, folder)), { recursive: true });
    cpSync(folder, join(root, folder), { recursive: true });
  }
  cpSync('package.json', join(root, 'package.json'));
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'), 'junction');
}
