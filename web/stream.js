// SPDX-License-Identifier: GPL-3.0-or-later
// stream.js: the events of the server, read for as long as the page is open.
//
// The browser's EventSource is not used: it gives up after a 503, sends no header, and does not
// notice a dead connection.

import {parse} from './api.js';

const ANSWER_MS = 10000;  // until the server begins to answer
const SILENCE_MS = 40000;  // the server sends something every 15 s
const MAX_WAIT_MS = 8000;

// Parses text/event-stream. Pure.
class EventParser {
  #rest = '';
  #data = [];
  #id = null;

  // The events that `text` completes: {id, data}; id null: none was sent with it.
  feed(text) {
    const events = [];
    this.#rest += text;
    for (;;) {
      const end = this.#rest.search(/\r\n|\n|\r(?=[^\n])/u);
      if (end < 0) return events;
      const line = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + (this.#rest.startsWith('\r\n', end) ? 2 : 1));
      if (line === '') {
        if (this.#data.length > 0) events.push({id: this.#id, data: this.#data.join('\n')});
        this.#data = [];
        this.#id = null;
        continue;
      }
      const [, field, value] = /^([^:]*):? ?(.*)$/su.exec(line);
      if (field === 'data') this.#data.push(value);
      if (field === 'id') this.#id = value;
    }
  }
}

// The time before the next attempt: 250 ms, doubled each time up to 8 s, and up to half of it more or
// less, so that not all browsers come at once. `random`: 0 to 1.
function waitBefore(attempt, random) {
  return Math.min(MAX_WAIT_MS, 250 * 2 ** Math.min(attempt, 10)) * (0.5 + random);
}

export class Stream {
  #api;
  #to;
  #abort = null;
  #wake = null;
  #running = false;
  #attempt = 0;
  #heard = 0;
  cursor = '';
  skipped = 0;  // events that the page could not read

  // `to`: event(json), which throws if it cannot read it, open(), closed(milliseconds until the next attempt),
  // async refused(status, answer): true if it is worth another attempt.
  constructor(api, to) {
    this.#api = api;
    this.#to = to;
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    this.#attempt = 0;
    this.#run();
  }

  stop() {
    this.#running = false;
    this.#abort?.abort();
    this.#wake?.();
  }

  // The network may be back, or the page was asleep: try at once, unless the stream is alive.
  nudge(force = false) {
    if (!this.#running) return;
    this.#attempt = 0;
    if (this.#wake) this.#wake();
    else if (force || performance.now() - this.#heard > SILENCE_MS / 2) this.#abort?.abort();
  }

  async #run() {
    while (this.#running) {
      const again = await this.#once();
      if (!this.#running) break;
      if (again.stop) {
        this.#running = false;
        break;
      }
      const wait = Math.max(again.retry * 1000, waitBefore(this.#attempt++, Math.random()));
      this.#to.closed(wait);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, wait);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = null;
    }
  }

  async #once() {
    const abort = new AbortController();
    this.#abort = abort;
    const opened = performance.now();
    this.#heard = opened;
    let limit = ANSWER_MS;
    const watchdog = setInterval(() => {
      if (performance.now() - this.#heard > limit) abort.abort();
    }, 1000);
    try {
      const headers = {...this.#api.headers(), 'Accept': 'text/event-stream'};
      if (this.cursor) headers['Last-Event-ID'] = this.cursor;
      const response = await fetch('/api/events', {
        headers, signal: abort.signal, cache: 'no-store', credentials: 'omit', redirect: 'error',
      });
      const retry = Number(response.headers.get('Retry-After')) || 0;
      if (!response.ok) {
        const answer = await response.text().then(parse).catch(() => ({}));
        return {retry, stop: !(await this.#to.refused(response.status, answer))};
      }
      limit = SILENCE_MS;
      this.#to.open();
      await this.#read(response.body.getReader());
    } catch { /* cut off: try again */ } finally {
      clearInterval(watchdog);
    }
    // A connection that is cut at once every time is tried less often.
    if (performance.now() - opened > 5000) this.#attempt = 0;
    return {retry: 0, stop: false};
  }

  async #read(reader) {
    const parser = new EventParser();
    const decoder = new TextDecoder();
    for (;;) {
      const {value, done} = await reader.read();
      if (done || !this.#running) return;
      this.#heard = performance.now();
      for (const event of parser.feed(decoder.decode(value, {stream: true}))) this.#take(event);
    }
  }

  // An event that the page cannot read is skipped, and the stream goes on behind it.
  #take({id, data}) {
    if (id !== null) this.cursor = id;
    try {
      this.#to.event(parse(data));
    } catch (error) {
      ++this.skipped;
      console.warn('skipped an event', error);
    }
  }
}
