// SPDX-License-Identifier: GPL-3.0-or-later
// main.js: starts the page.

import {App} from './app.js';
import {load} from './words.js';

await load();
new App().start();
