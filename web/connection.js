// SPDX-License-Identifier: GPL-3.0-or-later
// connection.js: the session with the server: the stream of events, the outbox, and the line that says
// how they are.

import {Api, isForNow} from './api.js';
import {$, el} from './dom.js';
import {take} from './events.js';
import {Outbox} from './outbox.js';
import {Tabs} from './session.js';
import {directKey, roomKey} from './store.js';
import {Stream} from './stream.js';
import {fullReason, t} from './words.js';

const REPLAY_MS = 2000;  // the lines of before have come in this time
const READ_EVENTS = 20;  // events after which the server is told that they were read

export class Connection {
  api = new Api();
  isOpen = false;
  #app;
  #timer = 0;
  #heard = 0;  // events that the server has not been told of

  constructor(app) {
    this.#app = app;
    this.stream = new Stream(this.api, {
      event: (json) => this.#event(json), open: () => this.#opened(), closed: (wait) => this.#closed(wait),
      refused: (status, answer) => this.#refused(status, answer),
    });
    this.outbox = new Outbox(this.api, app.session, {
      cursor: () => this.stream.cursor, changed: () => app.view?.showPending(), sent: (entry) => app.sent(entry),
      refused: (entry, answer) => take(app, {event: 'refused', code: answer.code, text: answer.text, room: entry.room, entry}),
    });
    this.tabs = new Tabs(app.session, (what) => (what === 'leave' ? app.leave('left_elsewhere') : this.ended('replaced')));
  }

  // The server has a session for this tab.
  begin(data) {
    // The first command has the number 1: the server has lost the session, or there was none.
    if ((data.next ?? 1) === 1) this.#newSession(data);
    else this.outbox.next = Math.max(this.outbox.next, data.next);
    this.stream.cursor ||= data.cursor ?? '';
    this.tabs.tell('enter');
    this.stream.start();
  }

  #opened() {
    this.isOpen = true;
    this.outbox.open = true;
    this.state('');
    this.#app.refreshUsers();
    this.#checkVersion();
    setTimeout(() => this.#app.view.fill(), REPLAY_MS / 4);
  }

  #closed(wait) {
    this.isOpen = false;
    this.outbox.open = false;
    clearInterval(this.#timer);
    const until = performance.now() + wait;
    const draw = () => {
      const seconds = Math.ceil((until - performance.now()) / 1000);
      const count = this.outbox.waiting;
      const text = seconds > 1 ? t('reconnecting_in', {n: seconds}) : t('reconnecting');
      this.#show('wait', count > 0 ? `${text} · ${t('lines_wait', {n: count})}` : text, wait > 2000 ? [t('now'), () => this.stream.nudge(true)] : null);
    };
    // An interruption of a moment is not shown.
    this.#timer = setInterval(draw, 700);
  }

  async #refused(status, answer) {
    if (status === 401) {
      const again = await this.#app.enter.request();
      if (again.ok) {
        this.#newSession(again.data);
        return true;
      }
      if (isForNow(again)) return true;
      this.stop();
      this.#app.enter.refused(again);
      return false;
    }
    if (status === 409 || status === 410) {
      this.ended(answer.error ?? (status === 409 ? 'replaced' : 'kicked'), answer.message);
      return false;
    }
    if (status < 500 && status !== 429) {
      this.ended(answer.error, answer.message);
      return false;
    }
    return true;
  }

  // The server has begun another session: it is in none of the rooms.
  #newSession(data) {
    this.outbox.renumber(data.next ?? 1);
    for (const room of this.#app.store.all.values()) {
      if (room.isRoom && room.name && !room.gone && !(data.rooms ?? []).some((one) => roomKey(one.room) === room.key)) {
        this.#app.send({kind: 'join', room: room.name});
      }
    }
    setTimeout(() => this.outbox.decide((entry) => this.#isHere(entry)), REPLAY_MS);
  }

  // Has the old session taken the command? Its number is not in a line that the new session gets.
  #isHere(entry) {
    const {lines} = this.#app.store.get(entry.kind === 'direct' ? directKey(entry.to) : roomKey(entry.room));
    return lines.slice(-100).some((line) => line.own && line.text === entry.text && [undefined, entry.tried].includes(line.n));
  }

  #event(json) {
    take(this.#app, json);
    if (++this.#heard >= READ_EVENTS && this.outbox.waiting === 0) {
      this.#heard = 0;
      this.api.post('/api/commands', {kind: 'read', after: this.stream.cursor});
    }
  }

  stop() {
    this.stream.stop();
    this.isOpen = false;
    this.outbox.open = false;
    clearInterval(this.#timer);
  }

  // The session is over, or somebody else's.
  ended(outcome, text) {
    if (outcome === 'stopped') return this.state('wait', t('ended_stopped'));
    if (outcome === 'idle' || outcome === 'unreachable') return undefined;
    this.stop();
    const again = [t('enter_again'), () => this.#again()];
    if (outcome === 'replaced') return this.state('bad', t('other_tab'), [t('use_here'), () => this.#again()]);
    const title = {kicked: t('ended_kicked'), banned: t('ended_banned')}[outcome] ?? t('ended_other');
    const why = text || (title === t('ended_other') ? fullReason(outcome) : '');
    return this.state('bad', title + (why ? t('because', {text: why}) : ''), again);
  }

  async #again() {
    this.state('wait', t('reconnecting'));
    const answer = await this.#app.enter.request();
    if (answer.ok) this.#app.begin(answer.data);
    else this.#app.enter.refused(answer);
  }

  async #checkVersion() {
    const mine = /\/a\/(\w+)\//u.exec(import.meta.url)?.[1];
    const answer = await this.api.get('/api/room');
    if (!answer.ok) return;
    this.#app.info = answer.data;
    if (mine && this.#app.info.assets && this.#app.info.assets !== mine) {
      this.state('note', t('new_version'), [t('reload'), () => location.reload()]);
    }
  }

  // The line about the connection; kind '': all is well.
  state(kind, text = '', act = null) {
    clearInterval(this.#timer);
    this.#show(kind, text, act);
  }

  #show(kind, text, act) {
    $('state').className = kind;
    $('state').replaceChildren(...(kind ? [el('span', {}, text), act ? el('button', {type: 'button', onclick: act[1]}, act[0]) : ''] : []));
  }
}
