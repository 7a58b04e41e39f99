// Enhances pages that work without it: nothing here is the only way to do something.

import "./htmx.js";
import "./compose.js";
import "./counter.js";
import "./keyboard.js";
import "./menu.js";
import "./pane.js";
import "./status.js";
import "./tabs.js";
