// SPDX-License-Identifier: GPL-3.0-or-later
// linkify.js: finds the links in a text. Pure.

// A link ends at white space, at < > " and at quotes, and at the punctuation of Chinese texts.
const LINK = /\bhttps?:\/\/[^\s<>"'\x60’”…\u3000-\u303f\uff00-\uffef]+/giu;

// Without the punctuation behind it, and without a bracket that the link does not open.
function trimmed(link) {
  for (;;) {
    const last = link.at(-1);
    const opening = {')': '(', ']': '[', '}': '{'}[last];
    const opened = opening && link.split(opening).length >= link.split(last).length;
    if (!'.,;:!?*_~'.includes(last) && (!opening || opened)) return link;
    link = link.slice(0, -1);
  }
}

// [{text, href?}, ...], which together have the whole text.
export function linkify(text) {
  const parts = [];
  let done = 0;
  for (const found of text.matchAll(LINK)) {
    const link = trimmed(found[0]);
    let url;
    try {
      url = new URL(link);
    } catch {
      continue;
    }
    // A link with a user name leads elsewhere than it seems to: bank.example@evil.example.
    if (!url.host || !/^https?:$/.test(url.protocol) || url.username || url.password) continue;
    if (found.index > done) parts.push({text: text.slice(done, found.index)});
    parts.push({text: link, href: url.href});
    done = found.index + link.length;
  }
  if (done < text.length) parts.push({text: text.slice(done)});
  return parts;
}
