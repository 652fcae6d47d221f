// SPDX-License-Identifier: GPL-3.0-or-later
// log_view.js: the lines of the conversation that is shown. A part of them has nodes: the window.

import {el} from './dom.js';
import {dayNode, dayOf, lineNode, newNode, presenceNode} from './line.js';
import {MAX_LINES, MAX_READ_LINES, PRESENCE} from './store.js';
import {t} from './words.js';

const MAX_NODES = 600;
const STEP = 100;
const NEAR_END = 40;  // pixels
const NEAR_TOP = 400;
const MAX_GROUP = 200;  // joins and leaves in one line

export class LogView {
  stick = true;  // the end is shown, and stays shown when lines come
  #log;
  #button;
  #store;
  #act;
  #found = null;
  #first = 0;  // the window: indices of lines
  #end = 0;
  #nodes = new Map();  // by line
  #group = null;  // joins and leaves at the end: {lines, node}
  #marked = false;
  #loading = false;
  #following = false;
  #note = el('div', {class: 'note faint'});
  #lines = el('div', {});
  #pending = el('div', {'aria-live': 'off'});

  // `act`: as of lineNode(), and loadOlder(conversation), atEnd(), pending(conversation): lines
  constructor(log, button, store, act) {
    this.#log = log;
    this.#button = button;
    this.#store = store;
    this.#act = act;
    log.append(this.#note, this.#lines, this.#pending);
    log.addEventListener('scroll', () => this.#scrolled(), {passive: true});
    button.addEventListener('click', () => this.toEnd());
    new ResizeObserver(() => this.stick && this.#scrollToEnd()).observe(log);
  }

  open(found) {
    this.#found = found;
    this.#end = found.lines.length;
    this.#first = Math.max(0, this.#end - 2 * STEP);
    this.#log.setAttribute('aria-label', t('log_of', {room: this.#act.titleOf(found)}));
    this.#render();
    this.#scrollToEnd();
    const mark = this.#lines.querySelector('.new');
    if (mark && mark.offsetTop < this.#log.scrollTop) this.#log.scrollTop = mark.offsetTop - 60;
    this.stick = this.#isAtEnd();
    this.#showButton();
    this.fill();
  }

  // The lines have changed in another way than by added().
  refresh() {
    if (!this.#found) return;
    this.#end = Math.min(this.#end, this.#found.lines.length);
    if (this.stick) this.#end = this.#found.lines.length;
    this.#keepPlace(() => this.#render());
  }

  // A line was inserted at this index.
  added(found, at) {
    if (found !== this.#found) return;
    const isLast = at === found.lines.length - 1;
    if (isLast && this.#end === at && (this.stick || this.#nodes.size < MAX_NODES)) {
      if (at < STEP) this.#showNote();
      this.#end = at + 1;
      this.#append(found.lines[at], found.lines[at - 1]);
      if (this.#nodes.size > MAX_NODES && this.stick) {
        this.#first = this.#end - MAX_NODES + 2 * STEP;
        this.#render();
      }
      this.#follow();
    } else if (at < this.#end) {
      ++this.#end;
      if (at < this.#first) ++this.#first;
      else this.refresh();
    }
    this.#showButton();
  }

  showPending() {
    const lines = this.#found ? this.#act.pending(this.#found) : [];
    let before = this.#found?.lines.at(-1);
    this.#pending.replaceChildren(...lines.map((line) => {
      const node = lineNode(line, before, this.#act);
      before = line;
      return node;
    }));
    this.#follow();
  }

  // Removes the oldest lines if there are too many. Those of a conversation whose older lines are read
  // may be more.
  trim(found) {
    const isRead = found === this.#found && !this.stick;
    const count = found.trim(isRead ? MAX_READ_LINES : MAX_LINES);
    if (count === 0 || found !== this.#found) return;
    const wasShown = count > this.#first;
    this.#first = Math.max(0, this.#first - count);
    this.#end = Math.max(this.#end - count, Math.min(STEP, found.lines.length));
    if (wasShown) this.#keepPlace(() => this.#render());
  }

  toEnd() {
    if (!this.#found) return;
    if (this.#end < this.#found.lines.length) {
      this.#end = this.#found.lines.length;
      this.#first = Math.max(0, this.#end - 2 * STEP);
      this.#render();
    }
    this.stick = true;
    this.#scrollToEnd();
    this.#showButton();
    this.#act.atEnd();
  }

  // Shows the line with this number. False: it has not been loaded.
  goTo(number) {
    const at = this.#found.lines.findIndex((line) => line.sequence === number);
    if (at < 0) return false;
    this.#first = Math.max(0, at - STEP);
    this.#end = Math.min(this.#found.lines.length, at + STEP);
    this.stick = false;
    this.#render();
    const node = this.#nodes.get(this.#found.lines[at]);
    node?.scrollIntoView({block: 'center'});
    node?.classList.add('flash');
    this.#showButton();
    return true;
  }

  #isAtEnd() {
    const {scrollHeight, scrollTop, clientHeight} = this.#log;
    return this.#end >= this.#found.lines.length && scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  // Once for all lines that come together: each time the browser calculates where all of them are.
  #follow() {
    if (!this.stick || this.#following) return;
    this.#following = true;
    queueMicrotask(() => {
      this.#following = false;
      this.#scrollToEnd();
    });
  }

  #scrollToEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #scrolled() {
    if (!this.#found) return;
    const wasAtEnd = this.stick;
    this.stick = this.#isAtEnd();
    if (this.stick && !wasAtEnd) this.#act.atEnd();
    if (this.#log.scrollTop < NEAR_TOP) this.#up();
    else if (this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_TOP) this.#down();
    this.#showButton();
  }

  #up() {
    if (this.#first === 0) return this.#load();
    this.#first = Math.max(0, this.#first - STEP);
    this.#end = Math.min(this.#end, this.#first + MAX_NODES);
    this.#keepPlace(() => this.#render());
  }

  #down() {
    if (this.#end >= this.#found.lines.length) return;
    this.#end = Math.min(this.#found.lines.length, this.#end + STEP);
    this.#first = Math.max(this.#first, this.#end - MAX_NODES);
    this.#keepPlace(() => this.#render());
  }

  // Older lines, until the window is full.
  fill() {
    if (this.#found && this.#log.scrollHeight <= this.#log.clientHeight + NEAR_TOP) this.#load();
  }

  async #load() {
    const found = this.#found;
    if (this.#loading || !found.more) return;
    this.#loading = true;
    this.#showNote();
    const count = await this.#act.loadOlder(found);
    this.#loading = false;
    if (found !== this.#found) return this.fill();
    if (count > 0) {
      this.#end = Math.min(this.#end + count, MAX_NODES);
      this.#keepPlace(() => this.#render());
      this.fill();
    }
    this.#showNote();
  }

  #showNote() {
    const {isRoom, more, name, lines} = this.#found;
    if (!isRoom) this.#note.textContent = t('direct_begin', {name});
    else if (this.#loading) this.#note.textContent = t('loading');
    else if (more || this.#first > 0) this.#note.textContent = '';
    else this.#note.textContent = t(lines.some((line) => line.text) ? 'beginning' : 'quiet_here');
  }

  #showButton() {
    const {unread, lines} = this.#found;
    const isFar = () => this.#log.scrollHeight - this.#log.scrollTop > 2 * this.#log.clientHeight;
    const visible = !this.stick && (unread > 0 || this.#end < lines.length || isFar());
    this.#button.hidden = !visible;
    if (visible) this.#button.textContent = unread > 0 ? t('newer', {n: unread}) : t('to_end');
  }

  // Keeps the first line that is seen where it is.
  #keepPlace(change) {
    if (this.stick) {
      change();
      this.#scrollToEnd();
      return;
    }
    const top = this.#log.scrollTop;
    let anchor = null;
    for (const [line, node] of this.#nodes) {
      if (node.offsetTop + node.offsetHeight > top) {
        anchor = {line, offset: node.offsetTop - top};
        break;
      }
    }
    change();
    const node = anchor && this.#nodes.get(anchor.line);
    if (node) this.#log.scrollTop = node.offsetTop - anchor.offset;
  }

  // A screen reader does not read again what is drawn again.
  #render() {
    this.#log.setAttribute('aria-live', 'off');
    this.#nodes.clear();
    this.#group = null;
    this.#marked = false;
    this.#lines.replaceChildren();
    const {lines} = this.#found;
    for (let i = this.#first; i < this.#end; ++i) this.#append(lines[i], i > this.#first ? lines[i - 1] : undefined);
    this.#showNote();
    this.showPending();
    setTimeout(() => this.#log.setAttribute('aria-live', 'polite'), 300);
  }

  #append(line, before) {
    if (this.#store.isHidden(line)) return;
    if (dayOf(line) && dayOf(line) !== (before ? dayOf(before) : '')) {
      this.#lines.append(dayNode(line));
      this.#group = null;
    }
    const {mark} = this.#found;
    if (!this.#marked && mark !== null && line.sequence > mark && this.#store.counts(line)) {
      this.#lines.append(newNode());
      this.#marked = true;
      before = undefined;
    }
    let node;
    if (PRESENCE.includes(line.event)) {
      if (!this.#group || this.#group.lines.length === MAX_GROUP) this.#group = {lines: [], node: null};
      this.#group.lines.push(line);
      node = presenceNode(this.#group.lines);
      if (this.#group.node) this.#group.node.replaceWith(node);
      else this.#lines.append(node);
      this.#group.node = node;
    } else {
      this.#group = null;
      node = lineNode(line, before, this.#act);
      this.#lines.append(node);
    }
    this.#nodes.set(line, node);
  }
}
