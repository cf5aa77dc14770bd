/** Every system that counts, one line each. No folder scan: a file that fails must fail the start. */
export { autotask } from './autotask.ts';
export { connectwiseAutomate } from './connectwise-automate.ts';
export { connectwisePsa } from './connectwise-psa.ts';
export { connectwiseRmm } from './connectwise-rmm.ts';
export { csvFile } from './csv-file.ts';
export { dattoRmm } from './datto-rmm.ts';
export { fileImport } from './file-import.ts';
export { genericHttp } from './generic-http.ts';
export { halopsa } from './halopsa.ts';
export { huntress } from './huntress.ts';
export { ingramCloud } from './ingram-cloud.ts';
export { microsoftGraph } from './microsoft-graph.ts';
export { ninjaone } from './ninjaone.ts';
export { partnerCenter } from './partner-center.ts';
export { pax8 } from './pax8.ts';
export { sonicwall } from './sonicwall.ts';
