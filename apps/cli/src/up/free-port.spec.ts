import { type Server, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortTakenError } from '../errors.js';
import { choosePort } from './free-port.js';

describe('port', () => {
  let server: Server;
  let taken: number;
  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
    taken = (server.address() as { port: number }).port;
  });
  afterEach(() => new Promise((closed) => server.close(closed)));

  it('is the wanted one when it is free', async () => {
    await new Promise((closed) => server.close(closed));
    expect(await choosePort('127.0.0.1', taken, true)).toBe(taken);
  });

  it('is the next free one when it is taken', async () => expect(await choosePort('127.0.0.1', taken, false)).toBeGreaterThan(taken));

  it('is an error when it is taken and was named', async () => {
    await expect(choosePort('127.0.0.1', taken, true)).rejects.toThrow(PortTakenError);
    await expect(choosePort('127.0.0.1', taken, true)).rejects.toThrow(`port ${taken} on 127.0.0.1 is taken`);
  });

  it('needs an address of this machine', async () => expect(choosePort('192.0.2.1', taken, false)).rejects.toThrow('192.0.2.1 is no address of this machine'));
});
