// SPDX-License-Identifier: GPL-3.0-or-later
// words.js: the words of the page in the language of the user. Only this language is loaded.

import {settings} from './storage.js';

export const LANGUAGES = {en: 'English', zh: '中文'};
const UNITS = [[86400, 'day', '天'], [3600, 'hour', '小时'], [60, 'minute', '分钟'], [1, 'second', '秒']];

let words = {WORDS: {}, REASONS: {}};
let loaded = 'en';

function wanted() {
  if (settings.language in LANGUAGES) return settings.language;
  return (navigator.languages ?? [navigator.language]).map((one) => one.slice(0, 2).toLowerCase())
    .find((one) => one in LANGUAGES) ?? 'en';
}

// Loads the words. If that fails, those of before are kept.
export async function load() {
  const name = wanted();
  try {
    words = await import(`./words_${name}.js`);
    loaded = name;
  } catch { /* there is no connection */ }
}

export const language = () => loaded;

// The value in isolation, if it is written from right to left.
function isolated(value) {
  const text = String(value);
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u.test(text) ? `\u2068${text}\u2069` : text;
}

// The words of this key; '': there are none.
export function t(key, values = {}) {
  return (words.WORDS[key] ?? '').replace(/\{(\w+)\}/gu, (all, name) => (name in values ? isolated(values[name]) : all));
}

// Why the server refuses something, without a full stop. `text`: the server's own sentence, for codes
// that are not known.
export function reason(code, text = '') {
  return words.REASONS[code] ?? (text || code || words.REASONS.no_answer);
}

// The same for codes whose text says more: until when, why, by whom.
export function fullReason(code, text = '') {
  return ['banned', 'kicked', 'muted', 'not_welcome', 'not_invited'].includes(code) && text ? text : reason(code, text);
}

// Sets the words of the page's own elements: text (data-t) and label (data-l).
export function translate() {
  document.documentElement.lang = loaded === 'zh' ? 'zh-CN' : 'en';
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll('[data-l]')) {
    node.setAttribute('aria-label', t(node.dataset.l));
    if (node.tagName === 'BUTTON') node.title = t(node.dataset.l);
  }
}

// "2 hours 5 minutes"
export function duration(seconds) {
  const parts = [];
  for (const [length, en, zh] of UNITS) {
    const count = Math.floor(seconds / length);
    seconds %= length;
    if (count > 0 && parts.length < 2) parts.push(loaded === 'zh' ? `${count} ${zh}` : `${count} ${en}${count === 1 ? '' : 's'}`);
  }
  return parts.join(' ');
}
