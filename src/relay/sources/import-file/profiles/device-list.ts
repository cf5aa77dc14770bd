import type { FileProfile } from '../profile.ts';
import { CLIENT_NAMES } from './names.ts';

/** How long ago a device was seen does not matter; one serial number is one device. */
export const deviceList: FileProfile = {
  id: 'device-list',
  title: 'Device list',
  fileName: 'DEVICES',
  known: 'common headings of remote monitoring exports; set "columns" for others',
  columns: {
    client: { names: ['Organization', 'Organisation', ...CLIENT_NAMES] },
    sku: { names: ['Device Class', 'Device Type', 'Node Class', 'Class', 'Category', 'Role', 'Type', 'Gerätetyp'] },
    serial: { names: ['Serial', 'Serial Number', 'Serial No', 'Serial #', 'S/N', 'Seriennummer'] },
    status: { names: ['Status', 'Device Status', 'State', 'Agent Status'], optional: true },
    asOf: { names: ['Last Contact', 'Last Seen', 'Last Check-in', 'Report Date', 'As Of'], optional: true },
  },
  without: ['Billed Quantity'],
  measures: [{ basis: 'active', of: 'rows' }],
  rows: [
    {
      role: 'status',
      count: ['Active', 'Online', 'Offline', 'Enabled', 'Managed', 'Monitored', 'In use', 'Aktiv'],
      leave: [
        'Retired', 'Inactive', 'Decommissioned', 'Deleted', 'Disabled', 'Archived', 'Removed',
        'Uninstalled', 'Pending', 'Pending approval', 'Unmanaged', 'Suspended', 'Disposed', 'Inaktiv',
      ],
    },
  ],
  once: 'serial',
}; // prettier-ignore
