"use strict";

// Everything is put into the page as text, never as HTML.
const STATES = ["held", "queued", "running", "retrying", "handed_off", "succeeded", "dead", "cancelled"];
const TITLES = { handed_off: "handed off" };
const SECONDS = 120;
const find = (id) => document.getElementById(id);
const view = { state: "", name: "", open: new Set(), last: null, limit: 50 };
const history = [];
let stats = null;

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function ago(instant) {
  if (!instant) {
    return "";
  }
  const seconds = Math.round((Date.now() - Date.parse(instant)) / 1000);
  const far = Math.abs(seconds);
  const text =
    far < 60 ? far + " s" : far < 3600 ? Math.round(far / 60) + " min" : far < 86400 ? Math.round(far / 3600) + " h" : Math.round(far / 86400) + " d";
  return seconds < 0 ? "in " + text : text + " ago";
}

function time(instant) {
  return element("time", { dateTime: instant || "", title: instant || "" }, ago(instant));
}

function badge(state) {
  return element("span", { className: "state " + state }, TITLES[state] || state);
}

function cell(label, ...children) {
  const made = element("td", {}, ...children);
  if (label) {
    made.dataset.label = label;
  }
  return made;
}

function tiles() {
  const known = new Map([...find("states").querySelectorAll("button")].map((each) => [each.dataset.state, each]));
  for (const state of STATES) {
    let button = known.get(state);
    if (!button) {
      button = element("button", { type: "button" }, element("strong"), element("span", {}, TITLES[state] || state));
      button.dataset.state = state;
      button.addEventListener("click", () => choose(view.state === state ? "" : state));
      find("states").append(element("li", { className: state }, button));
    }
    const count = stats.states[state] || 0;
    const figure = button.querySelector("strong");
    figure.textContent = count.toLocaleString("en");
    figure.dataset.some = count > 0 ? "yes" : "no";
    button.setAttribute("aria-pressed", view.state === state ? "true" : "false");
  }
}

function choose(state) {
  view.state = state;
  view.limit = 50;
  find("clear").hidden = !state;
  tiles();
  list();
}

function figures() {
  const rows = [
    ["oldest overdue", stats.oldestDueSeconds.toFixed(1) + " s"],
    ["stored by this process", stats.enqueued.toLocaleString("en")],
    ["attempts that went well", stats.succeeded.toLocaleString("en")],
    ["attempts that failed", stats.failed.toLocaleString("en")],
    ["running here", stats.running.toLocaleString("en")],
  ];
  find("figures").replaceChildren(...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  const unknown = find("unknown");
  unknown.hidden = stats.unknownNames.length === 0;
  unknown.textContent = "Nothing is defined here for: " + stats.unknownNames.join(", ") + ". These tasks wait for a process that knows them.";
  const unreachable = find("unreachable");
  const lost = Object.entries(stats.unreachable);
  unreachable.hidden = lost.length === 0;
  unreachable.textContent = "Cannot be handed over now, and waits: " + lost.map(([name, why]) => name + " (" + why + ")").join(", ");
}

function chart() {
  const now = Date.now();
  history.push([now, stats.succeeded, stats.failed]);
  while (history.length > 2 && history[1][0] < now - SECONDS * 1000) {
    history.shift();
  }
  // What came between two pictures is spread over the time between them.
  const rates = history.slice(1).map((point, i) => {
    const seconds = Math.max(0.2, (point[0] - history[i][0]) / 1000);
    return [history[i][0], point[0], (point[1] - history[i][1]) / seconds, (point[2] - history[i][2]) / seconds];
  });
  const top = Math.max(1, ...rates.map((rate) => Math.max(rate[2], rate[3])));
  const x = (at) => Math.max(0, SECONDS - (now - at) / 1000).toFixed(2);
  const y = (rate) => (31 - (Math.max(0, rate) / top) * 29).toFixed(2);
  const path = (which) => rates.map((rate, i) => (i ? "L" : "M") + x(rate[0]) + " " + y(rate[which]) + "L" + x(rate[1]) + " " + y(rate[which])).join("");
  find("good").setAttribute("d", path(2));
  find("bad").setAttribute("d", path(3));
  const latest = rates[rates.length - 1] || [0, 0, 0, 0];
  const words = latest[2].toFixed(0) + " well and " + latest[3].toFixed(0) + " failed a second; at most " + top.toFixed(0);
  find("chart").setAttribute("aria-label", words);
}

function names() {
  const select = find("name");
  const present = new Set([...select.options].map((option) => option.value));
  for (const name of stats.names.filter((each) => !present.has(each))) {
    select.append(element("option", { value: name }, name));
  }
}

function inProcess() {
  const rows = stats.process.names.map((each) =>
    element(
      "tr",
      {},
      element("td", {}, each.name),
      ...[each.running, each.waiting, each.succeeded, each.failed, each.retried, each.other].map((count) => element("td", {}, count.toLocaleString("en"))),
    ),
  );
  find("names").tBodies[0].replaceChildren(...rows);
  find("names").hidden = rows.length === 0;
  find("idle").hidden = rows.length > 0;
  find("recent").replaceChildren(
    ...stats.process.recent.map((task) =>
      element(
        "li",
        {},
        badge(task.state),
        element("span", {}, task.name),
        element("span", { className: "quiet" }, task.route || ""),
        element("span", { className: "quiet" }, task.attempt > 1 ? "attempt " + task.attempt : ""),
        time(task.at),
        task.message ? element("span", { className: "quiet" }, task.message) : null,
      ),
    ),
  );
}

async function ask(method, path) {
  const response = await fetch(path, { method, headers: method === "GET" ? {} : { "X-Task-Page": "1" }, cache: "no-store" });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail || "The answer was " + response.status + ".");
  }
  return response.status === 204 ? null : response.json();
}

function say(text) {
  find("said").hidden = !text;
  find("said").textContent = text;
}

async function act(method, path, done) {
  try {
    await ask(method, path);
    say(done);
  } catch (failed) {
    say(failed.message);
  }
  await list();
}

function actions(task) {
  const path = "tasks/" + encodeURIComponent(task.id);
  const button = (text, method, url, done) => {
    const made = element("button", { type: "button" }, text);
    made.setAttribute("aria-label", text + " " + task.name + " " + task.id);
    made.addEventListener("click", () => act(method, url, done));
    return made;
  };
  const made = element("div", { className: "actions" });
  if (["dead", "cancelled", "retrying", "handed_off"].includes(task.state)) {
    made.append(button("Run again", "POST", path + "/retry", task.name + " runs again."));
  }
  if (["held", "queued", "retrying", "running", "handed_off"].includes(task.state)) {
    made.append(button("Cancel", "POST", path + "/cancel", task.name + " is called off."));
  }
  if (["dead", "cancelled", "succeeded"].includes(task.state)) {
    made.append(button("Remove", "DELETE", path, task.name + " is removed."));
  }
  return made;
}

function what(task) {
  const made = [];
  if (task.total > 0) {
    made.push(element("progress", { max: task.total, value: task.done, title: task.done + " of " + task.total }));
  }
  const text = task.message || task.summary || "";
  if (text) {
    made.push(element("span", {}, text));
  }
  return made;
}

function row(task) {
  const title = element("button", { type: "button", className: "link" }, task.name);
  title.setAttribute("aria-expanded", view.open.has(task.id) ? "true" : "false");
  const made = element(
    "tr",
    {},
    cell("", badge(task.state)),
    cell("", title),
    cell("attempt", String(task.attempt), task.crashes > 0 ? " (" + task.crashes + " crashed)" : ""),
    cell("stored", time(task.enqueuedAt)),
    cell("last", time(task.finishedAt || task.startedAt || task.dueAt)),
    cell("", ...what(task)),
    cell("", actions(task)),
  );
  made.dataset.id = task.id;
  made.children[5].className = "what";
  title.addEventListener("click", () => {
    if (!view.open.delete(task.id)) {
      view.open.add(task.id);
    }
    list();
  });
  return made;
}

async function details(id) {
  const task = await ask("GET", "tasks/" + encodeURIComponent(id));
  const rows = Object.entries(task).filter(([name, value]) => value !== null && value !== "" && !["name", "state", "done", "total", "message", "error", "payload", "result"].includes(name));
  const block = (title, text) => (text ? [element("h4", {}, title), element("pre", { tabIndex: 0 }, text)] : []);
  const inside = element(
    "td",
    { colSpan: 7 },
    element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, String(value))])),
    ...block("Error", task.error),
    ...block("Payload", pretty(task.payload)),
    ...block("Result", pretty(task.result)),
  );
  return element("tr", { className: "details" }, inside);
}

function pretty(json) {
  try {
    return json ? JSON.stringify(JSON.parse(json), null, 2) : "";
  } catch (notJson) {
    return json;
  }
}

let listing = false;
let again = false;

async function list() {
  if (listing) {
    again = true;
    return;
  }
  listing = true;
  try {
    do {
      again = false;
      const query = new URLSearchParams({ limit: String(view.limit) });
      if (view.state) query.set("state", view.state);
      if (view.name) query.set("name", view.name);
      const page = await ask("GET", "tasks?" + query);
      const rows = [];
      for (const task of page.tasks) {
        rows.push(row(task));
        if (view.open.has(task.id)) {
          rows.push(await details(task.id).catch(() => null));
        }
      }
      const focused = document.activeElement?.closest?.("#tasks tr")?.dataset.id;
      const label = document.activeElement?.textContent;
      find("tasks").tBodies[0].replaceChildren(...rows.filter(Boolean));
      if (focused) {
        const same = [...find("tasks").querySelectorAll("tr")].find((each) => each.dataset.id === focused);
        [...(same?.querySelectorAll("button") || [])].find((each) => each.textContent === label)?.focus();
      }
      find("tasks").hidden = page.tasks.length === 0;
      find("none").hidden = page.tasks.length > 0;
      find("more").hidden = !page.more;
    } while (again);
  } catch (failed) {
    say(failed.message);
  } finally {
    listing = false;
  }
}

function told(event) {
  const before = stats && JSON.stringify([stats.states, stats.enqueued, stats.succeeded, stats.failed, stats.running]);
  stats = JSON.parse(event.data);
  tiles();
  figures();
  chart();
  names();
  inProcess();
  const now = JSON.stringify([stats.states, stats.enqueued, stats.succeeded, stats.failed, stats.running]);
  if (before !== now || stats.states.running > 0) {
    list();
  }
}

function live(on, text) {
  find("live").dataset.on = on;
  find("live").textContent = text;
}

find("clear").addEventListener("click", () => choose(""));
find("name").addEventListener("change", () => {
  view.name = find("name").value;
  view.limit = 50;
  list();
});
find("more").addEventListener("click", () => {
  view.limit = Math.min(1000, view.limit * 2);
  list();
});

const events = new EventSource("events");
events.addEventListener("open", () => live("yes", "live"));
events.addEventListener("error", () => live("no", "connection lost, trying again"));
events.addEventListener("stats", told);
