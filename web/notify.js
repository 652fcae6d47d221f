// SPDX-License-Identifier: GPL-3.0-or-later
// notify.js: what tells a user who does not look at the page that there is something new.

import {settings} from './storage.js';
import {t} from './words.js';

// Why there are no notifications; '' if they are possible.
export function whyNoNotifications() {
  if (!window.isSecureContext || !('Notification' in window)) return t('notify_insecure');
  return Notification.permission === 'denied' ? t('notify_denied') : '';
}

export class Notify {
  #select;
  #sound = null;
  #icon = document.querySelector('link[rel=icon]');
  #icons = [this.#icon.href, this.#icon.href.replace('icon.svg', 'icon_new.svg')];

  constructor(select) {
    this.#select = select;
  }

  // The number of unread messages, in the title of the tab and in its picture.
  title(unread, title) {
    document.title = unread > 0 ? `(${unread}) ${title}` : title;
    const icon = this.#icons[unread > 0 ? 1 : 0];
    if (this.#icon.href !== icon) this.#icon.href = icon;
  }

  line(found, line, title) {
    if (!line.forMe) return;
    if (settings.sound) this.beep();
    if (!settings.notify || whyNoNotifications() || Notification.permission !== 'granted') return;
    const from = line.name || t('admin');
    try {
      const note = new Notification(found.isRoom ? `${from} — ${title}` : from,
        {body: line.text, tag: found.key, icon: this.#icons[0]});
      note.onclick = () => {
        window.focus();
        this.#select(found.key);
        note.close();
      };
    } catch { /* this browser shows them by a service worker only */ }
  }

  beep() {
    try {
      this.#sound ??= new AudioContext();
      const {currentTime: now} = this.#sound;
      const volume = this.#sound.createGain();
      volume.gain.setValueAtTime(0.08, now);
      volume.gain.exponentialRampToValueAtTime(0.001, now + 0.35);
      volume.connect(this.#sound.destination);
      for (const [pitch, begin] of [[660, 0], [880, 0.12]]) {
        const tone = this.#sound.createOscillator();
        tone.frequency.value = pitch;
        tone.connect(volume);
        tone.start(now + begin);
        tone.stop(now + begin + 0.2);
      }
    } catch { /* no sound here */ }
  }

  // True: the user permits notifications.
  async ask() {
    return (await Notification.requestPermission()) === 'granted';
  }
}

// A page that cannot be read by others on its way: https, or this machine.
export function isEncrypted() {
  return location.protocol === 'https:' || /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/u.test(location.hostname);
}

export function showPlain(node, isChatOnly) {
  node.hidden = isEncrypted();
  node.textContent = t('not_encrypted') + (isChatOnly ? t('only_open') : '');
}

