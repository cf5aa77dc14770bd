/** The vendors that the bad-input table strikes, one entry each; how the relay connects to them. */
import { sampleConfig } from '../../src/sample/config.ts';
import { unitsSettings, usageSettings } from '../relay/live/generic-http-settings.ts';

export interface BadVendor {
  /** As the stand-ins call it; also its adapter and connection. */
  readonly system: string;
  readonly connection: (standIns: string) => object;
  /** What is put into the answers instead of a count, or of what decides about one. */
  readonly values: Readonly<Record<BadValue, object>>;
}
export type BadValue = 'null' | 'text' | 'negative' | 'half';

const at = (path: string): BadVendor['values'] => ({
  null: { [path]: null },
  text: { [path]: '12' },
  negative: { [path]: -1 },
  half: { [path]: 1.5 },
});

const ofSample = (system: string, values: BadVendor['values']): BadVendor => ({
  system,
  connection: (standIns) => {
    const found = sampleConfig(standIns).connections.find(({ id }) => id === system);
    if (!found) throw new Error(`The sample has no ${system}`);
    return found;
  },
  values,
});

export const VENDORS: readonly BadVendor[] = [
  ofSample('ninjaone', { ...at('0.nodeClass'), text: { '0.nodeClass': 7 } }),
  ofSample('pax8', at('content.0.quantity')),
  ofSample('huntress', at('organizations.0.agents_count')),
  {
    system: 'generic-http',
    connection: (standIns) => ({
      id: 'generic-http',
      adapter: 'generic-http',
      settings: {
        ...unitsSettings(standIns, 'key', 'cursor'),
        items: usageSettings(standIns)['items'],
      },
    }),
    values: at('data.0.used'),
  },
];
