/** Every kind of vendor file, one line each. */
import { backupUnits } from './profiles/backup-units.ts';
import { connectwiseAdditions } from './profiles/connectwise-additions.ts';
import { deviceList } from './profiles/device-list.ts';
import { distributorInvoice } from './profiles/distributor-invoice.ts';
import { huntressAgents } from './profiles/huntress-agents.ts';
import { ingramInvoice } from './profiles/ingram-invoice.ts';
import { mailboxes } from './profiles/mailboxes.ts';
import { partnerCenterLegacy } from './profiles/partner-center-legacy.ts';
import { partnerCenterNewCommerce } from './profiles/partner-center-new-commerce.ts';
import { pax8Invoice } from './profiles/pax8-invoice.ts';
import { seatList } from './profiles/seat-list.ts';
import { sonicwallLicences } from './profiles/sonicwall-licences.ts';
import { tenantLicences } from './profiles/tenant-licences.ts';
import type { FileProfile } from './profile.ts';

export const PROFILES: readonly FileProfile[] = [
  partnerCenterNewCommerce,
  partnerCenterLegacy,
  pax8Invoice,
  ingramInvoice,
  connectwiseAdditions,
  sonicwallLicences,
  huntressAgents,
  distributorInvoice,
  tenantLicences,
  mailboxes,
  backupUnits,
  deviceList,
  seatList,
];

export const PROFILE_IDS = PROFILES.map(({ id }) => id);
