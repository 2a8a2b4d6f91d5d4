import { errorOf, unreachable } from '@argus/api-client';
import { FollowedLine, type FollowBoxes } from '@argus/contracts';
import { client } from '../../app/client.js';

/** Followed pictures as they are made, some lines at a time. Who stops reading stops the work. @throws ApiError */
export async function* followBoxes(cameraId: string, wish: FollowBoxes, signal: AbortSignal): AsyncGenerator<FollowedLine[], void, undefined> {
  const url = client.url('followBoxes', { params: { id: cameraId }, body: wish });
  const response = await fetch(url, { method: 'POST', credentials: 'same-origin', headers: { 'content-type': 'application/json' }, body: JSON.stringify(wish), signal }).catch((cause: unknown) => {
    throw signal.aborted ? cause : unreachable(url, cause);
  });
  if (!response.ok) throw await errorOf(response);
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const lines = (rest + read.value).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines.filter(Boolean).map((line) => FollowedLine.parse(JSON.parse(line)));
  }
}
