import js from '@eslint/js';
import office from 'eslint-plugin-office-addins';
import tseslint from 'typescript-eslint';

const officeGlobals = [
  'Excel',
  'Office',
  'CustomFunctions',
  'OfficeExtension',
  'OfficeRuntime',
].map((name) => ({
  name,
  message: 'Only the Office.js adapter, functions and the pane entry know Office.',
}));
const outside = [
  'Date',
  'fetch',
  'console',
  'process',
  'crypto',
  'setTimeout',
  'setInterval',
  'performance',
].map((name) => ({ name, message: 'Core is pure: time, ids and hashing are arguments.' }));

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', '.mcc/', '.cache/', 'screens/'] },
  {
    files: ['**/*.{js,mjs}'],
    ...js.configs.recommended,
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
  {
    files: ['{src,functions,taskpane,test,bench}/**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { 'office-addins': office },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-console': 'error',
      'no-restricted-globals': ['error', ...officeGlobals],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'Unions instead of enums.' },
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Vendor text is data: text nodes only.',
        },
      ],
    },
  },
  {
    files: ['src/core/**/*.ts', 'src/matching/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', ...officeGlobals, ...outside] },
  },
  {
    files: ['functions/**/*.ts', 'taskpane/index.tsx', 'src/workbook/office-workbook.ts'],
    rules: {
      'no-restricted-globals': 'off',
      ...Object.fromEntries(
        Object.keys(office.rules).map((rule) => [`office-addins/${rule}`, 'error']),
      ),
    },
  },
  {
    files: [
      'src/{terminal,start,relay,sim}/**/*.ts',
      'test/**/*.ts',
      'test/**/*.tsx',
      'bench/**/*.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.{ts,tsx}', 'bench/**/*.ts'],
    rules: {
      'no-restricted-globals': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
