import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** What a command leads to: `{ return: … }`, `{ error: … }`; what is undefined stays unanswered. */
type Answers = (command: string, words: unknown, socket: Socket) => object | undefined;

export interface FakeQemu {
  /** The names of all commands so far, the oldest first, without the handshake's. */
  readonly commands: readonly string[];
  stop(): Promise<void>;
}

const greeting =
  '{"QMP": {"version": {"qemu": {"major": 10, "minor": 0, "micro": 1}}, "capabilities": []}}\r\n';

/** Listens at a control socket as QEMU does. */
export async function startFakeQemu(path: string, answers: Answers, hello = greeting): Promise<FakeQemu> {
  const sockets = new Set<Socket>();
  const commands: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.write(hello);
    socket.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.trim().split('\n')) {
        const { execute, id, arguments: words } = JSON.parse(line) as Record<string, unknown>;
        const isHandshake = execute === 'qmp_capabilities';
        if (!isHandshake) commands.push(String(execute));
        const answer = isHandshake ? { return: {} } : answers(String(execute), words, socket);
        if (answer !== undefined) socket.write(`${JSON.stringify({ ...answer, id })}\r\n`);
      }
    });
    socket.on('error', () => undefined);
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    commands,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
