/** Every system with a stand-in, one line each. */
import { autotask } from './autotask.ts';
import { conductor } from './conductor.ts';
import { connectwiseAutomate } from './connectwise-automate.ts';
import { connectwiseRmm } from './connectwise-rmm.ts';
import { connectwisePsa } from './connectwise-psa.ts';
import { dattoRmm } from './datto-rmm.ts';
import { genericHttp } from './generic-http.ts';
import { genericJsonPoster } from './generic-json-poster.ts';
import { halopsa } from './halopsa.ts';
import { huntress } from './huntress.ts';
import { ingramCloud } from './ingram-cloud.ts';
import { microsoftGraph } from './microsoft-graph.ts';
import { netsuite } from './netsuite.ts';
import { ninjaone } from './ninjaone.ts';
import { partnerCenter } from './partner-center.ts';
import { pax8 } from './pax8.ts';
import { quickbooksOnline } from './quickbooks-online.ts';
import { sageAccounting } from './sage-accounting.ts';
import { sageIntacct } from './sage-intacct.ts';
import { sonicwall } from './sonicwall.ts';
import type { ContractSystem } from './system.ts';
import { xero } from './xero.ts';

export const SYSTEMS: readonly ContractSystem[] = [
  autotask,
  conductor,
  connectwiseAutomate,
  connectwisePsa,
  connectwiseRmm,
  dattoRmm,
  genericHttp,
  genericJsonPoster,
  halopsa,
  huntress,
  ingramCloud,
  microsoftGraph,
  netsuite,
  ninjaone,
  partnerCenter,
  pax8,
  quickbooksOnline,
  sageAccounting,
  sageIntacct,
  sonicwall,
  xero,
];

export function systemOf(system: string): ContractSystem {
  const found = SYSTEMS.find((one) => one.system === system);
  if (!found) throw new Error(`test/contracts/systems has nothing about ${system}`);
  return found;
}
