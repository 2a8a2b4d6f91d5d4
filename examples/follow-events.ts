/**
 * @title Follow events as they happen
 * @title:zh 实时跟踪事件
 * @summary Listens over Socket.IO with an API key and prints each new revision of an event; what happened while the link was down is asked for when it is back. Ends after --count events.
 * @summary:zh 用 API 密钥通过 Socket.IO 监听，打印每个事件的新修订；断线期间发生的事件在恢复后补取。收到 --count 个后结束。
 * @keywords Socket.IO, live, events, realtime, stream, 实时, 事件, 推送
 * @needs event.read
 * @run node examples/follow-events.ts [--count 10]
 */
import { parseArgs } from 'node:util';
import { createApiClient } from '@argus/api-client';
import type { EventView, ServerToClientMessages } from '@argus/contracts';
import { io, type Socket } from 'socket.io-client';

const baseUrl = process.env['ARGUS_URL'] ?? 'http://127.0.0.1:7300';
const token = process.env['ARGUS_API_KEY'];
const client = createApiClient({ baseUrl, token });
const { values } = parseArgs({ options: { count: { type: 'string' } } });
const most = values.count === undefined ? Infinity : Number(values.count);
const since = new Date().toISOString();
/** The newest revision of each event that was told. */
const told = new Map<string, number>();
let count = 0;

const socket: Socket<ServerToClientMessages> = io(baseUrl, { auth: { token }, transports: ['websocket'] });
const tell = ({ id, revision, state, label, cameraName, ruleName, startedAt }: EventView): void => {
  if ((told.get(id) ?? -1) >= revision || count >= most) return;
  told.set(id, revision);
  console.log(`${startedAt} ${state} ${label} at ${cameraName} (${ruleName})`);
  count += 1;
  if (count >= most) socket.disconnect();
};
socket.on('event', tell);
socket.on('connect', async () => {
  console.log('connected');
  // Nothing is sent twice over the socket: what was missed is asked for.
  const { items } = await client.call('listEvents', { query: { from: since, limit: 200 } });
  for (const event of items.reverse()) tell(event);
});
socket.on('connect_error', (error) => {
  console.error(`no link: ${error.message}`);
  if (error.message === 'auth.required') process.exit(1);
});
