// SPDX-License-Identifier: GPL-3.0-or-later
// line.js: the nodes of one line of a conversation.

import {colorOf, el, initial} from './dom.js';
import {linkify} from './linkify.js';
import {duration, language, reason, t} from './words.js';

const GROUP_MS = 5 * 60 * 1000;

const locale = () => (language() === 'zh' ? 'zh-CN' : navigator.language.startsWith('zh') ? 'en' : undefined);
const formats = new Map();
function format(date, options) {
  const key = JSON.stringify(options) + locale();
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale(), options));
  return formats.get(key).format(date);
}

function timeNode(time) {
  const date = new Date(time);
  if (!time || Number.isNaN(date.getTime())) return el('time', {});
  return el('time', {
    datetime: date.toISOString(), 'aria-hidden': 'true',
    title: format(date, {dateStyle: 'full', timeStyle: 'medium'}),
  }, format(date, {hour: '2-digit', minute: '2-digit'}));
}

export function dayOf(line) {
  return line.time ? new Date(line.time).toDateString() : '';
}

export function dayNode(line, now = new Date()) {
  const date = new Date(line.time);
  const days = Math.round((new Date(now.toDateString()) - new Date(date.toDateString())) / 86400000);
  const options = {weekday: 'long', day: 'numeric', month: 'long'};
  if (date.getFullYear() !== now.getFullYear()) options.year = 'numeric';
  const text = days === 0 ? t('today') : days === 1 ? t('yesterday') : format(date, options);
  return el('div', {class: 'rule day', role: 'separator'}, el('span', {}, text));
}

export function newNode() {
  return el('div', {class: 'rule new', role: 'separator'}, el('span', {}, t('new_line')));
}

// The text with its links.
function textNodes(text) {
  return linkify(text).map(({text: part, href}) => (
    href ? el('a', {href, target: '_blank', rel: 'noreferrer noopener'}, part) : part));
}

// True: the line stands below the name of the line before it.
function continues(line, before) {
  return before?.event === 'say' && line.event === 'say' && before.name === line.name && before.by === line.by &&
    new Date(line.time) - new Date(before.time) < GROUP_MS && dayOf(line) === dayOf(before) || isSameDirect(line, before);
}

function isSameDirect(line, before) {
  return before?.event === 'direct' && line.event === 'direct' && before.own === line.own &&
    Math.abs(new Date(line.time) - new Date(before.time)) < GROUP_MS && dayOf(line) === dayOf(before);
}

const shown = (room) => (room ? `#${room}` : '#');

// What a line says that is no message.
function eventText(line) {
  const name = line.name || t('admin');
  const why = line.text ? t('because', {text: line.text}) : '';
  switch (line.event) {
    case 'kick': return t('removed', {name}) + why;
    case 'topic': return line.text ? t('topic_set', {name, text: line.text}) : t('topic_removed', {name});
    case 'set': return t((line.value === 0 ? 'unset_' : 'set_') + line.property, {name, n: line.value, text: shown(line.value)});
    case 'moderated': {
      const time = line.duration_seconds ? t('for_time', {time: duration(line.duration_seconds)}) : '';
      return t(`did_${line.action}`, {name, target: line.target}) + (line.action.endsWith('invite') ? '' : time) + why;
    }
    case 'lost': return t('lost');
    case 'gap': return t('gap');
    case 'waits': return t('waits', {name});
    case 'away': return line.name ? t('is_away', {name}) + why : t('you_are_away') + why;
    case 'back': return t('you_are_back');
    case 'program': return t('other_program', {text: line.address ?? ''});
    case 'other_person': return t('other_person', {name});
    case 'blocks': return line.users.length > 0 ? t('blocked', {names: line.users.map((user) => user.name).join(', ')}) : t('blocked_none');
    case 'invited': return t('invited', {name, room: shown(line.room)});
    case 'refused': return line.said ? t('not_sent', {text: line.said}) + t('because', {text: reason(line.code, line.text)})
      : t('not_done', {why: reason(line.code, line.text)});
    default: return line.text ?? '';
  }
}

function names(list) {
  const first = list.slice(0, 3).join(language() === 'zh' ? '、' : ', ');
  return list.length > 3 ? t('others', {names: first, n: list.length - 3}) : first;
}

// Joins and leaves that follow each other are one line.
function presenceText(lines) {
  const joined = [];
  const left = [];
  const parts = [];
  let counts = [0, 0];
  for (const {event, name, ...line} of lines) {
    if (event === 'join') joined.push(name);
    else if (event === 'leave') left.push(name);
    else counts = [counts[0] + (line.joined ?? 0), counts[1] + (line.left ?? 0)];
  }
  if (joined.length > 0) parts.push(t('joined', {names: names([...new Set(joined)])}));
  if (left.length > 0) parts.push(t('left', {names: names([...new Set(left)])}));
  if (counts[0] > 0) parts.push(t('crowd_joined', {n: counts[0]}));
  if (counts[1] > 0) parts.push(t('crowd_left', {n: counts[1]}));
  return parts.join(language() === 'zh' ? '；' : '; ');
}

export function presenceNode(lines) {
  return el('div', {class: 'line event presence', 'aria-live': 'off'}, timeNode(lines.at(-1).time),
    el('span', {class: 'body', dir: 'auto'}, presenceText(lines)));
}

function nameNode(line, onName) {
  if (!line.name) return el('span', {class: 'name admin'}, `★ ${t('admin')}`);
  const name = line.author ?? line.name;
  return el('button', {type: 'button', class: `name c${colorOf(name)}`, onclick: () => onName(name)},
    el('bdi', {}, (line.text_member ? '~' : '') + name));
}

function markNode(state) {
  const sign = {sent: '✓', waiting: '◷', perhaps: '?'}[state];
  return el('span', {class: `mark ${state}`, role: 'img', 'aria-label': t(state), title: t(state)}, sign);
}

// `act`: onName(name), actions(line): nodes of buttons, me(): the user's own name.
export function lineNode(line, before, act) {
  if (!['say', 'action', 'announce', 'direct'].includes(line.event)) {
    const isBad = ['refused', 'lost'].includes(line.event);
    return el('div', {class: `line event ${line.event} ${isBad ? 'bad' : ''}`}, timeNode(line.time),
      el('span', {class: 'body', dir: 'auto'}, ...textNodes(eventText(line))), ...act.actions(line));
  }
  // The author of an own direct message is the user, not its receiver.
  const author = line.event === 'direct' && line.own ? {...line, author: act.me()} : line;
  const joinsOn = continues(line, before);
  const text = line.erased ? el('i', {class: 'faint'}, t('taken_back', {name: line.erased === true ? t('admin') : line.erased}))
    : el('span', {class: 'text', dir: 'auto'}, ...textNodes(line.text ?? ''));
  const state = line.state ?? (line.own ? 'sent' : '');
  const kinds = [line.event, joinsOn && 'on', line.own && 'own', line.forMe && line.event === 'say' && 'mention', line.state];
  const picture = line.name || line.own
    ? el('span', {class: `picture b${colorOf(author.author ?? line.name ?? '')}`, 'aria-hidden': 'true'}, initial(author.author ?? line.name ?? ''))
    : el('span', {class: 'picture b8', 'aria-hidden': 'true'}, '★');
  return el('div', {class: `line ${kinds.filter(Boolean).join(' ')}`, 'data-n': line.sequence}, picture,
    el('div', {class: 'body'}, el('div', {class: 'who'}, nameNode(author, act.onName), ' ', timeNode(line.time)), text),
    ...act.actions(line), state ? markNode(state) : null);
}
