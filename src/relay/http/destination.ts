/**
 * Where a request may end up: public addresses, and this machine in the sample and lab profiles
 * (posting-safety 6.1). A name is judged by the addresses it resolves to, at each connection, by
 * the very look-up that connects: a name that points elsewhere a second later is judged again.
 */
import { lookup as systemLookup } from 'node:dns';
import { Agent as PlainAgent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

export interface Destinations {
  readonly allowLoopback: boolean;
  /** Of a URL's host name; a name that is no literal address is judged when it is looked up. */
  readonly isRefusedLiteral: (hostname: string) => boolean;
  readonly lookup: LookupFunction;
  /** Connections that are kept for the next read, each made by the look-up above. */
  readonly agents: { readonly http: PlainAgent; readonly https: TlsAgent };
}

/** What the error of a refused look-up carries. */
export const NOT_PUBLIC = 'ERR_ADDRESS_NOT_PUBLIC';

/** IANA special-purpose registry of IPv4 and multicast (read 2026-11-22). */
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
]; // prettier-ignore
/** Of IPv6 only global unicast is public, but for Teredo and its like, examples and 6to4. */
const GLOBAL_IPV6 = ['2000::/3'];
const NOT_PUBLIC_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

export function createDestinations(
  allowLoopback: boolean,
  lookup: LookupFunction = systemLookup,
): Destinations {
  const isAllowed = (address: string): boolean =>
    isPublic(address) || (allowLoopback && isWithin(address, loopback));
  const guarded = guard(lookup, isAllowed);
  const options = { keepAlive: true, lookup: guarded };
  return {
    allowLoopback,
    isRefusedLiteral(hostname) {
      const address = hostname.replace(/^\[(.*)\]$/, '$1');
      return isIP(address) !== 0 && !isAllowed(address);
    },
    lookup: guarded,
    agents: { http: new PlainAgent(options), https: new TlsAgent(options) },
  };
}

/** One address that is not public refuses the name: which one is taken is not ours to choose. */
function guard(lookup: LookupFunction, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }];
      const [first] = addresses;
      if (error || !first) {
        done(error ?? refusal(hostname), []);
      } else if (!addresses.every(({ address }) => isAllowed(address))) {
        done(refusal(hostname), []);
      } else if (options.all) {
        done(null, addresses);
      } else {
        done(null, first.address, first.family);
      }
    });
  };
}

const refusal = (hostname: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${hostname} is at no public address`), { code: NOT_PUBLIC });

const isPublic = (address: string): boolean =>
  isIP(address) === 6
    ? isWithin(address, globalIpv6) && !isWithin(address, special)
    : isIP(address) === 4 && !isWithin(address, special);

const isWithin = (address: string, list: BlockList): boolean =>
  list.check(address.replace(/%.*$/, ''), isIP(address) === 6 ? 'ipv6' : 'ipv4');

const special = listOf([...NOT_PUBLIC_IPV4, ...NOT_PUBLIC_IPV6]);
const globalIpv6 = listOf(GLOBAL_IPV6);
const loopback = listOf(LOOPBACK);

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
