// SPDX-License-Identifier: GPL-3.0-or-later
// dom.js: makes nodes. All text becomes text nodes; nothing is parsed as HTML.

export const $ = (id) => document.getElementById(id);

// Attributes whose names begin with "on" are listeners; true sets an empty attribute, and an
// attribute that is false, null or undefined is left out.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function show(node, visible) {
  node.hidden = !visible;
}

// The first character of a name as it is shown, for its picture.
export function initial(name) {
  return (Array.from(name)[0] ?? '?').toUpperCase();
}

// 0 to 11, the same in every program: FNV-1a of the folded name (client/terminal/name_color.hpp).
export function colorOf(name) {
  let hash = 2166136261;
  for (const byte of new TextEncoder().encode(name.normalize('NFKC').toLowerCase())) {
    hash = Math.imul(hash ^ byte, 16777619) >>> 0;
  }
  return hash % 12;
}
