// SPDX-License-Identifier: GPL-3.0-or-later
// store.js: the conversations and their lines. A conversation is a room ('#' and its name; '#' alone
// is the room of the server) or the direct messages with one user ('@' and the name).

import {browser, settings, tab} from './storage.js';

// Lines of a conversation that are kept, and of one whose older lines are read. All have the older ones
// from the server again.
export const MAX_LINES = 5000;
export const MAX_READ_LINES = 20000;
const SPARE_LINES = 500;
const SNAPSHOT_LINES = 150;  // of each conversation
const TALK = ['say', 'action', 'announce', 'direct'];
export const PRESENCE = ['join', 'leave', 'crowd'];

const WORD = /[\p{Script=Latin}\p{N}_]/u;

// As names are compared: in any case and width.
export const folded = (text) => text.normalize('NFKC').toLowerCase();

export const roomKey = (room) => `#${room ?? ''}`;
export const directKey = (name) => `@${name}`;

class Conversation {
  lines = [];  // by `order`: the number of the line in the room; of a local line that of the one before
  numbers = new Set();
  more = true;  // there may be older lines
  looked = Infinity;  // the server has looked for lines from this number on
  unread = 0;
  mentions = 0;
  read = 0;  // the number of the last line that was read
  mark = null;  // unread lines begin behind this number; null: no line is drawn
  topic = '';
  gone = null;  // why the user is not in the room any more; null: it is
  about = null;
  users = [];
  last = 0;
  isNew = false;  // the user has never been in it: lines from before the join are not unread
  #lost = false;

  constructor(key) {
    this.key = key;
    this.isRoom = key[0] === '#';
    this.name = key.slice(1);
  }

  // The place of the line; -1: it is there already.
  insert(line) {
    const number = line.sequence ?? 0;
    if (number !== 0 && this.#lost && number <= this.last) this.#renew();
    if (number !== 0 && this.numbers.has(number)) return -1;
    line.order = number || (this.lines.at(-1)?.order ?? 0);
    if (number !== 0) {
      this.numbers.add(number);
      this.last = Math.max(this.last, number);
    }
    let at = this.lines.length;
    while (at > 0 && this.lines[at - 1].order > line.order) --at;
    this.lines.splice(at, 0, line);
    return at;
  }

  // The next line may have a number of a new history of the room.
  lose() {
    this.#lost = true;
  }

  #renew() {
    for (const line of this.lines) line.order = -1;
    this.numbers.clear();
    this.last = this.read = 0;
    this.looked = Infinity;
    this.#lost = false;
  }

  // Older lines: oldest first. Returns how many of them are new.
  prepend(lines) {
    const fresh = lines.filter((line) => line.sequence && !this.numbers.has(line.sequence));
    for (const line of fresh) {
      line.order = line.sequence;
      this.numbers.add(line.sequence);
      this.last = Math.max(this.last, line.sequence);
    }
    this.lines = [...fresh, ...this.lines].sort((a, b) => a.order - b.order);
    return fresh.length;
  }

  // The number to ask for older lines with; undefined: any.
  get before() {
    const oldest = this.lines.find((line) => line.sequence && line.order > 0)?.sequence ?? Infinity;
    const before = Math.min(oldest, this.looked);
    return before === Infinity ? undefined : before;
  }

  // Removes the oldest lines if there are too many. Returns how many of them.
  trim(most) {
    if (this.lines.length <= most + SPARE_LINES) return 0;
    const removed = this.lines.splice(0, this.lines.length - most);
    for (const line of removed) this.numbers.delete(line.sequence);
    this.more = this.isRoom;
    this.looked = Infinity;
    return removed.length;
  }

  // Lines from `first` to `last`, all or those of one author, were taken back.
  erase({first, last, author, name}) {
    for (const line of this.lines) {
      if (line.sequence >= first && line.sequence <= last && (!author || line.name === author)) {
        line.text = '';
        line.erased = name ?? true;
      }
    }
  }
}

export class Store {
  all = new Map();
  active = '#';
  ignored = new Set(browser.get('ignored', []));
  persons = new Map();  // by name: the person that had it last
  #read = browser.get('read', {});

  constructor(session) {
    this.session = session;
    this.get('#');
  }

  get(key) {
    let found = this.all.get(key);
    if (!found) {
      found = new Conversation(key);
      found.read = this.#read[this.session.self?.id]?.[key] ?? 0;
      found.isNew = found.isRoom && found.read === 0;
      if (!found.isRoom) found.more = false;
      this.all.set(key, found);
    }
    return found;
  }

  get current() {
    return this.get(this.active);
  }

  remove(key) {
    this.all.delete(key);
    if (this.active === key) this.active = '#';
  }

  rename(from, to) {
    const found = this.all.get(from);
    if (!found) return;
    this.all.delete(from);
    found.key = to;
    found.name = to.slice(1);
    this.all.set(to, found);
    if (this.active === from) this.active = to;
  }

  // A line as it is shown: with its person, and whether it is an own one.
  prepare(json) {
    const line = {...json};
    line.by ??= line.person;
    line.own = line.by !== undefined ? String(line.by) === this.session.person : Boolean(line.own);
    if (line.by !== undefined && line.name && line.event !== 'moderated') this.persons.set(line.name, String(line.by));
    line.forMe = !line.own && TALK.includes(line.event) &&
      (line.event !== 'say' && line.event !== 'action' || this.mentions(line.text));
    return line;
  }

  // True: the user's name is in the text, and no letter or digit joins on to it.
  mentions(text) {
    const name = folded(this.session.name);
    const all = folded(text ?? '');
    const isJoined = (before, behind) => WORD.test(before ?? '') && WORD.test(behind ?? '');
    for (let at = name ? all.indexOf(name) : -1; at >= 0; at = all.indexOf(name, at + 1)) {
      if (!isJoined(all[at - 1], name[0]) && !isJoined(name.at(-1), all[at + name.length])) return true;
    }
    return false;
  }

  isHidden(line) {
    return (!settings.presence && PRESENCE.includes(line.event)) ||
      (this.ignored.has(line.name) && [...TALK, ...PRESENCE].includes(line.event) && line.event !== 'announce');
  }

  counts(line) {
    return TALK.includes(line.event) && !line.own && !line.local && !this.isHidden(line);
  }

  // Counts the line as unread, unless it is read now. True: it is unread.
  count(found, line, isRead) {
    const isNew = line.event === 'direct' ? !line.replay : line.sequence > found.read;
    if (found.isNew && line.replay) found.read = Math.max(found.read, line.sequence);
    else if (line.sequence) found.isNew = false;
    if (!this.counts(line) || !isNew || isRead || (found.isNew && line.replay)) return false;
    found.mark ??= found.read;
    ++found.unread;
    if (line.forMe) ++found.mentions;
    return true;
  }

  markRead(found) {
    found.unread = found.mentions = 0;
    if (found.last <= found.read) return;
    found.read = found.last;
    const id = this.session.self?.id;
    this.#read = {[id]: {...this.#read[id], [found.key]: found.read}};
    browser.set('read', this.#read);
  }

  ignore(name, yes) {
    if (yes) this.ignored.add(name);
    else this.ignored.delete(name);
    browser.set('ignored', [...this.ignored]);
  }

  get unread() {
    let count = 0;
    for (const found of this.all.values()) count += found.unread;
    return count;
  }

  // What a reload of the page shows again, with the cursor behind these lines.
  save(cursor) {
    const rooms = [...this.all.values()].map((one) => ({
      key: one.key, lines: one.lines.slice(-SNAPSHOT_LINES), read: one.read, unread: one.unread,
      mentions: one.mentions, mark: one.mark, topic: one.topic, last: one.last,
    }));
    const saved = {id: this.session.self?.id, cursor, active: this.active, rooms};
    if (!tab.set('snapshot', saved)) tab.remove('snapshot');
  }

  // The cursor; '': there is nothing.
  restore() {
    const saved = tab.get('snapshot');
    if (!saved?.cursor || saved.id !== this.session.self?.id) return '';
    for (const {key, lines, ...rest} of saved.rooms) {
      const found = Object.assign(this.get(key), rest);
      found.lines = lines;
      found.numbers = new Set(lines.map((line) => line.sequence).filter(Boolean));
    }
    if (this.all.has(saved.active)) this.active = saved.active;
    return saved.cursor;
  }
}
