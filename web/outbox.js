// SPDX-License-Identifier: GPL-3.0-or-later
// outbox.js: commands that the server does not have yet. They are sent one after the other, each once:
// a command keeps its number until the server has answered for it.

import {tab} from './storage.js';

const SAID = ['say', 'action', 'direct'];
const SEEN_MS = 10000;  // the own line comes by the stream in this time

export class Outbox {
  // {kind, room?, to?, text?, ...; n: its number, once it was tried; at: when it was typed;
  //  done: the server has it, its line has not come yet; perhaps: its answer is lost for ever}
  entries = [];
  next = 1;
  #api;
  #session;
  #to;
  #busy = false;
  #open = false;
  #sessions = 0;  // how often renumber() was called

  // `to`: cursor(): the place behind the last event, changed(), sent(entry), refused(entry, answer)
  constructor(api, session, to) {
    this.#api = api;
    this.#session = session;
    this.#to = to;
    const kept = tab.get('outbox');
    if (!kept) return;
    this.entries = kept.entries.filter((entry) => !entry.done);
    if (kept.client === session.client) this.next = kept.next || 1;
    else for (const entry of this.entries) this.#forgetNumber(entry);
  }

  #forgetNumber(entry) {
    if (entry.n === undefined) return;
    entry.tried = entry.n;
    delete entry.n;
    entry.perhaps = true;
  }

  get waiting() {
    return this.entries.filter((entry) => !entry.done && !entry.perhaps).length;
  }

  add(command) {
    this.entries.push({...command, at: Date.now()});
    this.#changed();
    this.pump();
  }

  again(entry) {
    delete entry.perhaps;
    this.#changed();
    this.pump();
  }

  drop(entry) {
    this.entries = this.entries.filter((one) => one !== entry);
    this.#changed();
  }

  // The stream is open, so that commands are taken, or it is not.
  set open(yes) {
    this.#open = yes;
    if (yes) this.pump();
  }

  // The session is a new one, whose next command has the number `next`. Commands that were tried wait
  // until it is known whether the old session has taken them.
  renumber(next) {
    ++this.#sessions;
    for (const entry of this.entries) this.#forgetNumber(entry);
    this.next = next;
    this.#changed();
  }

  // Those that it has taken are dropped, the others are sent again.
  decide(isHere) {
    for (const entry of this.entries.filter((one) => one.perhaps)) {
      if (isHere(entry)) this.drop(entry);
      else this.again(entry);
    }
  }

  // An own line has come: it takes the place of the entry.
  seen({n, text, event, room}) {
    const entry = this.entries.find((one) => one.n === n && one.kind === event && one.text === text &&
      (one.room ?? '') === (room ?? ''));
    if (!entry) return;
    if (entry.done) this.drop(entry);
    else entry.seen = true;
  }

  // The entry that has this number, which the server has refused; undefined: it is not known.
  // The refusal may come before the answer to the command.
  refuse(n) {
    const entry = n && [...this.entries, ...this.past].find((one) => one.n === n);
    if (entry) {
      entry.refused = true;
      this.drop(entry);
    }
    return entry || undefined;
  }

  past = [];  // the last ones that were sent, for refusals that come later

  async pump() {
    if (this.#busy || !this.#open) return;
    this.#busy = true;
    while (this.#open) {
      const entry = this.entries.find((one) => !one.done && !one.perhaps);
      if (!entry) break;
      const wait = await this.#send(entry);
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    }
    this.#busy = false;
  }

  // How many milliseconds to wait before the next attempt.
  async #send(entry) {
    if (entry.n === undefined) {
      entry.n = this.next;
      this.#changed();
    }
    const {n} = entry;
    const session = this.#sessions;
    const {at, done, perhaps, tried, seen, refused, ...command} = entry;
    const answer = await this.#api.post('/api/commands', {...command, after: this.#to.cursor()});
    // Another session has begun meanwhile, whose numbers are others: only a success of the old one counts.
    if (session !== this.#sessions) {
      if (answer.ok) this.#sent(entry);
      return 0;
    }
    if (answer.ok) {
      this.next = n + 1;
      this.#sent(entry);
      return 0;
    }
    if (answer.status === 409 && answer.data.next !== undefined) {
      this.next = answer.data.next;
      delete entry.n;
      return 250;
    }
    if ([400, 403, 404, 413, 422].includes(answer.status)) {
      delete entry.n;
      this.drop(entry);
      this.#to.refused(entry, answer);
      return 0;
    }
    return Math.max(answer.retry * 1000, answer.status === 0 ? 1000 : 500);
  }

  #sent(entry) {
    this.past = [...this.past.slice(-50), entry];
    delete entry.perhaps;
    if (!SAID.includes(entry.kind) || entry.seen || entry.refused || entry.kind === 'direct') this.entries = this.entries.filter((one) => one !== entry);
    else {
      entry.done = true;
      setTimeout(() => this.drop(entry), SEEN_MS);
    }
    this.#changed();
    if (!entry.refused) this.#to.sent(entry);
  }

  #changed() {
    tab.set('outbox', {client: this.#session.client, next: this.next, entries: this.entries});
    this.#to.changed();
  }
}
