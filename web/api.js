// SPDX-License-Identifier: GPL-3.0-or-later
// api.js: requests to the server. Errors are answers, too: nothing is thrown.

const LIMIT_MS = 15000;
const FOR_NOW = ['', 'no_answer', 'busy', 'late', 'failed', 'stopped', 'history_unavailable', 'too_many_questions', 'too_fast', 'unread'];

// Control characters, and those that change the direction of the text behind them.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

export const clean = (text, by = '\ufffd') => text.replace(UNSEEN, by);

// A JSON text of the server. All texts in it are cleaned here, and nowhere else in the page. The server
// does the same; what is shown does not depend on it.
export const parse = (json) => JSON.parse(json, (key, value) => (typeof value === 'string' ? clean(value) : value));

// True: the same request may succeed later.
export function isForNow({status, code}) {
  return status === 0 || status === 429 || (status >= 500 && FOR_NOW.includes(code));
}

export class Api {
  token = '';
  client = '';

  headers() {
    return this.token ? {'Authorization': `Bearer ${this.token}`, 'X-Client': this.client} : {};
  }

  // {status, data, code, text, retry}. status 0: there was no answer in time; `retry`: seconds.
  async ask(method, path, body) {
    const headers = this.headers();
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    try {
      const response = await fetch(path, {
        method, headers, body: body === undefined ? undefined : JSON.stringify(body),
        cache: 'no-store', credentials: 'omit', redirect: 'error',
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      const text = await response.text();
      let data = {};
      try {
        data = parse(text);
      } catch { /* a proxy's own page of an error */ }
      return {
        status: response.status, ok: response.ok, data: data ?? {},
        code: data?.error ?? '', text: data?.message ?? '',
        retry: Number(response.headers.get('Retry-After')) || 0,
      };
    } catch {
      return {status: 0, ok: false, data: {}, code: 'no_answer', text: '', retry: 0};
    }
  }

  get(path, query = {}) {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) search.set(name, value);
    }
    const tail = search.toString();
    return this.ask('GET', tail ? `${path}?${tail}` : path);
  }

  post(path, body) {
    return this.ask('POST', path, body);
  }
}
