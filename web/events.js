// SPDX-License-Identifier: GPL-3.0-or-later
// events.js: what the page does with each event of the server.

import {directKey, roomKey} from './store.js';
import {fullReason, t} from './words.js';

// A line of a room, or a direct message.
function addLine(app, json, key) {
  const line = app.store.prepare(json);
  const found = app.store.get(key);
  if (line.own && line.n !== undefined) app.outbox.seen(line);
  const at = found.insert(line);
  if (at < 0) return;
  const isNew = app.store.count(found, line, app.isReading(found));
  if (isNew && !line.replay) app.notify.line(found, line, app.titleOf(found));
  if (line.own && line.event !== 'join' && !line.replay) found.mark = null;
  if (app.isReading(found)) app.store.markRead(found);
  app.view.added(found, at);
  app.view.trim(found);
  app.changed();
}

function memberChange(app, json) {
  const found = app.store.get(roomKey(json.room));
  if (json.replay || !json.name) return;
  if (json.event === 'join') {
    if (!found.users.some((user) => user.name === json.name)) found.users.push({name: json.name, text_member: json.text_member});
  } else {
    found.users = found.users.filter((user) => user.name !== json.name);
  }
}

function roomLine(app, json) {
  const key = roomKey(json.room);
  if (['join', 'leave', 'kick'].includes(json.event)) memberChange(app, json);
  if (json.event === 'crowd') app.refreshUsers();
  if (json.event === 'topic') app.store.get(key).topic = json.text ?? '';
  if (json.event === 'set' || json.event === 'moderated') app.store.get(key).about = null;
  addLine(app, json, key);
  if (json.event === 'set' && json.property === 'name') app.renamed(key, roomKey(json.value));
}

// A line that this program adds: no number, not counted.
export function addLocal(app, json, key = app.store.active) {
  addLine(app, {time: new Date().toISOString(), local: true, ...json}, key);
}

function refused(app, json) {
  const entry = json.entry ?? app.outbox.refuse(json.n);
  // Sent again, it is for the person that has the name now.
  if (json.code === 'other_person') app.store.persons.delete(entry?.to);
  const key = entry?.kind === 'direct' ? directKey(entry.to) : roomKey(entry?.room ?? json.room);
  if (entry?.kind === 'direct') app.undirect(entry);
  if (entry && ['join', 'make'].includes(entry.kind)) {
    app.wanted = null;
    if (json.code === 'no_such_room') return app.dialogs.offerMake(entry.room);
  }
  addLocal(app, {event: 'refused', said: entry?.text, code: json.code, text: json.text},
    app.store.all.has(key) ? key : app.store.active);
}

function roomJoined(app, json) {
  const key = roomKey(json.room);
  const found = app.store.get(key);
  found.topic = json.topic ?? '';
  found.gone = null;
  // A hidden room has a longer name than the one that was typed.
  if (app.wanted && json.room.toLowerCase().startsWith(app.wanted.toLowerCase())) {
    app.wanted = null;
    app.select(key);
  }
  app.refreshUsers();
  app.changed();
}

function roomLeft(app, json) {
  const key = roomKey(json.room);
  const found = app.store.all.get(key);
  if (!found) return;
  if (app.leaving.delete(key)) {
    app.store.remove(key);
    app.select(app.store.active);
  } else {
    found.gone = json.text || fullReason(json.code ?? '') || t('removed_room', {room: app.titleOf(found)});
    found.users = [];
    app.changed();
  }
}

const TAKES = {
  direct: (app, json) => {
    addLine(app, json, directKey(json.name));
    if (!json.own) app.lastDirect = json.name;
  },
  erased: (app, json) => {
    app.store.get(roomKey(json.room)).erase(json);
    app.view.refresh();
  },
  about: (app, json) => {
    const found = app.store.get(roomKey(json.room));
    found.about = json;
    found.topic = json.topic ?? '';
    app.changed();
    app.dialogs.refresh();
  },
  entered: (app, json) => {
    app.session.name = json.name ?? app.session.name;
    app.changed();
  },
  lost: (app, json) => {
    app.store.get(roomKey(json.room)).lose();
    addLocal(app, json, roomKey(json.room));
  },
  waits: (app, json) => addLocal(app, json, directKey(json.name)),
  away: (app, json) => addLocal(app, json, json.name ? directKey(json.name) : app.store.active),
  back: (app, json) => addLocal(app, json),
  blocks: (app, json) => addLocal(app, json),
  program: (app, json) => addLocal(app, json),
  other_person: (app, json) => addLocal(app, json),
  invited: (app, json) => addLocal(app, json),
  notice: (app, json) => (json.code ? refused(app, json) : addLocal(app, json)),
  refused,
  room_joined: roomJoined,
  room_left: roomLeft,
  ended: (app, json) => app.connection.ended(json.outcome, json.text),
};
for (const event of ['say', 'action', 'announce', 'join', 'leave', 'kick', 'crowd', 'topic', 'set', 'moderated']) {
  TAKES[event] = roomLine;
}

// The members that an event must have, and the types of those that are read.
const NEEDED = {say: ['text'], action: ['text'], announce: ['text'], direct: ['name', 'text'], join: ['name'], leave: ['name'],
  kick: ['name'], set: ['property'], moderated: ['action', 'target'], refused: ['code'], invited: ['room'],
  waits: ['name'], room_joined: ['room'], room_left: ['room'], blocks: ['users']};
const TYPES = {event: 'string', room: 'string', name: 'string', text: 'string', target: 'string', author: 'string',
  topic: 'string', property: 'string', action: 'string', code: 'string', sequence: 'number', n: 'number', joined: 'number',
  left: 'number', duration_seconds: 'number', first: 'number', last: 'number', users: 'object'};

// True: the event has all that the page needs of it, and nothing of a wrong type.
export function isReadable(json) {
  return Object.entries(json).every(([name, value]) => !TYPES[name] || (value !== null && typeof value === TYPES[name])) &&
    (NEEDED[json.event] ?? []).every((name) => name in json);
}

// Throws if the page cannot read the event, or does not know it: a newer server has more of them.
export function take(app, json) {
  if (!isReadable(json)) throw new TypeError(`event ${json.event}`);
  TAKES[json.event](app, json);
}
