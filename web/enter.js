// SPDX-License-Identifier: GPL-3.0-or-later
// enter.js: the form by which one enters, and the request to the server.

import {isForNow} from './api.js';
import {$, show} from './dom.js';
import {showPlain} from './notify.js';
import {browser} from './storage.js';
import {fullReason, reason, t} from './words.js';

const ABOUT_NAME = ['name_taken', 'name_refused', 'name_owned'];

export class Enter {
  #app;
  #secrets = {};  // the password and the code that were typed, for a session that the server has lost

  constructor(app) {
    this.#app = app;
    $('enter').addEventListener('submit', async (event) => {
      event.preventDefault();
      await this.#submit();
    });
  }

  showForm(message = '') {
    const {info, session} = this.#app;
    show($('app'), false);
    show($('enter'), true);
    $('enter_title').textContent = t('enter_title', {server: info.room || info.server || ''});
    $('enter_server').textContent = info.server && info.server !== info.room ? info.server : '';
    showPlain($('enter_plain'), this.#app.isChatOnly);
    show($('enter_password_row'), Boolean(info.password_wanted));
    show($('enter_code_row'), info.door === 'invited');
    $('enter_name').value ||= session.name || browser.get('name', '');
    $('enter_keep').checked = session.isKept;
    $('enter_error').textContent = message;
    $('enter_go').disabled = false;
    $('enter_go').textContent = t('enter');
    $('enter_name').focus();
  }

  async #submit() {
    const name = $('enter_name').value.trim();
    if (!name) return;
    $('enter_go').disabled = true;
    $('enter_go').textContent = t('entering');
    this.#secrets = {password: $('enter_password').value || undefined, code: $('enter_code').value.trim() || undefined};
    this.#app.session.begin(name, $('enter_keep').checked);
    const answer = await this.request(name);
    if (answer.ok) {
      $('enter_password').value = $('enter_code').value = '';
      this.#app.begin(answer.data);
      return;
    }
    this.refused(answer);
  }

  // Asks the server for the session of this tab: a new one, or the one that it has.
  async request(name = this.#app.session.name) {
    const {api, session} = this.#app;
    api.token = session.self.token;
    api.client = session.client;
    const answer = await api.post('/api/session', {name, token: api.token, client: api.client, ...this.#secrets});
    if (answer.ok) session.entered(answer.data, name);
    return answer;
  }

  refused({code, text, retry}) {
    const offer = ABOUT_NAME.includes(code) ? $('enter_name') : code.includes('password') ? $('enter_password') : null;
    if (code === 'password_wanted' || code === 'wrong_password') this.#app.info.password_wanted = true;
    if (code === 'not_invited') this.#app.info.door = 'invited';
    const detail = code === 'name_refused' && text ? text : fullReason(code, text);
    this.showForm(detail + (retry > 0 ? ` (${retry} s)` : ''));
    if (code === 'name_taken') this.#offerName();
    offer?.select();
  }

  // "ada" is taken: "ada2" may be free.
  #offerName() {
    const [, base, number] = /^(.*?)(\d*)$/u.exec($('enter_name').value.trim());
    const other = base + (Number(number || 1) + 1);
    $('enter_error').append(' ', Object.assign(document.createElement('button'), {
      type: 'button', textContent: t('other_name', {name: other}), onclick: () => {
        $('enter_name').value = other;
        this.#submit();
      },
    }));
  }

  // The page was opened again, and this browser knows a session.
  async resume() {
    for (let wait = 500; ; wait = Math.min(8000, wait * 2)) {
      const answer = await this.request();
      if (answer.ok) return answer.data;
      if (!isForNow(answer)) {
        this.refused(answer);
        return null;
      }
      this.#app.connection.state('bad', reason('no_answer'));
      await new Promise((resolve) => setTimeout(resolve, Math.max(wait, answer.retry * 1000)));
    }
  }
}
