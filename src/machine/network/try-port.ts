import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { errnoOf } from '../../host/node/system-call.ts';

interface Address {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  /** 0 for any. */
  readonly port: number;
}

/** Listens there for a moment. @returns the port, or the symbolic errno of the refusal */
export async function tryPort({ protocol, address, port }: Address): Promise<number | string> {
  return protocol === 'tcp' ? await tryTcp(address, port) : await tryUdp(address, port);
}

async function tryTcp(address: string, port: number): Promise<number | string> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      resolve(errnoOf(error) ?? error.message);
    });
    server.listen({ host: address, port, exclusive: true, ipv6Only: address.includes(':') }, () => {
      const bound = server.address();
      const taken = typeof bound === 'object' && bound !== null ? bound.port : port;
      server.close(() => {
        resolve(taken);
      });
    });
  });
}

async function tryUdp(address: string, port: number): Promise<number | string> {
  return await new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' });
    socket.once('error', (error) => {
      socket.close();
      resolve(errnoOf(error) ?? error.message);
    });
    socket.bind({ address, port, exclusive: true }, () => {
      const taken = socket.address().port;
      socket.close(() => {
        resolve(taken);
      });
    });
  });
}
