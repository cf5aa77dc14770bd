/** The machines of the sample world, as every remote monitoring tool would find them. */
import type { SampleDevice, SampleVendors } from '../../sample/model.ts';

export type MachineKind = 'desktop' | 'laptop' | 'server' | 'host' | 'network';

export function kindOf({ id, nodeClass }: SampleDevice): MachineKind {
  if (nodeClass.endsWith('_VM_HOST')) return 'host';
  if (nodeClass.startsWith('NMS_')) return 'network';
  if (nodeClass.endsWith('SERVER')) return 'server';
  return nodeClass === 'MAC' || id % 3 === 0 ? 'laptop' : 'desktop';
}

const SYSTEMS: Readonly<Record<string, string>> = {
  MAC: 'macOS 15.6',
  LINUX_WORKSTATION: 'Ubuntu 24.04 LTS',
  LINUX_SERVER: 'Ubuntu Server 24.04 LTS',
  WINDOWS_SERVER: 'Microsoft Windows Server 2022 Standard',
  VMWARE_VM_HOST: 'VMware ESXi 8.0.3',
};

export const operatingSystemOf = ({ nodeClass }: SampleDevice): string =>
  SYSTEMS[nodeClass] ?? (nodeClass.startsWith('NMS_') ? 'Embedded' : 'Microsoft Windows 11 Pro');

/** The same view of a month is asked for page by page and made once. */
export function once<View>(
  make: (vendors: SampleVendors) => View,
): (vendors: SampleVendors) => View {
  const made = new WeakMap<SampleVendors, { readonly view: View }>();
  return (vendors) => {
    const kept = made.get(vendors) ?? { view: make(vendors) };
    made.set(vendors, kept);
    return kept.view;
  };
}
