// SPDX-License-Identifier: GPL-3.0-or-later
// commands.js: the lines that begin with a slash. The names are those of uchat(1).

import {t} from './words.js';

const first = (text) => {
  const [, name, rest] = /^(\S*)\s*(.*)$/su.exec(text);
  return [name.replace(/^[@#~]|[:,]$/gu, ''), rest];
};
const SECONDS = {s: 1, m: 60, h: 3600, d: 86400};

// What is about a room: in the direct messages with a user it would mean the room of the server.
const inRoom = (act) => (app, text, usage) => (app.store.current.isRoom ? act(app, text, usage) : t('only_in_room'));

const moderate = (action, hasTime = false) => inRoom((app, text, usage) => {
  let [to, rest] = first(text);
  if (!to) return usage();
  const command = {kind: 'moderate', room: app.room, action, to};
  const time = /^(\d+)([smhd])(?:\s+|$)/u.exec(rest);
  if (hasTime && time) {
    command.seconds = time[1] * SECONDS[time[2]];
    rest = rest.slice(time[0].length);
  }
  if (rest) command.text = rest;
  return app.send(command);
});
const room = (kind) => (app, text, usage) => {
  const name = text.replace(/^#/u, '').trim();
  return name ? app.enterRoom(name, kind) : usage();
};
const block = (action) => (app, text) => app.send({kind: 'block', action: text ? action : 'list', to: first(text)[0] || undefined});

function set(app, text, usage) {
  const [property, value] = text.trim().split(/\s+/u);
  const number = {yes: 1, no: 0, anyone: 0, known: 1, owned: 2, default: 0, off: property === 'history' ? 65535 : 0}[value] ??
    (/^\d+d?$/u.test(value ?? '') ? Number.parseInt(value, 10) : null);
  if (!['invited', 'hidden', 'lecture', 'slow', 'enter', 'history'].includes(property) || number === null) return usage();
  return app.send({kind: 'set', room: app.room, property, value: number});
}

function role(app, text, usage) {
  const [to, action] = first(text);
  if (!['owner', 'moderator', 'none'].includes(action)) return usage();
  return app.send({kind: 'moderate', room: app.room, action: action === 'none' ? 'no_role' : action, to});
}

// [name, arguments, what it does, other names]
const COMMANDS = [
  ['me', 'TEXT', inRoom((app, text, usage) => (text ? app.say(text, 'action') : usage()))],
  ['msg', 'NAME TEXT', (app, text, usage) => {
    const [to, rest] = first(text);
    return to ? app.direct(to, rest) : usage();
  }, ['w']],
  ['r', 'TEXT', (app, text, usage) => (app.lastDirect && text ? app.direct(app.lastDirect, text) : usage())],
  ['users', '', (app) => app.showPeople(), ['names']],
  ['whois', 'NAME', (app, text, usage) => (text ? app.dialogs.person(first(text)[0]) : usage())],
  ['rooms', '', (app) => app.dialogs.rooms(), ['list']],
  ['join', 'ROOM', room('join'), ['j']],
  ['make', 'ROOM', room('make')],
  ['leave', '[ROOM]', (app, text) => app.leaveRoom(text.replace(/^#/u, '')), ['part']],
  ['room', '', (app) => app.dialogs.about()],
  ['topic', '[TEXT]', inRoom((app, text) => (text ? app.send({kind: 'topic', room: app.room, text: text === '-' ? '' : text})
    : app.dialogs.about()))],
  ['set', 'invited|hidden|lecture|slow|enter|history VALUE', inRoom(set)],
  ['invite', 'NAME', moderate('invite')],
  ['uninvite', 'NAME', moderate('uninvite')],
  ['kick', 'NAME [REASON]', moderate('kick')],
  ['ban', 'NAME [TIME] [REASON]', moderate('ban', true)],
  ['unban', 'NAME', moderate('unban')],
  ['mute', 'NAME [TIME] [REASON]', moderate('mute', true)],
  ['unmute', 'NAME', moderate('unmute')],
  ['role', 'NAME owner|moderator|none', inRoom(role)],
  ['away', '[TEXT]', (app, text) => app.send({kind: 'away', text: text || undefined})],
  ['erase', '[NUMBER]', inRoom((app, text, usage) => (/^\d{0,15}$/u.test(text)
    ? app.send({kind: 'erase', room: app.room, sequence: Number(text) || undefined}) : usage()))],
  ['nick', 'NAME', (app, text, usage) => (text ? app.changeName(first(text)[0]) : usage())],
  ['search', '[TEXT]', (app, text) => app.dialogs.search(text)],
  ['ignore', 'NAME', (app, text, usage) => (text ? app.ignore(first(text)[0], true) : usage())],
  ['unignore', 'NAME', (app, text, usage) => (text ? app.ignore(first(text)[0], false) : usage())],
  ['block', '[NAME]', block('add'), ['blocks']],
  ['unblock', 'NAME', block('remove')],
  ['quit', '', (app) => app.dialogs.leave(), ['q', 'exit']],
  ['help', '', (app) => app.dialogs.help(), ['h', '?']],
];

export const commandNames = () => COMMANDS.map(([name]) => `/${name}`);

// [[usage, what it does], ...]
export const help = () => COMMANDS.map(([name, usage]) => [`/${name} ${usage}`.trim(), t(`help_${name}`)]);

// Does what a command says. A string: why it is not done.
export function run(app, typed) {
  const [, name, rest] = /^\/(\S*)\s*(.*)$/su.exec(typed);
  const found = COMMANDS.find(([one, , , others]) => one === name.toLowerCase() || others?.includes(name.toLowerCase()));
  if (!found) return t('unknown_command', {name: `/${name}`});
  return found[2](app, rest.trim(), () => t('usage', {text: `/${found[0]} ${found[1]}`}));
}
