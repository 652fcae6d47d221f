// SPDX-License-Identifier: GPL-3.0-or-later
// composer.js: the field that is typed in: drafts, completion, long texts, input methods.

import {clean} from './api.js';
import {commandNames, run} from './commands.js';
import {$, el, show} from './dom.js';
import {tab} from './storage.js';
import {folded} from './store.js';
import {t} from './words.js';

const encoder = new TextEncoder();
const bytes = (text) => encoder.encode(text).length;

// The messages of a typed text: one for each line that is not blank, and for each part of a line that
// is too long. It is divided at a blank if one is near. Characters that the server replaces are left out.
export function split(text, max) {
  const messages = [];
  const space = new Uint8Array(max);
  for (let line of text.split(/[\n\u2028\u2029]/u)) {
    line = clean(line.replaceAll('\t', '  '), '').trimEnd();
    while (line.trim() !== '') {
      let {read: end} = encoder.encodeInto(line.slice(0, max), space);
      const blank = end < line.length ? line.lastIndexOf(' ', end) : 0;
      if (blank > end * 0.6) end = blank;
      messages.push(line.slice(0, end));
      line = line.slice(end).trimStart();
    }
  }
  return messages;
}

export class Composer {
  #app;
  #text = $('text');
  #list = $('complete');
  #chosen = 0;
  #word = null;  // what is completed: {begin, end}
  #drafts = tab.get('drafts', {});
  #sent = '';

  constructor(app) {
    this.#app = app;
    $('composer').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener('input', () => this.#changed());
    this.#text.addEventListener('keydown', (event) => this.#key(event));
    this.#text.addEventListener('blur', () => show(this.#list, false));
    document.addEventListener('keydown', (event) => this.#anywhere(event));
  }

  // The conversation has changed: its draft.
  open(key) {
    this.#text.value = this.#drafts[key] ?? '';
    this.#resize();
  }

  focus() {
    if (matchMedia('(pointer: fine)').matches) this.#text.focus();
  }

  update(placeholder, disabled) {
    this.#text.placeholder = placeholder;
    this.#text.setAttribute('aria-label', placeholder);
    this.#text.disabled = disabled;
    $('send').disabled = disabled;
  }

  insert(words) {
    const {value, selectionStart: at} = this.#text;
    const before = at > 0 && !/\s$/u.test(value.slice(0, at)) ? ' ' : '';
    this.#text.setRangeText(before + words, at, this.#text.selectionEnd, 'end');
    this.#changed();
    this.#text.focus();
  }

  hint(text) {
    $('hint').textContent = text;
  }

  async #submit() {
    const text = this.#text.value;
    if (text.trim() === '' || this.#text.disabled) return;
    // A command is one line. The lines of a longer text are said, whatever they begin with.
    const isOne = !text.trim().includes('\n');
    const isCommand = /^\/(?!\/)/u.test(text);
    const messages = isOne && isCommand ? [text.trim()] : split(isOne ? text.replace(/^\/\//u, '/') : text, this.#app.info.max_text ?? 900);
    const question = isCommand && !isOne ? 'send_as_text' : messages.length > 5 ? 'send_many' : '';
    if (question && !(await this.#app.dialogs.ask(t(question, {n: messages.length}), t('send')))) return;
    // What is done may select another conversation, with another draft.
    const key = this.#app.store.active;
    const problem = messages.map((one) => (isOne && isCommand ? run(this.#app, one) : this.#app.say(one))).find((one) => typeof one === 'string');
    if (problem) {
      this.hint(problem);
      return;
    }
    this.#sent = text;
    delete this.#drafts[key];
    this.open(this.#app.store.active);
    this.#changed();
  }

  #changed() {
    this.#drafts[this.#app.store.active] = this.#text.value || undefined;
    tab.set('drafts', this.#drafts);
    this.hint('');
    this.#resize();
    this.#suggest();
  }

  #resize() {
    const field = this.#text;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight + 2, innerHeight * 0.35)}px`;
    const max = this.#app.info.max_text ?? 900;
    const used = bytes(field.value);
    const count = split(field.value, max).length;
    $('counter').textContent = count > 1 ? t('many_messages', {n: count}) : used > max * 0.8 ? t('type_at_end', {n: max - used}) : '';
  }

  #key(event) {
    // Enter of an input method chooses its word. Safari reports it as 229 behind the end of the word.
    if (event.isComposing || event.keyCode === 229) return;
    const isListed = !this.#list.hidden;
    if (event.key === 'Tab' && !event.shiftKey && (isListed || this.#suggest(true))) {
      event.preventDefault();
      this.#complete();
    } else if (isListed && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
      event.preventDefault();
      this.#choose(this.#chosen + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Escape') {
      if (isListed) show(this.#list, false);
      else this.#app.view.toEnd();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'ArrowUp' && this.#text.value === '' && this.#sent) {
      event.preventDefault();
      this.#text.value = this.#sent;
      this.#changed();
    }
  }

  // A letter that is typed beside the field goes into it.
  #anywhere(event) {
    if (event.key === 'Escape' && document.body.dataset.drawer) this.#app.drawer('');
    const from = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || $('dialog').open || $('app').hidden) return;
    if (event.key.length !== 1 || event.key === ' ' || from.closest?.('input, textarea, select, dialog')) return;
    this.#text.focus();
  }

  // Names behind @ or, if `isAsked`, any word. True: there are some.
  #suggest(isAsked = false) {
    const {value, selectionStart: end} = this.#text;
    const begin = end - /\S*$/u.exec(value.slice(0, end))[0].length;
    const typed = value.slice(begin, end);
    const isCommand = begin === 0 && /^\/\w*$/u.test(typed);
    const isName = typed.startsWith('@') || (isAsked && typed !== '' && !isCommand);
    let choices = [];
    if (isCommand && typed.length > 1) choices = commandNames().filter((one) => one.startsWith(typed.toLowerCase()) && one !== typed);
    else if (isName) choices = this.#names(typed.replace(/^@/u, '')).map((name) => (typed.startsWith('@') ? `@${name}` : name));
    this.#word = {begin, end};
    this.#list.replaceChildren(...choices.slice(0, 6).map((choice, i) => el('div', {
      role: 'option', id: `option${i}`, onmousedown: (event) => {
        event.preventDefault();
        this.#choose(i);
        this.#complete();
      },
    }, choice)));
    show(this.#list, choices.length > 0);
    this.#choose(0);
    return choices.length > 0;
  }

  #names(begin) {
    const wanted = folded(begin);
    return this.#app.store.current.users.map((user) => user.name)
      .filter((name) => folded(name).startsWith(wanted) && name !== this.#app.session.name).sort();
  }

  #choose(index) {
    const options = [...this.#list.children];
    this.#chosen = options.length ? (index + options.length) % options.length : 0;
    options.forEach((option, i) => option.setAttribute('aria-selected', i === this.#chosen));
    if (options.length && !this.#list.hidden) this.#text.setAttribute('aria-activedescendant', `option${this.#chosen}`);
    else this.#text.removeAttribute('aria-activedescendant');
  }

  #complete() {
    const choice = this.#list.children[this.#chosen]?.textContent;
    show(this.#list, false);
    if (!choice) return;
    this.#text.setRangeText(`${choice} `, this.#word.begin, this.#word.end, 'end');
    this.#changed();
    show(this.#list, false);
  }
}
