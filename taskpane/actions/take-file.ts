/** The work of an import: few bring files, so its code comes with the first one. */
import { IMPORT_BYTES_MAX, routes } from '../../src/contract/contract.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Pane } from '../pane.ts';

/** Says what became of the file. */
export async function takeFile(pane: Pane, source: string, file: File): Promise<string> {
  const { period } = pane.get();
  if (period === null) throw new AppError('INPUT_INVALID', 'Start a month first.');
  if (file.size > IMPORT_BYTES_MAX) throw tooLarge(file.name);
  const body = new Uint8Array(await file.arrayBuffer());
  const params = { source };
  const query = { period, name: file.name };
  const health = await pane.outside.client.call(routes.importFile, { params, query, body });
  const sources = pane.get().sources.map((one) => (one.id === source ? health : one));
  pane.tell({ type: 'learned', news: { sources } });
  return health.error
    ? `${file.name} was not taken; the counts before it are kept.`
    : `${file.name} was taken. Sync to bring its counts into the sheet.`;
}

function tooLarge(name: string): AppError {
  const words = `${name} is larger than 10 MB. Save it where the relay runs and name it in the settings of the source, as "path" in place of "upload".`;
  return new AppError('INPUT_INVALID', words);
}
