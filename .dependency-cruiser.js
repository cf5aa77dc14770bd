// Who may import whom (house rule; types count as imports). One line per folder: adding a
// permission is a decision and belongs into docs/adr/0002-pure-core-and-the-import-rule.md.
const npm = (...names) => `node_modules/(@types/)?(${names.join('|')})/`;
const NODE =
  '^(node:)?(assert|buffer|child_process|crypto|events|fs|http|https|module|net|os|path|process|readline|stream|string_decoder|timers|tls|url|util|v8|vm|worker_threads|zlib)(/|$)';

const only = (folder, allowed) => ({
  name: `${folder.replaceAll(/[\\^$]/g, '')} imports its own`,
  severity: 'error',
  from: { path: folder },
  to: { pathNot: [folder, ...allowed].join('|') },
});

const core = '^src/core/';
const contract = '^src/contract/';
const client = '^src/client/';
const matching = '^src/matching/';
const workbook = '^src/workbook/';
const fluent = npm('react', 'react-dom', 'scheduler', '@fluentui/[^/]+', '@tanstack/[^/]+');

export default {
  forbidden: [
    {
      name: 'no cycles',
      severity: 'error',
      from: { pathNot: 'node_modules' },
      to: { circular: true },
    },
    { name: 'nothing unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only(core, []),
    only(matching, [core]),
    only(contract, [core, npm('zod')]),
    only(client, [contract, core, npm('zod')]),
    only(workbook, [core, npm('exceljs'), NODE]),
    only('^src/sample/', []),
    only('^functions/', [client, contract, core]),
    only('^taskpane/', [client, contract, core, matching, workbook, '^functions/', fluent]),
    only('^src/terminal/', [client, contract, core, matching, workbook, NODE]),
    only('^src/sim/', ['^src/sample/', npm('zod', 'fastify', '@fastify/[^/]+'), NODE]),
    only('^src/workbench/', [
      npm('exceljs', 'fast-formula-parser', '@formulajs/formulajs', '@microsoft/office-js'),
      NODE,
    ]),
    only('^src/start/', ['^src/', npm('exceljs'), NODE]),
    {
      name: 'the relay knows no screen and no simulator',
      severity: 'error',
      from: { path: '^src/relay/' },
      to: {
        path: '^(src/(sim|sample|start|terminal|workbench|workbook|client)|taskpane|functions|test)/',
      },
    },
    {
      name: 'adapters are islands',
      severity: 'error',
      from: { path: '^src/relay/(sources|accounting)/', pathNot: '/registry\\.ts$' },
      to: {
        path: '^src/relay/',
        pathNot:
          '^src/relay/(http|(tables|described)/[\\w-]+|sources/(source|[\\w-]+-(file|settings)/.*|[\\w-]+)|accounting/(accounting|[\\w-]+))\\.ts$',
      },
    },
    {
      name: 'adapters import core, zod, their parser',
      severity: 'error',
      from: { path: '^src/relay/(sources|accounting)/' },
      to: { pathNot: ['^src/relay/', core, npm('zod', 'papaparse', 'exceljs'), NODE].join('|') },
    },
    {
      name: 'what adapters share knows none of them',
      severity: 'error',
      from: { path: '^src/relay/(tables|described)/' },
      to: { path: '^src/relay/', pathNot: '^src/relay/(http\\.ts|tables/|described/)' },
    },
    {
      name: 'nothing imports test',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
