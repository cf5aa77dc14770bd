import type { FileProfile } from '../profile.ts';
import { CLIENT_NAMES } from './names.ts';

/** One row for each account; agents that are not active are not counted. */
export const huntressAgents: FileProfile = {
  id: 'huntress-agents',
  title: 'Huntress agents by account',
  fileName: 'HUNTRESS',
  known: 'common headings of endpoint detection exports; set "columns" for others',
  columns: {
    client: { names: CLIENT_NAMES },
    quantity: { names: ['Active Agents', 'Agents', 'Agent Count', 'Agents Count', 'Billable Agents'] },
    asOf: { names: ['Last Sync', 'Last Synced', 'Report Date', 'As Of', 'Date'], optional: true },
  },
  sku: { id: 'agents', name: 'Endpoint agents' },
  measures: [{ basis: 'active', of: 'quantity' }],
}; // prettier-ignore
