import { TEXTS } from './texts.js';

export const language = { now: localStorage.getItem('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en') };
export const t = (key, parts = {}) => TEXTS[language.now][key].replace(/\{(\w+)\}/g, (_, name) => parts[name]);

const time = (iso, options) => new Intl.DateTimeFormat(language.now, { hourCycle: 'h23', ...options }).format(new Date(iso));
const clock = (iso) => time(iso, { hour: '2-digit', minute: '2-digit' });
const day = (iso) => time(iso, { weekday: 'long', month: 'long', day: 'numeric' });
const moment = (iso) => time(iso, { dateStyle: 'medium', timeStyle: 'medium' });

/** An element with text and children; names of cameras and rules come from people, so nothing here is ever read as HTML. */
export function element(tag, { text, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) made.textContent = text;
  made.append(...children.filter(Boolean));
  return made;
}

const noPicture = () => element('span', { className: 'no-picture', text: t('noPicture') });

/** A picture may be gone before its event is. */
function picture(isThere, src, alt) {
  if (!isThere) return noPicture();
  const image = element('img', { src, alt, onerror: () => image.replaceWith(noPicture()) });
  return image;
}

function row({ id, cameraName, ruleName, label, startedAt, hasThumbnail, acknowledgedAt }) {
  const what = element('span', { className: 'what' }, element('strong', { text: ruleName }), element('span', { text: [label, cameraName].filter(Boolean).join(' · ') }), element('small', {}, element('time', { dateTime: startedAt, text: clock(startedAt) }), !acknowledgedAt && element('b', { text: t('isNew') })));
  return element('li', {}, element('a', { href: `#/event/${id}` }, element('span', { className: 'thumbnail' }, picture(hasThumbnail, `/api/events/${id}/thumbnail.jpg`, '')), what));
}

/** Events under the day on which they began. */
export function listView({ events, nextCursor, isUnseenOnly }, { onFilter, onMore }) {
  const choice = (text, isOn) => element('button', { type: 'button', text, ariaPressed: String(isOn === isUnseenOnly), onclick: () => onFilter(isOn) });
  const parts = [element('div', { className: 'choices', role: 'group', ariaLabel: t('filter') }, choice(t('all'), false), choice(t('unseen'), true))];
  let [shownDay, list] = [null, null];
  for (const event of events) {
    if (day(event.startedAt) !== shownDay) {
      shownDay = day(event.startedAt);
      list = element('ul');
      parts.push(element('h2', { text: shownDay }), list);
    }
    list.append(row(event));
  }
  if (events.length === 0) parts.push(element('p', { className: 'none', text: t(isUnseenOnly ? 'noneUnseen' : 'none') }));
  if (nextCursor !== null) parts.push(element('button', { type: 'button', className: 'wide', text: t('more'), onclick: onMore }));
  return parts;
}

export function eventView(event, mayAcknowledge, onAcknowledge) {
  const { id, cameraName, ruleName, zone, label, score, startedAt, endedAt, attributes, hasSnapshot, acknowledgedAt, acknowledgedBy } = event;
  const facts = [
    [t('camera'), cameraName], [t('rule'), ruleName], [t('zone'), zone], [t('label'), label], ...attributes.map(({ name, value }) => [name, value]),
    [t('score'), `${Math.round(score * 100)} %`], [t('began'), moment(startedAt)], [t('ended'), endedAt ? moment(endedAt) : t('goesOn')], [t('seenBy'), acknowledgedAt && `${acknowledgedBy ?? ''}, ${moment(acknowledgedAt)}`],
  ];
  return [
    element('div', { className: 'snapshot' }, picture(hasSnapshot, `/api/events/${id}/snapshot.jpg`, [label, cameraName].filter(Boolean).join(' · '))),
    element('dl', {}, ...facts.filter(([, value]) => value).map(([name, value]) => element('div', {}, element('dt', { text: name }), element('dd', { text: value })))),
    mayAcknowledge && !acknowledgedAt && element('button', { type: 'button', className: 'wide first', text: t('acknowledge'), onclick: onAcknowledge }),
  ].filter(Boolean);
}
