import type { FileProfile } from '../profile.ts';

export const tenantLicences: FileProfile = {
  id: 'tenant-licences',
  title: 'Microsoft 365 licences by tenant',
  fileName: 'M365-TENANTS',
  known: "names of Microsoft Graph's subscribedSkus, read 2026-11-22",
  columns: {
    client: { names: ['tenantDefaultDomain', 'Tenant', 'Tenant Name', 'Default Domain', 'Customer'] },
    sku: { names: ['skuPartNumber'] },
    quantity: { names: ['prepaidUnitsEnabled', 'prepaidUnits.enabled', 'Enabled'] },
    assigned: { names: ['consumedUnits', 'Assigned', 'Consumed'], optional: true },
  },
  measures: [
    { basis: 'bought', of: 'quantity' },
    { basis: 'assigned', of: 'assigned' },
  ],
}; // prettier-ignore
