// SPDX-License-Identifier: GPL-3.0-or-later
// app.js: the parts of the page together, and what the user does.

import {isForNow} from './api.js';
import {Composer} from './composer.js';
import {Connection} from './connection.js';
import {Dialogs} from './dialogs.js';
import {$, el, show} from './dom.js';
import {Enter} from './enter.js';
import {addLocal, isReadable} from './events.js';
import {LogView} from './log_view.js';
import {isEncrypted, Notify, showPlain} from './notify.js';
import {Session} from './session.js';
import {Sidebar} from './sidebar.js';
import {settings, tab} from './storage.js';
import {directKey, roomKey, Store} from './store.js';
import {fullReason, load, reason, t, translate} from './words.js';

const USERS_MS = 30000;
const USERS_PAUSE_MS = 1000;
const DARK = matchMedia('(prefers-color-scheme: dark)');

// "": the address names no room.
function linkedRoom() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

export class App {
  info = {};
  wanted = null;  // the room to select when it is joined
  leaving = new Set();
  lastDirect = '';
  #day = '';
  #asked = -Infinity;  // when the members were asked for
  #timers = {};

  constructor() {
    this.session = new Session();
    this.store = new Store(this.session);
    this.notify = new Notify((key) => this.select(key));
    this.connection = new Connection(this);
    this.api = this.connection.api;
    this.outbox = this.connection.outbox;
    this.dialogs = new Dialogs(this);
    this.enter = new Enter(this);
    this.composer = new Composer(this);
    this.sidebar = new Sidebar(this);
    this.view = new LogView($('log'), $('newer'), this.store, {
      onName: (name) => this.dialogs.person(name), actions: (line) => this.#actions(line),
      loadOlder: (found) => this.#loadOlder(found), atEnd: () => this.#looked(), titleOf: (found) => this.titleOf(found),
      pending: (found) => this.#pending(found), me: () => this.session.name,
    });
    this.#listen();
  }

  #listen() {
    for (const event of ['focus', 'visibilitychange']) window.addEventListener(event, () => this.#looked());
    document.addEventListener('visibilitychange', () => (document.hidden ? this.#save() : this.connection.stream.nudge()));
    DARK.addEventListener('change', () => this.restyle());
    window.addEventListener('blur', () => this.changed());
    window.addEventListener('hashchange', () => this.connection.isOpen && this.#openLinked());
    window.addEventListener('online', () => this.connection.stream.nudge(true));
    window.addEventListener('pageshow', (event) => event.persisted && this.connection.stream.nudge(true));
    window.addEventListener('pagehide', () => this.#save());
    document.querySelector('main').addEventListener('pointerdown', () => document.body.dataset.drawer && this.drawer(''));
    setInterval(() => !document.hidden && this.connection.isOpen && this.refreshUsers(), USERS_MS);
    setInterval(() => this.#save(), 5000);
  }

  async start() {
    await this.restyle();
    await this.#loadInfo();
    if (!this.session.self) {
      const why = tab.get('why', '');
      tab.remove('why');
      return this.enter.showForm(t(why));
    }
    this.#prepare();
    this.connection.stream.cursor = this.store.restore();
    this.select(this.store.active);
    const data = await this.enter.resume();
    if (data) this.begin(data);
    return undefined;
  }

  // What the server says of itself. Waits for the server.
  async #loadInfo() {
    for (let wait = 500; ; wait = Math.min(8000, wait * 2)) {
      const answer = await this.api.get('/api/room');
      if (answer.ok) {
        this.info = answer.data;
        return;
      }
      $('enter_error').textContent = t('no_server');
      show($('enter'), true);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  get isChatOnly() {
    return !isEncrypted() && this.info.plain !== 'trusted';
  }

  get room() {
    return this.store.current.isRoom ? this.store.current.name : '';
  }

  titleOf(found) {
    if (!found.isRoom) return found.name;
    return found.name ? `#${found.name}` : this.info.room || this.info.server || '#';
  }

  // The server has a session for this tab.
  begin(data) {
    this.#prepare();
    for (const room of data.rooms ?? []) this.store.get(roomKey(room.room)).topic = room.topic ?? '';
    this.select(this.store.active);
    this.connection.begin(data);
    this.#openLinked();
  }

  // Enters the room in the address, which has the form /#ROOM. It is opened once, not at each reload.
  #openLinked() {
    const room = linkedRoom();
    if (!room) return;
    history.replaceState(null, '', location.pathname + location.search);
    this.enterRoom(room, 'join');
  }

  #prepare() {
    show($('enter'), false);
    show($('app'), true);
    $('server_name').textContent = this.info.server || this.info.room || 'chat';
    showPlain($('plain'), this.isChatOnly);
    this.connection.state('wait', t('reconnecting'));
  }

  send(command) {
    if (command.to) command.person = this.store.persons.get(command.to);
    this.outbox.add(command);
  }

  say(text, kind = 'say') {
    const found = this.store.current;
    if (!found.isRoom) return this.direct(found.name, text);
    found.mark = null;
    this.send({kind, room: found.name, text});
    this.view.toEnd();
    return undefined;
  }

  direct(name, text) {
    if (this.isChatOnly) return reason('needs_tls');
    this.select(directKey(name));
    if (text) this.send({kind: 'direct', to: name, text});
    this.view.toEnd();
    return undefined;
  }

  enterRoom(name, kind) {
    if (this.store.all.has(roomKey(name)) && !this.store.get(roomKey(name)).gone) return this.select(roomKey(name));
    this.wanted = name;
    return this.send({kind, room: name});
  }

  // Without a name: what is open, which may be the direct messages with a user.
  leaveRoom(name = '') {
    if (!name && !this.store.current.isRoom) {
      this.store.remove(this.store.active);
      return this.select(this.store.active);
    }
    name ||= this.room;
    if (!name) return t('default_room');
    const found = this.store.all.get(roomKey(name));
    if (found?.gone) {
      this.store.remove(found.key);
      this.select(this.store.active);
      return undefined;
    }
    this.leaving.add(roomKey(name));
    return this.send({kind: 'leave', room: name});
  }

  ignore(name, yes) {
    this.store.ignore(name, yes);
    this.composer.hint(t(yes ? 'ignored' : 'not_ignored', {name}));
    this.view.refresh();
    this.changed();
  }

  // `why`: the key of words for the form; the user has left in another tab, which may be one that the
  // server does not take for this user's any more.
  async leave(why = '') {
    this.connection.stop();
    await this.api.ask('DELETE', '/api/session');
    if (why) tab.set('why', why);
    else this.connection.tabs.tell('leave');
    this.session.forget();
    location.reload();
  }

  // The server ends the session and begins another one, if it accepts the name.
  async changeName(name) {
    this.connection.stop();
    const answer = await this.enter.request(name);
    if (answer.ok) return this.begin(answer.data);
    this.composer.hint(fullReason(answer.code, answer.text));
    return this.connection.stream.start();
  }

  select(key) {
    const before = this.store.all.get(this.store.active);
    if (before && before.key !== key && before.unread === 0) before.mark = null;
    this.store.active = key;
    const found = this.store.current;
    this.drawer('');
    this.composer.open(key);
    this.view.open(found);
    this.changed();
    this.refreshUsers();
    this.#looked();
    this.composer.focus();
  }

  renamed(from, to) {
    this.store.rename(from, to);
    this.changed();
  }

  drawer(which) {
    document.body.dataset.drawer = document.body.dataset.drawer === which ? '' : which;
    if (which) $(which).querySelector('button')?.focus();
  }

  showPeople() {
    if (matchMedia('(max-width: 1000px)').matches) this.drawer('people');
    else document.body.classList.toggle('hide-people');
  }

  mayModerate(found) {
    const mine = (list) => list?.includes(this.session.name);
    return Boolean(mine(found.about?.owners) || mine(found.about?.moderators));
  }

  isReading(found) {
    return found === this.store.current && !document.hidden && document.hasFocus() && this.view.stick && !$('app').hidden;
  }

  #looked() {
    // "Today" may be another day now.
    const day = new Date().toDateString();
    if (!document.hidden && this.#day !== day) this.view.refresh();
    this.#day = day;
    if (this.isReading(this.store.current)) this.store.markRead(this.store.current);
    this.changed();
  }

  // Draws the lists and the titles at the next frame.
  changed() {
    if (this.#timers.draw) return;
    this.#timers.draw = setTimeout(() => {
      this.#timers.draw = 0;
      this.#draw();
    }, 16);
  }

  #draw() {
    if ($('app').hidden) return;
    const found = this.store.current;
    const title = this.titleOf(found);
    $('title').textContent = title;
    $('topic').textContent = found.topic;
    $('topic').title = found.topic;
    show($('search'), found.isRoom);
    this.sidebar.update();
    this.notify.title(this.store.unread, title);
    this.composer.update(found.gone ? t('removed_room', {room: title}) : t('message_to', {room: title}), Boolean(found.gone));
    const gone = $('gone');
    if (!found.gone) gone?.remove();
    else if (!gone) {
      $('below').append(el('p', {id: 'gone', class: 'bad'}, el('span', {}, t('removed_room', {room: title}) + t('because', {text: found.gone})),
        el('button', {type: 'button', onclick: () => this.enterRoom(found.name, 'join')}, t('join_again')),
        el('button', {type: 'button', onclick: () => this.leaveRoom(found.name)}, t('close'))));
    }
  }

  #pending(found) {
    return this.outbox.entries.filter((entry) => !entry.seen && ['say', 'action', 'direct'].includes(entry.kind) &&
      (entry.kind === 'direct' ? directKey(entry.to) : roomKey(entry.room)) === found.key)
      .map((entry) => ({event: entry.kind, name: entry.kind === 'direct' ? entry.to : this.session.name, by: this.session.person,
        text: entry.text, time: new Date(entry.at).toISOString(), own: true, entry,
        state: entry.perhaps ? 'perhaps' : entry.done ? 'sent' : 'waiting'}));
  }

  #actions(line) {
    const act = (key, what) => el('button', {type: 'button', class: 'act', onclick: what}, t(key));
    if (line.entry?.perhaps) return [act('send_again', () => this.outbox.again(line.entry)), act('drop', () => this.outbox.drop(line.entry))];
    if (line.event === 'invited' && line.room) return [act('join', () => this.enterRoom(line.room, 'join'))];
    const isFresh = Date.now() - new Date(line.time) < 600000;
    if (!line.own || !line.sequence || line.erased || !isFresh || !['say', 'action'].includes(line.event)) return [];
    return [act('take_back', () => this.send({kind: 'erase', room: this.room, sequence: line.sequence}))];
  }

  // A direct message has no line of the server's: its own line is drawn here.
  sent(entry) {
    if (entry.kind !== 'direct') return;
    entry.line = {event: 'direct', name: entry.to, own: true, n: entry.n, text: entry.text};
    addLocal(this, entry.line, directKey(entry.to));
  }

  undirect(entry) {
    const found = this.store.get(directKey(entry.to));
    found.lines = found.lines.filter((line) => !(line.own && line.n === entry.n && line.text === entry.text));
    this.view.refresh();
  }

  async #loadOlder(found) {
    if (!this.connection.isOpen || !found.isRoom) return 0;
    const answer = await this.api.get('/api/history', {room: found.name || undefined, before: found.before, limit: 50});
    if (!answer.ok) {
      found.more = isForNow(answer);
      return 0;
    }
    found.more = Boolean(answer.data.more);
    found.looked = answer.data.first || Infinity;
    return found.prepend((answer.data.lines ?? []).filter(isReadable).map((line) => ({...this.store.prepare(line), replay: true})));
  }

  // Asks who is there, soon, and at most once in USERS_PAUSE_MS.
  refreshUsers() {
    if (this.#timers.users) return;
    const wait = Math.max(150, this.#asked + USERS_PAUSE_MS - performance.now());
    this.#timers.users = setTimeout(async () => {
      this.#timers.users = 0;
      this.#asked = performance.now();
      const found = this.store.current;
      if (!this.connection.isOpen || !found.isRoom || found.gone) return;
      const answer = await this.api.get('/api/users', {room: found.name || undefined});
      if (!answer.ok) return;
      found.users = answer.data.users ?? [];
      for (const user of found.users) if (user.person) this.store.persons.set(user.name, String(user.person));
      this.changed();
    }, wait);
  }

  // After a change of the language, or of the colours.
  async restyle() {
    document.documentElement.dataset.theme = settings.theme || (DARK.matches ? 'dark' : 'light');
    await load();
    translate();
    if ($('app').hidden) return;
    this.view.open(this.store.current);
    this.changed();
  }

  #save() {
    if (this.session.self && this.connection.stream.cursor && !$('app').hidden) this.store.save(this.connection.stream.cursor);
  }
}
