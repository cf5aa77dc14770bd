// A small folder in the form of the vendors' exports, for a run without --data: four clients, with
// a device listed twice, an account that fell to nothing, a credit, and names that are nobody's.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FILES: Readonly<Record<string, string>> = {
  'psa_companies.csv': `company_id,company_name,status,type
C1,Pinecrest Dental LLC,Active,Client
C2,"Harrow, Vale & Sons",Active,Client
C3,Zephyr Yachts Inc.,Active,Client
X1,Old Mill Bakery,Inactive,Former client
`,
  'rmm_devices.csv': `Organization,Device Name,Device Class,OS,Serial,Last Contact,Status
Pinecrest Dental,PC-1,Workstation,Windows 11 Pro,AA1,2026-10-30,Active
Pinecrest Dental,PC-1 (old),Workstation,Windows 11 Pro,aa1,2026-09-30,Active
Pinecrest Dental,PC-2,Workstation,Windows 11 Pro,AA2,2026-10-31,Active
Harrow Vale and Sons,SRV-1,Server,Windows Server 2022,BB1,2026-10-31,Active
Harrow Vale and Sons,PC-9,Workstation,Windows 10,BB9,2026-08-01,Retired
Default Site,PC-7,Workstation,Windows 11 Pro,DD7,2026-10-31,Active
`,
  'edr_accounts.csv': `Account,Active Agents,Inactive Agents,Last Sync
Pinecrest Dental LLC,2,0,2026-10-31
Zephyr Yachts,0,6,2026-10-02
`,
  'distributor_invoice.csv': `Invoice,Customer,Product,SKU,Charge Type,Quantity,Unit Cost,Total Cost,Period Start,Period End
I-1,Pinecrest Dental LLC,Microsoft 365 Business Basic [New Commerce Experience],CFQ7TTC0LH18:0001,Cycle fee,12,5.76,69.12,2026-10-01,2026-10-31
I-1,Pinecrest Dental LLC,Microsoft 365 Business Basic [New Commerce Experience],CFQ7TTC0LH18:0001,Credit,-1,5.76,-5.76,2026-10-01,2026-10-31
I-1,"HARROW, VALE & SONS",Microsoft 365 Business Basic [New Commerce Experience],CFQ7TTC0LH18:0001,Cycle fee,4,5.76,23.04,2026-10-01,2026-10-31
I-1,"HARROW, VALE & SONS",Azure Plan,DZH318Z0BPS6:0001,Cycle fee,1,80.00,80.00,2026-10-01,2026-10-31
`,
  'backup_usage.csv': `Client Name,Product,Code,Protected Units,Storage GB
Zephyr Yachts Inc.,Server protection,BK-SRV,3,900
`,
  'mail_domains.csv': `Primary Domain,Active Mailboxes,Shared Mailboxes
pinecrestdental.example,12,3
`,
  'tenant_licences.csv': `tenantDefaultDomain,skuPartNumber,prepaidUnitsEnabled,consumedUnits
pinecrestdental.onmicrosoft.example,O365_BUSINESS_ESSENTIALS,12,11
pinecrestdental.onmicrosoft.example,FLOW_FREE,10000,2
`,
  'truth_accounts.csv': `source,source_name,client_id,category
rmm,Pinecrest Dental,C1,nosuffix
rmm,Harrow Vale and Sons,C2,ampand
rmm,Default Site,,nil_default
edr,Pinecrest Dental LLC,C1,exact
edr,Zephyr Yachts,C3,nosuffix
distributor,Pinecrest Dental LLC,C1,exact
distributor,"HARROW, VALE & SONS",C2,upper
backup,Zephyr Yachts Inc.,C3,exact
mailsec,pinecrestdental.example,C1,domain
tenant,pinecrestdental.onmicrosoft.example,C1,domain
`,
  'truth_skus.csv': `source,source_sku_name,source_sku_code,service_id,note
rmm,Device Class = Workstation,,WS,
rmm,Device Class = Server,,SRV,
edr,Active Agents,,EDR,
distributor,Microsoft 365 Business Basic [New Commerce Experience],CFQ7TTC0LH18:0001,M365BB,
distributor,Azure Plan,DZH318Z0BPS6:0001,,usage
backup,Server protection,BK-SRV,BCDR,
mailsec,Active Mailboxes,,MAIL,
tenant,O365_BUSINESS_ESSENTIALS,O365_BUSINESS_ESSENTIALS,M365BB,
tenant,FLOW_FREE,FLOW_FREE,,not billed
`,
  'truth_reconciliation.csv': `client_id,client_name,service_id,last_month_billed,this_month_draft,vendor_count_raw,vendor_count,difference,unit_price,dollar_impact,kind
C1,Pinecrest Dental LLC,WS,2,2,3,2,0,65.00,0.00,vendor_double_count
C1,Pinecrest Dental LLC,EDR,2,2,2,2,0,8.00,0.00,match
C1,Pinecrest Dental LLC,M365BB,10,10,12,12,2,7.20,14.40,under_billed
C1,Pinecrest Dental LLC,MAIL,12,12,12,12,0,3.50,0.00,match
C2,"Harrow, Vale & Sons",SRV,1,1,1,1,0,145.00,0.00,match
C2,"Harrow, Vale & Sons",M365BB,5,5,4,4,-1,7.20,-7.20,over_billed
C3,Zephyr Yachts Inc.,EDR,6,6,0,0,-6,8.00,-48.00,vendor_drop_to_zero
C3,Zephyr Yachts Inc.,BCDR,3,3,3,3,0,210.00,0.00,match
C3,Zephyr Yachts Inc.,SAT,4,4,,,,2.50,0.00,no_vendor_source
`,
};

/** Writes it below `parent`, in a folder of its own; gives the path. */
export function writeSampleFolder(parent = tmpdir()): string {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'mcc-vendors-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  return folder;
}
