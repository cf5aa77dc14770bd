/** Every stand-in, one line each. */
import { autotask } from './vendors/autotask.ts';
import { conductor } from './conductor/company.ts';
import type { StandIn } from './stand-in.ts';
import { connectwiseAutomate } from './vendors/connectwise-automate.ts';
import { connectwiseRmm } from './vendors/connectwise-rmm.ts';
import { connectwisePsa } from './vendors/connectwise-psa.ts';
import { dattoRmm } from './vendors/datto-rmm.ts';
import { genericHttp } from './vendors/generic-http.ts';
import { genericJsonPoster } from './books/generic-json-poster.ts';
import { halopsa } from './vendors/halopsa.ts';
import { huntress } from './vendors/huntress.ts';
import { ingramCloud } from './vendors/ingram-cloud.ts';
import { microsoftGraph } from './vendors/microsoft-graph.ts';
import { netsuite } from './books/netsuite.ts';
import { ninjaone } from './vendors/ninjaone.ts';
import { partnerCenter } from './vendors/partner-center.ts';
import { pax8 } from './vendors/pax8.ts';
import { quickbooksOnline } from './books/quickbooks-online.ts';
import { sageIntacct } from './books/sage-intacct.ts';
import { sageAccounting } from './books/sage-accounting.ts';
import { sonicwall } from './vendors/sonicwall.ts';
import { xero } from './books/xero.ts';

export const STAND_INS: readonly StandIn[] = [
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
  sageIntacct,
  sageAccounting,
  sonicwall,
  xero,
];
