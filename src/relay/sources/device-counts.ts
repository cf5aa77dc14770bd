/** What remote monitoring tools have in common: devices become one row per account and class. */
import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import { quantityFromCell } from '../../core/money.ts';
import type { VendorCount } from './source.ts';

export interface DeviceAccount {
  readonly ref: string;
  readonly name: string;
}

export interface ManagedDevice {
  /** The vendor's own id, which stays when the machine is renamed. */
  readonly id: string;
  readonly accountRef: string;
  /** Names the account where the list of accounts does not. */
  readonly accountName: string;
  /** The vendor's class of the device, as it writes it; empty or null where it has none. */
  readonly deviceClass: string | null;
}

export interface DeviceTool {
  /** Of the source: part of what is hashed, so that ids of two tools never meet. */
  readonly id: string;
  readonly title: string;
  /** Classes every account gets a row for, as for each one met anywhere. */
  readonly skus: Readonly<Record<string, string>>;
}

/** A device the vendor has not classed is still somebody's device. */
const UNCLASSED = { sku: 'unclassed', name: 'Devices without a class' };

export function countDevices(
  tool: DeviceTool,
  accounts: readonly DeviceAccount[],
  devices: readonly ManagedDevice[],
): VendorCount[] {
  const [refs, ids] = [accounts.map(({ ref }) => ref), devices.map(({ id }) => id)];
  refuseTwice(tool.title, 'account', refs);
  refuseTwice(tool.title, 'device', ids);
  const byAccount = Map.groupBy(devices, ({ accountRef }) => accountRef);
  const classes = new Set([...Object.keys(tool.skus), ...devices.map(skuOf)]);
  const all = [...accounts, ...strayAccounts(accounts, devices)];
  return all.flatMap((account) =>
    countClasses(tool, account, byAccount.get(account.ref) ?? [], classes),
  );
}

/** Accounts that only their devices name. */
export function strayAccounts(
  accounts: readonly DeviceAccount[],
  devices: readonly ManagedDevice[],
): DeviceAccount[] {
  const listed = new Set(accounts.map(({ ref }) => ref));
  const strays = devices.filter(({ accountRef }) => !listed.has(accountRef));
  return [...new Map(strays.map((one) => [one.accountRef, one.accountName]))].map(
    ([ref, name]) => ({ ref, name }),
  );
}

function countClasses(
  tool: DeviceTool,
  account: DeviceAccount,
  devices: readonly ManagedDevice[],
  classes: ReadonlySet<string>,
): VendorCount[] {
  const byClass = Map.groupBy(devices, skuOf);
  return [...classes].map((sku) => {
    const own = byClass.get(sku) ?? [];
    return {
      clientRef: account.ref,
      clientName: account.name,
      sku,
      skuName: tool.skus[sku] ?? (sku === UNCLASSED.sku ? UNCLASSED.name : sku),
      basis: 'active' as const,
      quantity: quantityFromCell(own.length),
      ids: own.map(({ id }) => toId(tool, id)).sort(),
    };
  });
}

const skuOf = ({ deviceClass }: ManagedDevice): string => deviceClass?.trim() || UNCLASSED.sku;

/** Hashed, as the id names a machine. */
const toId = (tool: DeviceTool, id: string): string =>
  createHash('sha256').update(`${tool.id}:${id}`).digest('hex').slice(0, 24);

/** Numbered pages shift when a row comes or goes while we read: a row seen twice tells of it. */
function refuseTwice(title: string, what: string, ids: readonly string[]): void {
  if (new Set(ids).size === ids.length) return;
  throw new AppError(
    'SOURCE_MALFORMED',
    `${title}: it lists one ${what} twice. The list may have changed while it was read: sync again.`,
  );
}
