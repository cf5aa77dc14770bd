/** Every system that holds invoices, one line each. */
export { conductor } from './conductor.ts';
export { netsuite } from './netsuite.ts';
export { fileExport } from './file-export.ts';
export { genericJsonPoster } from './generic-json-poster.ts';
export { quickbooksOnline } from './quickbooks-online.ts';
export { sageIntacct } from './sage-intacct.ts';
export { sageAccounting } from './sage-accounting.ts';
export { xero } from './xero.ts';
