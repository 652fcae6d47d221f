// SPDX-License-Identifier: GPL-3.0-or-later
// sidebar.js: the lists beside the lines: rooms, direct messages, people.

import {$, colorOf, el, initial, show} from './dom.js';
import {t} from './words.js';

const byName = new Intl.Collator();

export class Sidebar {
  #app;
  #drawn = '';
  #drawnPeople = '';
  #persons = new Map();  // by name: {state, node}

  constructor(app) {
    this.#app = app;
    for (const id of ['side_close', 'people_close']) $(id).addEventListener('click', () => app.drawer(''));
    $('side_open').addEventListener('click', () => app.drawer('side'));
    $('people_open').addEventListener('click', () => app.showPeople());
    $('browse').addEventListener('click', () => app.dialogs.rooms());
    $('write').addEventListener('click', () => app.dialogs.write());
    $('settings').addEventListener('click', () => app.dialogs.settings());
    $('leave').addEventListener('click', () => app.dialogs.leave());
    $('search').addEventListener('click', () => app.dialogs.search());
    $('about').addEventListener('click', () => app.dialogs.about());
  }

  update() {
    const {store, session} = this.#app;
    const all = [...store.all.values()].sort((a, b) => a.key.localeCompare(b.key));
    // Draws only what has changed, so that the focus stays where it is.
    const state = JSON.stringify([all.map((one) => [one.key, one.unread, one.mentions, Boolean(one.gone)]), store.active,
      session.name, document.documentElement.lang, this.#app.info.room]);
    if (state !== this.#drawn) {
      this.#drawn = state;
      const focused = document.activeElement?.dataset?.key;
      $('room_list').replaceChildren(...all.filter((one) => one.isRoom).map((one) => this.#entry(one)));
      $('direct_list').replaceChildren(...all.filter((one) => !one.isRoom).map((one) => this.#entry(one)));
      if (focused) document.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
      $('me').textContent = session.name;
      const elsewhere = store.unread - store.current.unread;
      show($('side_badge'), elsewhere > 0);
      $('side_badge').textContent = elsewhere > 99 ? '99+' : elsewhere;
    }
    this.#people();
  }

  #entry(one) {
    const {store} = this.#app;
    const title = this.#app.titleOf(one);
    const label = [title, one.unread > 0 && t('unread', {n: one.unread}), one.mentions > 0 && one.isRoom && t('mentions_you')];
    return el('li', {}, el('button', {
      type: 'button', 'data-key': one.key, 'aria-current': one.key === store.active && 'true',
      'aria-label': label.filter(Boolean).join(', '), class: one.gone ? 'gone' : one.unread > 0 ? 'unread' : '',
      onclick: () => this.#app.select(one.key),
    }, el('bdi', {}, title), one.unread > 0 ? el('span', {class: one.mentions > 0 ? 'badge loud' : 'badge'}, one.unread > 99 ? '99+' : one.unread) : null));
  }

  #people() {
    const {current: found} = this.#app.store;
    const users = found.isRoom ? found.users : [];
    show($('people_open'), found.isRoom);
    document.body.classList.toggle('no-people', !found.isRoom);
    const state = JSON.stringify([users, found.key, document.documentElement.lang, this.#app.session.name]);
    if (state === this.#drawnPeople) return;
    this.#drawnPeople = state;
    $('people_count').textContent = users.length || '';
    $('people_open').setAttribute('aria-label', `${t('people')}: ${users.length}`);
    $('people_title').textContent = t('here', {n: users.length});
    const list = $('people_list');
    const me = this.#app.session.name;
    const rank = (user) => (user.name === me ? 0 : user.text_member ? 3 : user.away ? 2 : 1);
    const drawn = this.#persons;
    this.#persons = new Map();
    for (const user of [...users].sort((a, b) => rank(a) - rank(b) || byName.compare(a.name, b.name))) {
      const isMe = user.name === me;
      const state = JSON.stringify([user.away, user.text_member, user.owned, isMe, document.documentElement.lang]);
      const before = drawn.get(user.name);
      if (before?.state === state) drawn.delete(user.name);
      this.#persons.set(user.name, before?.state === state ? before : {state, node: this.#person(user, isMe)});
    }
    // The nodes of those that have not changed stay.
    for (const {node} of drawn.values()) node.remove();
    let next = list.firstChild;
    for (const {node} of this.#persons.values()) {
      if (node === next) next = next.nextSibling;
      else list.insertBefore(node, next);
    }
  }

  #person(user, isMe) {
    const notes = [isMe && t('you'), user.away && t('away')].filter(Boolean).join(', ');
    return el('li', {}, el('button', {
      type: 'button', class: user.away ? 'away' : '', title: user.text_member ? t('text_member') : user.owned ? t('owned') : null,
      onclick: () => this.#app.dialogs.person(user.name),
    }, el('span', {class: `picture small b${colorOf(user.name)}`, 'aria-hidden': 'true'}, initial(user.name)),
    el('bdi', {}, (user.text_member ? '~' : '') + user.name), user.owned ? el('span', {class: 'faint', 'aria-label': t('owned')}, ' ✔') : null,
    notes ? el('span', {class: 'faint'}, ` ${notes}`) : null));
  }
}
