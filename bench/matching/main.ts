// Names and products against labelled data: npm run bench -- matching --data DIR [--json]
import { customerId } from '../../src/sample/billed.ts';
import { CLIENTS } from '../../src/sample/clients.ts';
import { confirmedMappings } from '../../src/sample/mappings.ts';
import type { Measure } from '../report.ts';
import { scoreFolder } from './files.ts';
import { readFolder, type Folder, type Row } from './folder.ts';
import { measureSpeed } from './speed.ts';

/** Without a folder: the sample's own clients, and the spellings a person had to confirm there. */
export function measureMatching(data: string | undefined): Promise<readonly Measure[]> {
  const folder = data === undefined ? sampleFolder() : readFolder(data);
  return Promise.resolve([...scoreFolder(folder), ...measureSpeed()]);
}

function sampleFolder(): Folder {
  const clients = CLIENTS.map(({ code, name }): Row => ({
    ...{ world: 'sample', kind: 'client', name, client_id: customerId(code) },
    category: 'canonical',
  })); // prettier-ignore
  const accounts = confirmedMappings()
    .filter(({ kind }) => kind === 'client')
    .map(({ name, target, source }): Row => ({
      ...{ world: 'sample', kind: 'account', name, client_id: target ?? '' },
      category: source,
    })); // prettier-ignore
  const file = { name: 'the sample', rows: [...clients, ...accounts] };
  return new Map([['clients', [file]]]);
}
