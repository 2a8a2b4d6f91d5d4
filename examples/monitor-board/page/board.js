import { TEXTS } from './texts.js';

const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;
const HOURS = 24;
const LEVELS = 5;

let locale = localStorage.getItem('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
let board = null;
let isConnected = true;

const at = (id) => document.getElementById(id);
const t = (key, parts = {}) => TEXTS[locale][key].replace(/\{(\w+)\}/g, (_, name) => parts[name]);

/** An element with text and children; names of cameras and rules come from people, so nothing here is ever read as HTML. */
function element(tag, { text, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

const clock = (moment) => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(moment);

function drawFigures() {
  const figures = [['day', board.total], ['hour', board.lastHour], ['cameras', board.cameras.length], ['unseen', board.unseen]];
  at('figures').replaceChildren(...figures.map(([key, value]) => element('div', {}, element('dt', { text: t(key) }), element('dd', { text: value.toLocaleString(locale) }))));
}

/** Beginnings of the hours of this browser's clock, the newest last. */
function hourStarts() {
  const last = new Date(board.nowMs);
  last.setMinutes(0, 0, 0);
  return Array.from({ length: HOURS }, (_, back) => last.getTime() - (HOURS - 1 - back) * HOUR_MS);
}

function drawHours() {
  const starts = hourStarts();
  const countIn = ({ quarters }, start) => Array.from({ length: HOUR_MS / QUARTER_MS }, (_, n) => quarters[start / QUARTER_MS + n] ?? 0).reduce((a, b) => a + b);
  const rows = board.cameras.map((camera) => ({ name: camera.name, counts: starts.map((start) => countIn(camera, start)) }));
  const most = Math.max(1, ...rows.flatMap(({ counts }) => counts));
  const cell = (name, count, index) => {
    const label = t('cell', { camera: name, hour: clock(starts[index]), count });
    // A number may stand in a cell only where there is room for it; the label says it everywhere.
    return element('td', { className: `level-${Math.ceil((count / most) * LEVELS)}`, title: label, ariaLabel: label }, element('span', { text: count === 0 ? '' : String(count), ariaHidden: 'true' }));
  };
  const head = element('tr', {}, element('td'), ...starts.map((start, index) => element('th', { scope: 'col', text: index % 3 === 2 ? clock(start).slice(0, 2) : '' })), element('td'));
  const body = rows.map(({ name, counts }) => element('tr', {}, element('th', { scope: 'row', text: name, title: name }), ...counts.map((count, index) => cell(name, count, index)), element('td', { className: 'sum', text: counts.reduce((a, b) => a + b).toLocaleString(locale) })));
  const scale = element('p', { className: 'scale', ariaHidden: 'true' }, t('few'), ...Array.from({ length: LEVELS }, (_, n) => element('i', { className: `level-${n + 1}` })), t('many'));
  at('hours').replaceChildren(...(rows.length === 0 ? [element('p', { className: 'none', text: t('none') })] : [element('table', {}, element('thead', {}, head), element('tbody', {}, ...body)), scale]));
  if (board.isFull) at('hours').append(element('p', { className: 'none', text: t('full') }));
}

/** Cards stay while their event does: a picture must not blink because another event came. */
const cards = new Map();

function drawLatest() {
  const list = at('latest');
  const shown = board.latest.map((event) => {
    const key = JSON.stringify([event, locale]);
    const card = cards.get(event.id);
    if (card?.key === key) return card;
    return { id: event.id, key, item: drawCard(event) };
  });
  cards.clear();
  for (const card of shown) cards.set(card.id, card);
  list.replaceChildren(...shown.map(({ item }) => item));
}

const noPicture = () => element('span', { className: 'no-picture', text: t('noPicture') });

function drawCard({ id, cameraName, ruleName, label, startedAt, hasPicture, isSeen }) {
  const picture = hasPicture ? element('img', { src: `/pictures/${id}.jpg`, alt: label ?? ruleName, onerror: () => picture.replaceWith(noPicture()) }) : noPicture();
  const badge = isSeen ? [] : [element('b', { text: t('isNew') })];
  const where = [label, cameraName].filter(Boolean).join(' · ');
  return element('li', {}, element('div', { className: 'picture' }, picture), element('div', { className: 'what' }, element('strong', { text: ruleName, title: ruleName }), element('span', { text: where, title: where }), element('small', {}, element('time', { dateTime: startedAt, text: clock(new Date(startedAt)) }), ...badge)));
}

function draw() {
  document.documentElement.lang = locale;
  document.title = t('title');
  for (const one of document.querySelectorAll('[data-text]')) one.textContent = t(one.dataset.text);
  at('language').textContent = t('other');
  const isLive = isConnected && board?.isLinked === true;
  at('link').textContent = board === null && isConnected ? '' : t(isLive ? 'live' : 'lost');
  at('link').className = isLive ? 'live' : 'lost';
  if (board === null) return;
  drawFigures();
  drawHours();
  drawLatest();
}

at('language').addEventListener('click', () => {
  locale = locale === 'en' ? 'zh' : 'en';
  localStorage.setItem('language', locale);
  draw();
});
draw();
const live = new EventSource('/live');
live.addEventListener('message', ({ data }) => {
  [board, isConnected] = [JSON.parse(data), true];
  draw();
});
// The browser tries again by itself.
live.addEventListener('error', () => {
  isConnected = false;
  draw();
});
