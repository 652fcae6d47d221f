// SPDX-License-Identifier: GPL-3.0-or-later
// session.js: who this browser is for the server, and which of its tabs is in the room.
//
// The token is the key of the user: 32 random bytes. It stays in this tab, or in this browser if
// the user wants that. The client number is that of this tab.

import {browser, tab} from './storage.js';

function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function newClient() {
  return (new DataView(randomBytes(8).buffer).getBigUint64(0) | 1n).toString();
}

export class Session {
  // {token, id, name}; id names the identity between tabs, so that the token stays where it is.
  self = tab.get('self') ?? browser.get('self');
  person = '';
  name = this.self?.name ?? '';

  constructor() {
    // A copy of a tab has a copy of its storage: while this tab lives, its number is not in there.
    this.client = tab.get('client') ?? newClient();
    tab.remove('client');
    addEventListener('pagehide', () => tab.set('client', this.client));
    addEventListener('pageshow', () => tab.remove('client'));
  }

  begin(name, keep) {
    this.self ??= {token: base64url(randomBytes(32)), id: base64url(randomBytes(9)), name};
    this.keep(keep);
  }

  entered(answer, typed) {
    this.person = String(answer.person ?? '');
    this.name = answer.name ?? typed;
    this.self.name = this.name;
    this.keep(this.isKept);
    browser.set('name', this.name);
  }

  get isKept() {
    return browser.get('self') !== null;
  }

  keep(here) {
    if (here) browser.set('self', this.self);
    else browser.remove('self');
    tab.set('self', this.self);
  }

  // The next session has another client number: commands are counted from 1 again.
  renew() {
    this.client = newClient();
  }

  forget() {
    this.self = null;
    this.person = '';
    for (const what of ['self', 'outbox', 'snapshot', 'drafts']) tab.remove(what);
    for (const what of ['self', 'read']) browser.remove(what);
    this.renew();
  }
}

// Only the newest tab of an identity is in the room. The server decides that, too; this is sooner.
export class Tabs {
  #channel = 'BroadcastChannel' in window ? new BroadcastChannel('chatd') : null;
  #tab = base64url(randomBytes(9));
  #session;

  // `heard`: another tab of the identity does this: 'enter' or 'leave'
  constructor(session, heard) {
    this.#session = session;
    this.#channel?.addEventListener('message', ({data}) => {
      if (data.tab !== this.#tab && data.id === session.self?.id) heard(data.what);
    });
  }

  tell(what) {
    this.#channel?.postMessage({id: this.#session.self.id, tab: this.#tab, what});
  }
}
