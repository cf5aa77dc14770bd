import { availableParallelism } from 'node:os';

// Native ES modules, TypeScript stripped by swc. Imports carry their real .ts ending.
const transform = {
  '^.+\\.tsx?$': [
    '@swc/jest',
    {
      jsc: {
        parser: { syntax: 'typescript', tsx: true },
        target: 'es2022',
        transform: { react: { runtime: 'automatic' } },
      },
      module: { type: 'es6' },
    },
  ],
};
const shared = {
  transform,
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.mcc/'],
};
const project = (displayName, testMatch, more = {}) => ({
  ...shared,
  displayName,
  testMatch: testMatch.map((pattern) => `<rootDir>/test/${pattern}`),
  ...more,
});

export default {
  // Some tests wait for processes, browsers or silence: one more than there are cores keeps those busy.
  maxWorkers: availableParallelism() + 1,
  projects: [
    project('unit', [
      '{core,matching,contract,client,workbook,functions,sample,bench,proof}/**/*.test.ts?(x)',
      'architecture.test.ts',
    ]),
    project('relay', ['{relay,sim,terminal,start,workbench,manifest}/**/*.test.ts?(x)']),
    project('simulation', ['simulation/**/*.test.ts']),
    project('pane', ['taskpane/**/*.test.ts?(x)'], {
      testEnvironment: 'jsdom',
      setupFiles: ['<rootDir>/test/taskpane/jsdom-stubs.ts'],
    }),
    project('e2e', ['e2e/**/*.test.ts'], {}),
    project('contracts', ['contracts/**/*.test.ts'], {}),
    // What takes too long for every run; npm test never selects it.
    project('deep', ['deep/**/*.test.ts']),
  ],
};
