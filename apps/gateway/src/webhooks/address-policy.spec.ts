import { describe, expect, it } from 'vitest';
import { HostNotFoundError, WebhookAddressError, classifyAddress, requireAllowedAddresses, type Address } from './address-policy.js';

describe('classifyAddress', () => {
  it.each([
    ['public', ['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '192.167.255.255', '100.63.255.255', '2606:4700::1111', '::ffff:8.8.8.8']],
    ['internal', ['127.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '198.18.0.1', '::1', 'fc00::1', 'fd12:3456::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::FFFF:10.0.0.1', '0:0:0:0:0:ffff:192.168.0.1']],
    ['never', ['0.0.0.0', '0.1.2.3', '169.254.169.254', '169.254.0.1', '224.0.0.1', '239.255.255.250', '255.255.255.255', '240.0.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '::', 'fe80::1', 'fe80::1%eth0', 'ff02::1', '2001:db8::1', '2002:7f00:1::', '2001:0:1::1', '64:ff9b::7f00:1', '::7f00:1', '::ffff:169.254.169.254', 'localhost', '']],
  ] as const)('%s', (kind, addresses) => {
    for (const address of addresses) expect([address, classifyAddress(address)]).toEqual([address, kind]);
  });
});

describe('requireAllowedAddresses', () => {
  const table: Record<string, Address[]> = {
    'public.test': [{ address: '93.184.216.34', family: 4 }],
    'internal.test': [{ address: '10.0.0.5', family: 4 }],
    'mixed.test': [{ address: '93.184.216.34', family: 4 }, { address: '127.0.0.1', family: 4 }],
    'metadata.test': [{ address: '169.254.169.254', family: 4 }],
    'nothing.test': [],
  };
  const resolve = async (host: string) => table[host] ?? Promise.reject(new Error('ENOTFOUND'));
  const ask = (url: string, allowPrivate = false) => requireAllowedAddresses(new URL(url), allowPrivate, resolve);

  it('gives the addresses to connect to', async () => {
    expect(await ask('https://public.test/hook')).toEqual([{ address: '93.184.216.34', family: 4 }]);
    expect(await ask('http://internal.test/', true)).toEqual([{ address: '10.0.0.5', family: 4 }]);
    expect(await ask('http://[::1]:8080/', true)).toEqual([{ address: '::1', family: 6 }]);
  });

  // WHATWG URLs turn every spelling of an address into the plain one, so the table needs the spellings only here.
  it.each(['http://internal.test/', 'http://mixed.test/', 'http://127.0.0.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://017700000001/', 'http://127.1/', 'http://[::ffff:127.0.0.1]/', 'http://[::1]/', 'http://192.168.0.1:9200/'])('refuses %s', async (url) => {
    await expect(ask(url)).rejects.toBeInstanceOf(WebhookAddressError);
  });

  it.each(['http://metadata.test/', 'http://169.254.169.254/latest', 'http://0.0.0.0/', 'http://[fe80::1]/', 'http://[::]/'])('refuses %s even where internal addresses are allowed', async (url) => {
    await expect(ask(url, true)).rejects.toBeInstanceOf(WebhookAddressError);
  });

  it.each(['http://unknown.test/', 'http://nothing.test/'])('tells that %s cannot be found', async (url) => {
    await expect(ask(url)).rejects.toBeInstanceOf(HostNotFoundError);
  });
});
