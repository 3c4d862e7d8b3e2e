'use strict';

const pictures = document.getElementById('pictures');
const later = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

function add(parent, tag, properties = {}) {
  const element = Object.assign(document.createElement(tag), properties);
  parent.append(element);
  return element;
}

/** Uploads a picture, and asks how far it is until it has come to its end. */
async function send(file, name) {
  const item = document.createElement('li');
  pictures.prepend(item);
  add(item, 'strong', {textContent: name});
  const said = add(item, 'p', {textContent: 'uploading'});
  try {
    const form = new FormData();
    form.append('picture', file, name);
    const accepted = await fetch('pictures', {method: 'POST', body: form});
    if (accepted.status !== 202) {
      throw new Error('refused: ' + (await accepted.json()).detail);
    }
    said.textContent = 'accepted, and on disk: waits for a worker';
    show(item, said, await end(accepted.headers.get('Location'), item, said));
  } catch (error) {
    said.textContent = error.message;
    item.querySelector('progress')?.remove();
  }
}

/** The task's result, which its status leads to once there is one. */
async function end(location, item, said) {
  let bar;
  for (;;) {
    const answer = await fetch(location);
    const told = await answer.json();
    if (answer.redirected) {
      bar?.remove();
      return told;
    }
    const task = told.tasks[0];
    if (told.status === 'failed' || told.status === 'skipped') {
      throw new Error(task.message);
    }
    if (task.progress) {
      bar ??= add(item, 'progress');
      bar.max = task.progress.total;
      bar.value = task.progress.done;
    }
    if (task.message) {
      said.textContent = task.message;
    }
    await later(400);
  }
}

function show(item, said, made) {
  add(item, 'img', {src: made.at(-1), alt: ''});
  said.replaceChildren();
  for (const path of made) {
    add(said, 'a', {href: path, textContent: path.match(/(\d+)\.png$/)[1] + ' px'});
  }
}

document.getElementById('files').addEventListener('change', event => {
  for (const file of event.target.files) {
    send(file, file.name);
  }
  event.target.value = '';
});

/** An evening, another one each time. */
document.getElementById('sample').addEventListener('click', () => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 1600, height: 1200});
  const pen = canvas.getContext('2d');
  const sky = pen.createLinearGradient(0, 0, 0, 1200);
  sky.addColorStop(0, `hsl(${200 + 60 * Math.random()} 50% 25%)`);
  sky.addColorStop(1, `hsl(${10 + 40 * Math.random()} 85% 65%)`);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, 1600, 1200);
  pen.fillStyle = '#ffe8c2';
  pen.arc(200 + 1200 * Math.random(), 700, 130, 0, 7);
  pen.fill();
  canvas.toBlob(blob => send(blob, 'evening.png'), 'image/png');
});
