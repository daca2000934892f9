// Small conveniences. Every page works without them: what a script alone can do is hidden until this one has run.
import { copying } from "./copy.js";
import { dialogs } from "./dialog.js";
import { menus } from "./menu.js";
import { theming } from "./theme.js";

document.documentElement.classList.add("js");
copying();
dialogs();
menus();
theming();
