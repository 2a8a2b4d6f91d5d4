import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { ArgusError, messageOf } from '@argus/kernel';

/** A webhook URL that leads, or may lead, where it must not. */
export class WebhookAddressError extends ArgusError {
  readonly code = 'webhook.address-refused';
}

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** How a host name becomes addresses; the system's resolver, or a table in tests. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

export const systemResolve: Resolve = async (host) => (await lookup(host, { all: true, verbatim: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));

const listOf = (...ranges: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const range of ranges) {
    const [net, bits] = range.split('/') as [string, string];
    list.addSubnet(net, Number(bits), isIP(net) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
};

/** The own machine and its networks; an operator may allow them per webhook. */
const INTERNAL = listOf('10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15', '::1/128', 'fc00::/7');
/** Nobody's server: unspecified, link-local (where clouds keep their credentials), multicast, documentation, reserved. */
const NEVER = listOf(
  '0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
  '::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8', '2001:db8::/32', '3fff::/20',
);
/** Public IPv6; what lies outside and is not INTERNAL is refused, so are the transition ranges that hide an IPv4 address inside. */
const GLOBAL_V6 = listOf('2000::/3');
const TRANSITION_V6 = listOf('2001::/23', '2002::/16');

export type AddressClass = 'public' | 'internal' | 'never';

export function classifyAddress(address: string): AddressClass {
  const version = isIP(address);
  if (version === 4) return NEVER.check(address) ? 'never' : INTERNAL.check(address) ? 'internal' : 'public';
  if (version !== 6) return 'never';
  const inner = mappedV4(address);
  if (inner) return classifyAddress(inner);
  if (NEVER.check(address, 'ipv6') || TRANSITION_V6.check(address, 'ipv6')) return 'never';
  if (INTERNAL.check(address, 'ipv6')) return 'internal';
  return GLOBAL_V6.check(address, 'ipv6') ? 'public' : 'never';
}

/** The IPv4 address inside `::ffff:a.b.c.d`, however it is written. */
function mappedV4(address: string): string | null {
  const canonical = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1);
  const match = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!match) return null;
  const [high, low] = [parseInt(match[1] as string, 16), parseInt(match[2] as string, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/**
 * The addresses to connect to, in the resolver's order. Every address that the name has must be allowed: a name that mixes public and internal ones is an
 * attack or a mistake. Whoever connects uses these and asks no resolver again, so that a second answer cannot lead elsewhere.
 * Throws WebhookAddressError.
 */
export async function requireAllowedAddresses(url: URL, allowPrivate: boolean, resolve: Resolve = systemResolve): Promise<readonly Address[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const version = isIP(host);
  const addresses = version === 0 ? await resolveHost(host, resolve) : [{ address: host, family: version === 6 ? (6 as const) : (4 as const) }];
  for (const { address } of addresses) {
    const kind = classifyAddress(address);
    if (kind === 'never') throw new WebhookAddressError(`${host} (${address}) is not an address of a server that webhooks may call`, { host });
    if (kind === 'internal' && !allowPrivate) throw new WebhookAddressError(`${host} (${address}) lies in an internal network; allow internal addresses on this webhook if that is meant`, { host });
  }
  return addresses;
}

async function resolveHost(host: string, resolve: Resolve): Promise<readonly Address[]> {
  let addresses: readonly Address[];
  try {
    addresses = await resolve(host);
  } catch (error) {
    throw new HostNotFoundError(`${host}: no address found (${messageOf(error)})`, { host }, { cause: error });
  }
  if (addresses.length === 0) throw new HostNotFoundError(`${host}: no address found`, { host });
  return addresses;
}

/** The name has no address now; it may have one later. */
export class HostNotFoundError extends ArgusError {
  readonly code = 'webhook.host-not-found';
}
