/** Where the relay keeps its database, certificate and log when nobody says otherwise. */
import { basename, join } from 'node:path';

/** One folder per configuration, beside the project and never inside a workbook's folder. */
export function dataFolder(config: string | undefined): string {
  const named = process.env['MCC_DATA'];
  if (named !== undefined && named !== '') return named;
  return join('.mcc', config === undefined ? 'sample' : basename(config).replace(/\.json$/, ''));
}
