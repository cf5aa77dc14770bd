/**
 * Every configuration error of posting-safety 3.5 E that a relay of this issue can meet, each
 * with the key its message must name and the words that say what to do. 115 and 116 (tenant,
 * audience) belong to the team profile, which is refused as a whole (row "team").
 */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- spoiled in every way on purpose
type Config = Record<string, any>;

export interface BadConfig {
  /** Number in 3.5 E, and what is wrong. */
  readonly name: string;
  /** Changes a sound configuration of the local profile into a bad one. */
  readonly spoil: (config: Config, folder: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  /** The key and the remedy, both in the message. */
  readonly names: RegExp;
  readonly tells: RegExp;
}

/** A sound configuration of real books; its secrets come from the environment. */
export const soundConfig = (): Config => ({
  profile: 'local',
  currency: 'USD',
  timeZone: 'America/Chicago',
  connections: [
    {
      id: 'ninjaone',
      adapter: 'ninjaone',
      settings: { region: 'us', clientId: 'the-client', clientSecret: { env: 'NINJA_SECRET' } },
      services: { WINDOWS_WORKSTATION: 'WS' },
    },
  ],
  books: {
    adapter: 'conductor',
    settings: { apiKey: { env: 'CONDUCTOR_KEY' }, endUserId: 'end_usr_1234567' },
  },
  services: [
    { id: 'WS', name: 'Managed workstation', basis: 'active', unit: 'device', item: 'Workstation' },
    { id: 'M365', name: 'Microsoft 365', basis: 'bought', unit: 'licence', members: ['M365BB'] },
    { id: 'M365BB', name: 'Business Basic', basis: 'bought', unit: 'licence', item: 'M365 Basic' },
  ],
});

export const SOUND_ENV: NodeJS.ProcessEnv = {
  NINJA_SECRET: 'ninja-secret-value',
  CONDUCTOR_KEY: 'sk_conductor_value',
};

/** Sample and lab accept an address, so these begin in the lab. */
const inLab = (address: string) => (config: Config) => {
  config['profile'] = 'lab';
  config['connections'][0].settings = { baseUrl: address, clientId: 'a', clientSecret: 'b' };
  config['books'].settings.baseUrl = 'http://127.0.0.1:9';
};
const secretFrom = (text: string) => (config: Config, folder: string) => {
  const path = join(folder, 'secret');
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  config['connections'][0].settings.clientSecret = { file: path };
};
const URL_KEY = /connections\.0\.settings\.baseUrl/;
const SECRET_KEY = /connections\.0\.settings\.clientSecret/;

export const BAD_CONFIGS: readonly BadConfig[] = [
  { name: '107 secret not in the environment', spoil: () => undefined, env: { CONDUCTOR_KEY: 'x'.repeat(20) }, names: /connections\.0\.settings\.clientSecret/, tells: /NINJA_SECRET is not set. Set it/ },
  { name: '107 secret file is not there', spoil: (config) => (config['connections'][0].settings.clientSecret = { file: '/nowhere/secret' }), names: SECRET_KEY, tells: /\/nowhere\/secret cannot be read. Check the path/ },
  { name: '107 secret left out', spoil: (config) => delete config['connections'][0].settings.clientSecret, names: /connections\.0\.settings.*clientSecret/, tells: /[a-z]/ },
  { name: '107 secret is empty', spoil: secretFrom('\n'), names: SECRET_KEY, tells: /is empty. Put the secret there/ },
  { name: '107 secret as plain text in real use', spoil: (config) => (config['connections'][0].settings.clientSecret = 'plain-secret'), names: SECRET_KEY, tells: /Put it in the environment or a file/ },
  { name: '108 secret in quotes', spoil: secretFrom('"quoted-secret"'), names: SECRET_KEY, tells: /Remove the quotes/ },
  { name: '108 secret with a line break inside', spoil: () => undefined, env: { ...SOUND_ENV, NINJA_SECRET: 'one\ntwo' }, names: SECRET_KEY, tells: /Put it on one line or in a file/ },
  { name: '109 an address in the local profile', spoil: (config) => (config['connections'][0].settings.baseUrl = 'https://api.example.com'), names: URL_KEY, tells: /sample and lab profiles only. Remove it/ },
  { name: '109 an address of books in the local profile', spoil: (config) => (config['books'].settings.baseUrl = 'http://127.0.0.1:9'), names: /books\.settings\.baseUrl/, tells: /Remove it/ },
  { name: '109 an address that is not this machine', spoil: inLab('https://api.example.com'), names: URL_KEY, tells: /must be this machine \(127\.0\.0\.1\)/ },
  { name: '109 an address in the network', spoil: inLab('http://192.168.1.5:80'), names: URL_KEY, tells: /must be this machine/ },
  { name: '109 another name that only looks like this machine', spoil: inLab('http://localhost.evil.example'), names: URL_KEY, tells: /must be this machine/ },
  { name: '109 a name in other letters', spoil: inLab('http://xn--lcalhost-54g.example'), names: URL_KEY, tells: /must be this machine/ },
  { name: '109 an address with a user', spoil: inLab('http://me:pw@127.0.0.1:9'), names: URL_KEY, tells: /Remove them from the address/ },
  { name: '109 an address with a query', spoil: inLab('http://127.0.0.1:9/?a=1'), names: URL_KEY, tells: /Remove what follows/ },
  { name: '109 a file for an address', spoil: inLab('file:///etc/passwd'), names: URL_KEY, tells: /Write http:\/\/127\.0\.0\.1:PORT/ },
  { name: '109 no address at all in the lab', spoil: (config) => { config['profile'] = 'lab'; }, names: URL_KEY, tells: /never talks to real services. Set http/ },
  { name: '110 unknown key', spoil: (config) => (config['timezone'] = 'UTC'), names: /timezone/, tells: /Correct its spelling or remove it/ },
  { name: '110 unknown key inside', spoil: (config) => (config['connections'][0].adaptor = 'x'), names: /connections\.0\.adaptor/, tells: /Correct its spelling or remove it/ },
  { name: '110 unknown setting', spoil: (config) => (config['connections'][0].settings.secretClient = 'x'), names: /connections\.0\.settings/, tells: /secretClient|plain text/ },
  { name: 'unknown adapter', spoil: (config) => (config['connections'][0].adapter = 'ninja'), names: /connections\.0\.adapter/, tells: /Known: .*ninjaone/ },
  { name: 'unknown books', spoil: (config) => (config['books'].adapter = 'xero9'), names: /books\.adapter/, tells: /Known: .*conductor/ },
  { name: '114 certificate file is not there', spoil: (config) => (config['tls'] = { cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' }), names: /tls\.cert/, tells: /Correct the path/ },
  { name: '115, 116 team', spoil: (config) => (config['profile'] = 'team'), names: /profile/, tells: /comes later. Use "local"/ },
  { name: '117 two connections with one id', spoil: (config) => { config['connections'] = [config['connections'][0], config['connections'][0]]; }, names: /connections\.1\.id/, tells: /Give each its own id/ },
  { name: '117 books with the id of a connection', spoil: (config) => (config['books'].id = 'ninjaone'), names: /books\.id/, tells: /Give each its own id/ },
  { name: '117 two services with one id', spoil: (config) => {
      config['services'] = [...(config['services'] as unknown[]), config['services'][0]];
    }, names: /services\.3\.id/, tells: /Give each its own id/ },
  { name: '118 zone missing', spoil: (config) => delete config['timeZone'], names: /timeZone/, tells: /is missing. Add it/ },
  { name: '118 zone that is none', spoil: (config) => (config['timeZone'] = 'Mars/Base'), names: /timeZone/, tells: /use a name such as/ },
  { name: '118 zone without a place', spoil: (config) => (config['timeZone'] = 'EST5EDT'), names: /timeZone/, tells: /use a name such as/ },
  { name: '119 a cap of nothing', spoil: (config) => (config['caps'] = { invoiceMax: '0' }), names: /caps\.invoiceMax/, tells: /above 0/ },
  { name: '119 a negative cap', spoil: (config) => (config['caps'] = { batchMax: '-5' }), names: /caps\.batchMax/, tells: /above 0/ },
  { name: '119 no invoices at all', spoil: (config) => (config['caps'] = { invoicesMax: 0 }), names: /caps\.invoicesMax/, tells: /at least 1/ },
  { name: 'currency that is none', spoil: (config) => (config['currency'] = 'US$'), names: /currency/, tells: /such as USD/ },
  { name: 'profile that is none', spoil: (config) => (config['profile'] = 'prod'), names: /profile/, tells: /"sample"/ },
  { name: 'late before it is fresh', spoil: (config) => (config['lateAfterHours'] = 0), names: /lateAfterHours/, tells: /at least 1/ },
  { name: 'a service without an item', spoil: (config) => delete config['services'][0].item, names: /services\.0\.item/, tells: /Name it/ },
  { name: 'a group with an item', spoil: (config) => (config['services'][1].item = 'x'), names: /services\.1\.item/, tells: /Remove the item/ },
  { name: 'a member that is not there', spoil: (config) => (config['services'][1].members = ['NO']), names: /services\.1\.members/, tells: /Add it or remove it here/ },
  { name: 'a SKU of a service that is not there', spoil: (config) => (config['connections'][0].services = { MAC: 'NO' }), names: /connections\.0\.services\.MAC/, tells: /Correct the id/ },
  { name: 'a bundle of what is not there', spoil: (config) => (config['services'][0].bundle = ['NO']), names: /services\.0\.bundle/, tells: /Add it or remove it here/ },
  { name: 'a bundle of a group', spoil: (config) => { config['services'][1].members = []; config['services'][1].item = 'Seat'; config['services'][0].bundle = ['M365']; config['services'][1].bundle = ['M365BB']; }, names: /services\.0\.bundle/, tells: /Name what it counts/ },
  { name: 'a SKU of a group', spoil: (config) => (config['connections'][0].services = { MAC: 'M365' }), names: /connections\.0\.services\.MAC/, tells: /Name one of its members/ },
  { name: 'books missing', spoil: (config) => delete config['books'], names: /books/, tells: /is missing. Add it/ },
  { name: 'a place to stop in real use', spoil: (config) => (config['lab'] = { failpoints: { 'posting.before-send': 1 } }), names: /lab/, tells: /for the lab profile only. Remove it/ },
  { name: 'the source "sheet"', spoil: (config) => (config['connections'][0].id = 'sheet'), names: /connections\.0\.id/, tells: /Choose another id/ },
]; // prettier-ignore
