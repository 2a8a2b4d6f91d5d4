import { element, eventView, language, listView, t } from './views.js';

const ASK_EVERY_MS = 5000;
const at = (id) => document.getElementById(id);

/** What is shown; pictures and events are in memory only. */
const state = { events: null, nextCursor: null, isUnseenOnly: false, event: null, mayAcknowledge: false, trouble: null };
/** What was drawn last: the page is left alone while nothing changed, so that nothing moves under a finger. */
let drawn = '';

const openEvent = () => /^#\/event\/([0-9a-f-]{36})$/.exec(location.hash)?.[1] ?? null;

/** @throws {{ status: number }} 0: there was no answer at all */
async function call(path, options) {
  const answer = await fetch(path, options).catch(() => ({ ok: false, status: 0 }));
  if (!answer.ok) throw { status: answer.status };
  return answer.json();
}

const troubleOf = ({ status = 0 }) => (status === 0 ? t('offline') : status === 404 ? t('gone') : t('failed', { status }));

function draw() {
  const id = openEvent();
  const isEvent = id !== null;
  at('trouble').textContent = state.trouble ?? '';
  const isThere = isEvent ? state.event?.id === id : state.events !== null;
  const isWaiting = !isThere && state.trouble === null;
  const next = JSON.stringify([language.now, id, isWaiting, isEvent ? state.event : [state.events, state.nextCursor, state.isUnseenOnly], state.mayAcknowledge]);
  if (next === drawn) return;
  drawn = next;
  document.documentElement.lang = language.now;
  document.title = at('title').textContent = t(isEvent ? 'event' : 'events');
  at('language').textContent = t('other');
  at('back').ariaLabel = t('back');
  at('back').hidden = !isEvent;
  at('view').replaceChildren(...(!isThere ? [element('p', { className: 'none', text: isWaiting ? t('loading') : '' })] : isEvent ? eventView(state.event, state.mayAcknowledge, acknowledge) : listView(state, { onFilter, onMore })));
}

const listPath = (cursor) => `/api/events?${new URLSearchParams({ ...(state.isUnseenOnly ? { unseen: '1' } : {}), ...(cursor ? { cursor } : {}) })}`;

async function refresh() {
  const [id, wasUnseenOnly] = [openEvent(), state.isUnseenOnly];
  try {
    if (id !== null) {
      const { event, mayAcknowledge } = await call(`/api/events/${id}`);
      Object.assign(state, { event, mayAcknowledge, trouble: null });
    } else {
      const { events, nextCursor, mayAcknowledge } = await call(listPath(null));
      if (state.isUnseenOnly !== wasUnseenOnly) return;
      // What was loaded behind the first page stays behind it.
      const oldest = events.at(-1)?.startedAt ?? '';
      const older = nextCursor === null ? [] : (state.events ?? []).filter((one) => one.startedAt < oldest);
      Object.assign(state, { events: [...events, ...older], nextCursor: older.length > 0 ? state.nextCursor : nextCursor, mayAcknowledge, trouble: null });
    }
  } catch (error) {
    state.trouble = troubleOf(error);
  }
  draw();
}

function onFilter(isUnseenOnly) {
  Object.assign(state, { isUnseenOnly, events: null, nextCursor: null });
  draw();
  void refresh();
}

async function onMore() {
  try {
    const { events, nextCursor } = await call(listPath(state.nextCursor));
    Object.assign(state, { events: [...state.events, ...events], nextCursor, trouble: null });
  } catch (error) {
    state.trouble = troubleOf(error);
  }
  draw();
}

async function acknowledge() {
  try {
    const { event } = await call(`/api/events/${state.event.id}/acknowledgement`, { method: 'POST' });
    const events = state.events?.map((one) => (one.id === event.id ? event : one)) ?? null;
    Object.assign(state, { event, events, trouble: null });
  } catch ({ status = 0 }) {
    state.trouble = status === 0 ? t('offline') : t('notMarked', { status });
  }
  draw();
}

at('language').addEventListener('click', () => {
  language.now = language.now === 'en' ? 'zh' : 'en';
  localStorage.setItem('language', language.now);
  draw();
});
let listScroll = 0;
addEventListener('scroll', () => {
  if (openEvent() === null) listScroll = scrollY;
}, { passive: true });
addEventListener('hashchange', () => {
  const where = openEvent() === null ? listScroll : 0;
  draw();
  scrollTo(0, where);
  void refresh();
});
addEventListener('online', () => void refresh());
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void refresh());
setInterval(() => document.visibilityState === 'visible' && void refresh(), ASK_EVERY_MS);

draw();
void refresh();
void navigator.serviceWorker?.register('/service-worker.js');
