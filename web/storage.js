// SPDX-License-Identifier: GPL-3.0-or-later
// storage.js: values that stay in this tab, or in this browser. A browser may forbid both, or have
// no space: then they stay in memory until the page is closed.

const memory = new Map();

function area(name) {
  const key = (what) => `chatd.${what}`;
  return {
    get(what, otherwise = null) {
      try {
        const text = window[name].getItem(key(what));
        if (text !== null) return JSON.parse(text);
      } catch { /* forbidden, or not JSON */ }
      return memory.get(name + what) ?? otherwise;
    },
    set(what, value) {
      memory.set(name + what, value);
      try {
        window[name].setItem(key(what), JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
    remove(what) {
      memory.delete(name + what);
      try {
        window[name].removeItem(key(what));
      } catch { /* forbidden */ }
    },
  };
}

export const tab = area('sessionStorage');
export const browser = area('localStorage');

const DEFAULTS = {language: '', theme: '', presence: true, notify: false, sound: false};

export const settings = {...DEFAULTS, ...browser.get('settings', {})};

export function setSetting(name, value) {
  settings[name] = value;
  browser.set('settings', settings);
}
