'use strict';

/* The buttons: a request is sent, its answer shown as it comes. */

async function bodyOf(button) {
  if (button.dataset.kind !== 'UPLOAD') {
    return button.dataset.body || undefined;
  }
  const form = new FormData();
  form.append('picture', await (await fetch('/sample.png')).blob(), 'sample.png');
  return form;
}

function headersOf(button) {
  const headers = new Headers();
  if (button.dataset.type) {
    headers.set('Content-Type', button.dataset.type);
  }
  const colon = button.dataset.header.indexOf(':');
  if (colon > 0) {
    headers.set(button.dataset.header.slice(0, colon), button.dataset.header.slice(colon + 1).trim());
  }
  return headers;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (notJson) {
    return text;
  }
}

async function show(response, pre) {
  pre.textContent = '';
  if (!response.body) {
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    pre.textContent = (pre.textContent + piece.value).slice(-20000);
  }
  if ((response.headers.get('Content-Type') || '').includes('json')) {
    pre.textContent = pretty(pre.textContent);
  }
}

/* A resource that says "ask again" is asked again: the status of an accepted task. */
async function follow(location, pre) {
  for (;;) {
    const response = await fetch(location);
    await show(response, pre);
    if (!response.ok || !response.headers.has('Retry-After')) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 500));
  }
}

async function send(button) {
  const output = button.closest('article').querySelector('.output');
  const result = output.querySelector('.result');
  const pre = output.querySelector('pre');
  output.hidden = false;
  result.textContent = 'sent';
  pre.textContent = '';
  try {
    const body = await bodyOf(button);
    const from = performance.now();
    const response = await fetch(button.dataset.url, {
      method: button.dataset.method, headers: headersOf(button), body: body, cache: 'no-store'
    });
    const status = document.createElement('strong');
    status.textContent = response.status + ' ' + response.statusText;
    result.classList.toggle('refused', !response.ok);
    const location = response.headers.get('Location');
    result.replaceChildren(status, ' after ' + time(performance.now() - from)
        + (location ? ', Location: ' + location : ''));
    await show(response, pre);
    if (response.status === 202 && location) {
      await follow(location, pre);
    }
  } catch (error) {
    result.textContent = 'No answer: ' + error.message;
  }
}

async function copy(button) {
  const code = button.previousElementSibling;
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
  } catch (denied) {
    getSelection().selectAllChildren(code);
    button.textContent = 'Marked';
  }
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
}

async function openSource(details) {
  const pre = details.querySelector('pre');
  if (details.open && pre.textContent === 'loading') {
    pre.textContent = await (await fetch(details.dataset.source)).text();
  }
}

document.querySelectorAll('button.send').forEach(
    button => button.addEventListener('click', () => send(button)));
document.querySelectorAll('button.copy').forEach(
    button => button.addEventListener('click', () => copy(button)));
document.querySelectorAll('details').forEach(
    details => details.addEventListener('toggle', () => openSource(details)));

/* The time line: one entry a request, in it one row for the response and one for each task. */

const KEPT = 30;
const list = document.getElementById('entries');
const spoken = document.getElementById('spoken');
const entries = new Map();
let ticking = false;

function time(ms) {
  if (ms < 10) {
    return ms.toFixed(1) + ' ms';
  }
  return ms < 1000 ? Math.round(ms) + ' ms' : (ms / 1000).toFixed(2) + ' s';
}

function element(tag, className, parent) {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
}

class Row {
  constructor(parent, label) {
    this.label = label;
    this.segments = [];
    const row = element('li', 'row', parent);
    element('span', 'label', row).textContent = label;
    this.fact = element('span', 'fact', row);
    this.track = element('span', 'track', row);
    this.track.setAttribute('aria-hidden', 'true');
  }

  begin(kind, ms) {
    this.end(ms);
    this.segments.push({kind: kind, from: ms, to: null, bar: element('span', 'bar ' + kind, this.track)});
  }

  end(ms, kind) {
    const last = this.segments.at(-1);
    if (last && last.to === null) {
      last.to = ms;
      last.bar.className = 'bar ' + (kind || last.kind);
    }
  }

  get open() {
    return this.segments.some(segment => segment.to === null);
  }

  latest(now) {
    return Math.max(0, ...this.segments.map(segment => segment.to === null ? now : segment.to));
  }

  draw(now, scale) {
    for (const segment of this.segments) {
      const to = segment.to === null ? now : segment.to;
      segment.bar.style.left = 'min(' + 100 * segment.from / scale + '%, 100% - 3px)';
      segment.bar.style.width = 100 * Math.max(0, to - segment.from) / scale + '%';
    }
  }
}

class Entry {
  constructor(what, before) {
    this.what = what;
    this.times = before ? before.times + 1 : 1;
    const item = document.createElement('li');
    item.className = 'entry';
    const line = element('p', 'what', item);
    this.method = element('span', 'method', line);
    const [method, path] = what.split(' ');
    this.method.textContent = method;
    element('code', '', line).textContent = path.replace('/examples/', '/')
        .replace(/([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '$1\u2026') + (before ? ' \u00d7\u2009' + this.times : '');
    this.status = element('span', 'status', line);
    this.rows = element('ul', 'rows', item);
    this.item = item;
    this.name = path.split('/')[2];
    this.response = new Row(this.rows, 'response');
    this.response.begin('response', 0);
    this.tasks = new Map();
    this.late = -performance.now();
    if (before) {
      before.item.replaceWith(item);
    } else {
      list.prepend(item);
    }
  }

  /** Whether another request for the same may take its place: who polls shall not push all else away. */
  isLike(what) {
    return this.what === what && what.startsWith('GET ') && this.tasks.size === 0 && !this.open;
  }

  get now() {
    return performance.now() + this.late;
  }

  get open() {
    return this.response.open || [...this.tasks.values()].some(row => row.open);
  }

  answered(event) {
    this.response.end(event.ms, event.detail === 'SENT' ? 'response' : 'bad');
    this.status.textContent = event.what;
    this.response.fact.textContent = (event.detail === 'SENT' ? 'answered after ' : 'ended after ') + time(event.ms);
    say(this.name + ' ' + this.response.fact.textContent);
  }

  task(event) {
    let row = this.tasks.get(event.task);
    if (!row) {
      row = new Row(this.rows, event.name);
      this.tasks.set(event.task, row);
    }
    const again = event.attempt > 1 ? 'attempt ' + event.attempt + ', ' : '';
    switch (event.what) {
      case 'queued':
        row.begin('waiting', event.ms);
        row.fact.textContent = 'waits for the answer to go out';
        break;
      case 'started':
        row.begin('task', event.ms);
        row.fact.textContent = again + 'running';
        break;
      case 'progressed':
        row.fact.textContent = again + event.detail;
        break;
      case 'retried':
        row.end(event.ms, 'bad');
        row.begin('waiting', event.ms);
        row.fact.textContent = event.detail + '; tries again';
        break;
      case 'succeeded':
        row.end(event.ms);
        row.fact.textContent = again + 'finished after ' + time(event.ms);
        say(row.label + ' ' + row.fact.textContent);
        break;
      default:
        row.end(event.ms, event.what === 'failed' ? 'bad' : 'waiting');
        row.fact.textContent = event.what + ' after ' + time(event.ms)
            + (event.detail ? ': ' + event.detail : '');
        say(row.label + ' ' + row.fact.textContent);
    }
  }

  draw() {
    const rows = [this.response, ...this.tasks.values()];
    const now = this.now;
    const scale = Math.max(20, ...rows.map(row => row.latest(now)));
    rows.forEach(row => row.draw(now, scale));
  }
}

function say(text) {
  spoken.textContent = text;
}

function receive(event) {
  let entry = entries.get(event.request);
  if (!entry) {
    if (event.type !== 'request') {
      return; // it began before this page was looking
    }
    document.getElementById('nothing').hidden = true;
    const [id, before] = [...entries].find(([, each]) => each.isLike(event.what)) || [];
    entries.delete(id);
    entry = new Entry(event.what, before);
    entries.set(event.request, entry);
    if (entries.size > KEPT) {
      const [oldest] = entries.keys();
      entries.get(oldest).item.remove();
      entries.delete(oldest);
    }
  } else if (event.type === 'answer') {
    entry.answered(event);
  } else {
    entry.task(event);
  }
  entry.draw();
  if (!ticking) {
    ticking = true;
    requestAnimationFrame(tick);
  }
}

function tick() {
  const open = [...entries.values()].filter(entry => entry.open);
  open.forEach(entry => entry.draw());
  ticking = open.length > 0;
  if (ticking) {
    requestAnimationFrame(tick);
  }
}

const state = document.getElementById('state');
const source = new EventSource('/events');
source.onopen = () => {
  state.textContent = 'live';
  state.classList.add('live');
};
source.onerror = () => {
  state.textContent = 'connecting';
  state.classList.remove('live');
};
source.onmessage = message => receive(JSON.parse(message.data));
