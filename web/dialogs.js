// SPDX-License-Identifier: GPL-3.0-or-later
// dialogs.js: the dialog of the page, and what is shown in it.

import {help} from './commands.js';
import {$, el} from './dom.js';
import {isReadable} from './events.js';
import {lineNode} from './line.js';
import {whyNoNotifications} from './notify.js';
import {setSetting, settings} from './storage.js';
import {directKey, roomKey} from './store.js';
import {LANGUAGES, reason, t} from './words.js';

const button = (text, act, kind = '') => el('button', {type: 'button', class: kind, onclick: act}, text);
const row = (...nodes) => el('div', {class: 'buttons'}, ...nodes);

// A form with one field and a button. `act` gets the text.
function field(label, placeholder, name, act, value = '', max = 200) {
  const input = el('input', {'aria-label': label, placeholder, value, maxlength: max, dir: 'auto', autocapitalize: 'off', spellcheck: 'false'});
  return el('form', {class: 'row', onsubmit: (event) => {
    event.preventDefault();
    act(input.value.trim());
  }}, input, el('button', {class: 'main'}, name));
}

export class Dialogs {
  #app;
  #node = $('dialog');
  #again = null;  // draws the dialog again, after news about what it shows
  #answer = null;

  constructor(app) {
    this.#app = app;
    $('dialog_close').addEventListener('click', () => this.close());
    this.#node.addEventListener('click', (event) => event.target === this.#node && this.close());
    this.#node.addEventListener('close', () => {
      this.#again = null;
      this.#answer?.(false);
      this.#answer = null;
      app.composer.focus();
    });
  }

  open(title, ...nodes) {
    $('dialog_title').textContent = title;
    $('dialog_body').replaceChildren(...nodes.flat().filter(Boolean));
    if (!this.#node.open) this.#node.showModal();
    const first = matchMedia('(pointer: fine)').matches && $('dialog_body').querySelector('input, button');
    (first || $('dialog_title')).focus();
  }

  close() {
    this.#node.close();
  }

  refresh() {
    if (this.#node.open) this.#again?.();
  }

  // True: the user agrees.
  ask(question, yes) {
    return new Promise((resolve) => {
      this.open(question, row(button(yes, () => {
        this.#answer = null;
        this.close();
        resolve(true);
      }, 'main'), button(t('cancel'), () => this.close())));
      this.#answer = resolve;
    });
  }

  async rooms() {
    const enter = (name, kind) => {
      if (!name) return;
      this.close();
      this.#app.enterRoom(name.replace(/^#/u, ''), kind);
    };
    const list = el('ul', {class: 'list'}, el('li', {class: 'faint'}, t('loading')));
    this.open(t('browse'), field(t('room_name'), t('room_name'), t('join'), (name) => enter(name, 'join'), '', 64), list);
    const answer = await this.#app.api.get('/api/rooms');
    const rooms = (answer.data.rooms ?? []).filter((one) => one.room);
    list.replaceChildren(...rooms.map((one) => el('li', {}, el('span', {}, el('bdi', {}, `#${one.room}`), ' ',
      el('span', {class: 'faint'}, t('members', {n: one.members})), one.topic ? el('div', {class: 'faint small', dir: 'auto'}, one.topic) : null),
    button(t(one.in ? 'open' : 'join'), () => enter(one.room, 'join')))));
    if (!answer.ok) list.replaceChildren(el('li', {class: 'error'}, reason(answer.code, answer.text)));
    else if (rooms.length === 0) list.replaceChildren(el('li', {class: 'faint'}, t('no_rooms')));
  }

  offerMake(name) {
    this.open(`#${name}`, el('p', {}, reason('no_such_room')), row(button(t('make'), () => {
      this.close();
      this.#app.enterRoom(name, 'make');
    }, 'main'), button(t('cancel'), () => this.close())));
  }

  write() {
    if (this.#app.isChatOnly) return this.open(t('write_to'), el('p', {}, reason('needs_tls')));
    const names = this.#app.store.get('#').users.map((user) => user.name).filter((name) => name !== this.#app.session.name);
    const go = (name) => {
      if (!name) return;
      this.close();
      this.#app.select(directKey(name.replace(/^[@~]/u, '')));
    };
    return this.open(t('write_to'), field(t('write_to'), t('write_to'), t('open'), go, '', 64),
      el('ul', {class: 'list'}, ...names.slice(0, 200).sort().map((name) => el('li', {}, el('bdi', {}, name), button(t('message'), () => go(name))))));
  }

  about() {
    const {store} = this.#app;
    const found = store.current;
    if (!found.isRoom) return this.person(found.name);
    if (!found.about && !found.gone) this.#app.send({kind: 'about', room: found.name});
    const facts = found.about ?? {};
    const fact = (key, text) => (text ? el('p', {}, el('strong', {}, t(key)), ' ', el('span', {dir: 'auto'}, text)) : null);
    const stored = {default: t('history_default'), off: t('history_off')}[facts.history] ?? facts.history;
    this.open(this.#app.titleOf(found), fact('topic', found.topic), fact('owners', facts.owners?.join(', ')),
      fact('moderators', facts.moderators?.join(', ')), facts.members ? el('p', {}, t('members', {n: facts.members})) : null,
      fact('history_kept', stored),
      this.#app.mayModerate(found) ? field(t('topic'), t('topic'), t('set_topic'), (text) => {
        this.#app.send({kind: 'topic', room: found.name, text});
        this.close();
      }, found.topic) : null,
      found.name ? row(button(t('leave_room'), () => {
        this.close();
        this.#app.leaveRoom(found.name);
      })) : null);
    this.#again = () => this.about();
    return undefined;
  }

  person(name) {
    const app = this.#app;
    const found = app.store.current;
    const isMe = name === app.session.name;
    const isIgnored = app.store.ignored.has(name);
    const act = (what) => () => {
      this.close();
      what();
    };
    if (found.isRoom && !found.about && !found.gone && !isMe && !app.isChatOnly) app.send({kind: 'about', room: found.name});
    const {users} = found.isRoom ? found : app.store.get('#');
    const user = users.find((one) => one.name === name);
    const note = [users.length > 0 && !user && reason('no_such_member'), user?.text_member && t('text_member'), user?.away && t('away'), user?.owned && t('owned')].filter(Boolean).join('; ');
    this.open(name, note ? el('p', {class: 'faint'}, note) : null, isMe ? el('p', {}, t('you')) : row(
      app.isChatOnly ? null : button(t('message'), act(() => app.select(directKey(name))), 'main'),
      found.isRoom ? button(t('mention'), act(() => app.composer.insert(`@${name} `))) : null,
      button(t(isIgnored ? 'unignore' : 'ignore'), act(() => app.ignore(name, !isIgnored))),
      app.isChatOnly ? null : button(t('block'), act(() => app.send({kind: 'block', action: 'add', to: name})))),
    !isMe && found.isRoom && app.mayModerate(found) ? this.#moderation(found, name) : null);
    this.#again = found.about ? null : () => this.person(name);
  }

  #moderation(found, name) {
    const why = el('input', {'aria-label': t('reason'), placeholder: t('reason'), maxlength: 120, dir: 'auto'});
    const time = el('select', {'aria-label': t('how_long')}, ...[[3600, 'hour'], [86400, 'day'], [0, 'no_end']]
      .map(([seconds, key]) => el('option', {value: seconds}, t(key))));
    const act = (action, hasTime) => button(t(action), () => {
      const seconds = hasTime ? Number(time.value) : 0;
      this.close();
      this.#app.send({kind: 'moderate', room: found.name, action, to: name, seconds: seconds || undefined, text: why.value.trim() || undefined});
    }, 'bad');
    return el('div', {class: 'moderation'}, why, row(act('kick', false), time, act('mute', true), act('ban', true)));
  }

  search(text = '') {
    const found = this.#app.store.current;
    const room = found.isRoom ? found.name : '';
    const list = el('div', {class: 'results'});
    const all = el('input', {type: 'checkbox'});
    const ask = async (query, before) => {
      if (!query) return;
      const answer = await this.#app.api.get('/api/search', {q: query, room: all.checked ? undefined : room, before});
      if (!before) list.replaceChildren();
      list.querySelector('.more')?.remove();
      if (!answer.ok) return list.replaceChildren(el('p', {class: 'error'}, reason(answer.code, answer.text)));
      const lines = (answer.data.lines ?? []).filter(isReadable).map((line) => this.#app.store.prepare(line));
      list.append(...lines.map((line) => this.#result(line)).reverse());
      const next = answer.data.first ?? lines[0]?.sequence;
      if (answer.data.more && next && !all.checked) list.append(button(t('more'), () => ask(query, next), 'more'));
      if (!list.firstChild) list.append(el('p', {class: 'faint'}, t('nothing_found')));
      return undefined;
    };
    const form = field(t('search'), t('search_for'), t('search'), (query) => ask(query), text);
    this.open(t('search'), form, el('label', {class: 'tick'}, all, ' ', t('search_all')), list);
    if (text) ask(text);
  }

  #lineOf(line) {
    return lineNode(line, undefined, {onName: () => {}, actions: () => [], me: () => this.#app.session.name});
  }

  #result(line) {
    const key = roomKey(line.room);
    const day = new Date(line.time).toLocaleDateString();
    const box = el('div', {class: 'result'}, el('div', {class: 'faint small'}, `${this.#app.titleOf(this.#app.store.all.get(key) ?? {isRoom: true, name: line.room})} · ${day}`),
      this.#lineOf(line), button(t('open'), async () => {
        if (this.#app.store.all.has(key)) {
          this.#app.select(key);
          if (this.#app.view.goTo(line.sequence)) return this.close();
        }
        const answer = await this.#app.api.get('/api/history', {room: line.room, around: line.sequence, limit: 11});
        if (answer.ok) box.replaceChildren(...answer.data.lines.map((one) => this.#lineOf(this.#app.store.prepare(one))));
        return undefined;
      }));
    return box;
  }

  settings() {
    const app = this.#app;
    const choice = (key, name, values) => el('label', {}, `${t(key)} `, el('select', {onchange: (event) => {
      setSetting(name, event.target.value);
      app.restyle();
      this.settings();
    }}, ...values.map(([value, text]) => el('option', {value, selected: settings[name] === value}, text))));
    const tick = (key, name, act, why = '') => el('label', {class: why ? 'tick faint' : 'tick'}, el('input', {
      type: 'checkbox', checked: settings[name] && !why, disabled: why !== '', onchange: (event) => act(event.target)}), ' ', t(key),
    why ? el('span', {class: 'small'}, ` ${why}`) : null);
    this.open(t('settings'),
      choice('language', 'language', [['', t('theme_auto')], ...Object.entries(LANGUAGES)]),
      choice('theme', 'theme', [['', t('theme_auto')], ['light', t('theme_light')], ['dark', t('theme_dark')]]),
      tick('show_presence', 'presence', ({checked}) => {
        setSetting('presence', checked);
        app.view.refresh();
      }),
      tick('notify', 'notify', async (input) => {
        input.checked = input.checked && await app.notify.ask();
        setSetting('notify', input.checked);
        this.settings();
      }, whyNoNotifications()),
      tick('sound', 'sound', ({checked}) => {
        setSetting('sound', checked);
        if (checked) app.notify.beep();
      }),
      row(button(t('help'), () => this.help())));
  }

  help() {
    const {skipped} = this.#app.connection.stream;
    this.open(t('help'), el('p', {}, t('help_top')), el('dl', {}, ...help().flatMap(([usage, what]) => [el('dt', {}, usage), el('dd', {}, what)])),
      skipped > 0 ? el('p', {class: 'faint small'}, t('skipped', {n: skipped})) : null);
  }

  async leave() {
    const waiting = this.#app.outbox.waiting;
    const unsent = waiting > 0 ? `${t('unsent_question', {n: waiting})} ` : '';
    if (await this.ask(unsent + t('leave_question'), t('leave_server'))) this.#app.leave();
  }
}
