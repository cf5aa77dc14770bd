/** @jest-environment jsdom */
// The manifest, checked offline: our own lint of what the XSD lets pass (ux.md 5.2), always.
import { readFileSync } from 'node:fs';

const text = readFileSync('manifest.xml', 'utf8');
const xml = new DOMParser().parseFromString(text, 'application/xml');
const all = (name: string): Element[] => [...xml.getElementsByTagName(name)];
const resids = (): string[] =>
  [...xml.querySelectorAll('*')].flatMap((element) => element.getAttribute('resid') ?? []);
const resources = (): Element[] => [
  ...all('bt:Image').filter((element) => element.hasAttribute('id')),
  ...all('bt:Url'),
  ...all('bt:String'),
];

test('is well-formed XML with its parts in the order Office wants', () => {
  expect(xml.querySelector('parsererror')).toBeNull();
  expect([...xml.documentElement.children].map((child) => child.localName)).toEqual([
    'Id', 'Version', 'ProviderName', 'DefaultLocale', 'DisplayName', 'Description', 'IconUrl',
    'HighResolutionIconUrl', 'SupportUrl', 'AppDomains', 'Hosts', 'Requirements',
    'DefaultSettings', 'Permissions', 'VersionOverrides',
  ]); // prettier-ignore
});

test('names a fixed GUID, a four-part version and no more permission than it needs', () => {
  expect(all('Id')[0]?.textContent).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(all('Version')[0]?.textContent).toMatch(/^\d+(\.\d+){3}$/);
  const version = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(all('Version')[0]?.textContent).toBe(`${version.version}.0`);
  expect(all('Permissions')[0]?.textContent).toBe('ReadWriteDocument');
  expect(all('Set').map((set) => set.getAttribute('Name'))).toEqual(['SharedRuntime']);
});

test('uses https everywhere, one origin, listed once as an app domain, and no query', () => {
  const urls = [...xml.querySelectorAll('[DefaultValue]')]
    .map((element) => element.getAttribute('DefaultValue') ?? '')
    .filter((value) => value.includes('://'));
  expect(urls.length).toBeGreaterThan(8);
  for (const url of urls) expect(url).toMatch(/^https:\/\/localhost:3443\/[\w./-]+$/);
  expect(all('AppDomain').map((domain) => domain.textContent)).toEqual(['https://localhost:3443']);
});

test('defines every resid once and uses every resource', () => {
  const defined = resources().map((element) => element.getAttribute('id') ?? '');
  expect(new Set(defined).size).toBe(defined.length);
  expect([...new Set(resids())].sort()).toEqual([...defined].sort());
});

test('keeps its strings within the lengths of the ribbon', () => {
  const long = new Set(all('bt:LongStrings').flatMap((group) => [...group.children]));
  for (const string of all('bt:String')) {
    const limit = long.has(string) ? 250 : 125;
    expect((string.getAttribute('DefaultValue') ?? '').length).toBeLessThanOrEqual(limit);
  }
});

test('runs pane, functions and commands in one long-lived runtime', () => {
  const host = all('Host').find((element) => element.getAttribute('xsi:type') === 'Workbook');
  expect([...(host?.children ?? [])].map((child) => child.localName)).toEqual([
    'Runtimes',
    'AllFormFactors',
    'DesktopFormFactor',
  ]);
  const runtime = all('Runtime')[0];
  expect(runtime?.getAttribute('lifetime')).toBe('long');
  const page = all('Page')[0]?.children[0]?.getAttribute('resid');
  const pane = all('Action')[0]?.getElementsByTagName('SourceLocation')[0]?.getAttribute('resid');
  const functionFile = all('FunctionFile')[0]?.getAttribute('resid');
  expect([page, pane, functionFile]).toEqual(Array(3).fill(runtime?.getAttribute('resid')));
  expect(all('TaskpaneId')).toHaveLength(0);
});

test('has unique ids, a supertip on every control, and the namespace MCC', () => {
  const ids = [...all('Control'), ...all('Group')].map((element) => element.getAttribute('id'));
  expect(new Set(ids).size).toBe(ids.length);
  for (const control of all('Control')) {
    expect(control.getElementsByTagName('Supertip')).toHaveLength(1);
  }
  const namespace = all('Namespace')[0]?.getAttribute('resid');
  const string = all('bt:String').find((element) => element.getAttribute('id') === namespace);
  expect(string?.getAttribute('DefaultValue')).toBe('MCC');
});

test('points to icons that exist, are PNG and have the size they claim', () => {
  const icons = new Map<string, number>([
    [all('IconUrl')[0]?.getAttribute('DefaultValue') ?? '', 32],
    [all('HighResolutionIconUrl')[0]?.getAttribute('DefaultValue') ?? '', 64],
  ]);
  for (const image of all('bt:Image').filter((element) => element.hasAttribute('size'))) {
    const resource = resources().find((element) => element.id === image.getAttribute('resid'));
    icons.set(resource?.getAttribute('DefaultValue') ?? '', Number(image.getAttribute('size')));
  }
  for (const [url, size] of icons) {
    const bytes = readFileSync(new URL(url).pathname.slice(1));
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([size, size]);
  }
});

test('points to a help page that exists', () => {
  const help = all('SupportUrl')[0]?.getAttribute('DefaultValue') ?? '';
  expect(readFileSync(new URL(help).pathname.slice(1), 'utf8')).toContain('<h1>');
});
