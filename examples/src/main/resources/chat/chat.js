'use strict';

const room = new WebSocket(new URL('room', location.href).href.replace(/^http/, 'ws'));
const said = document.getElementById('said');
const text = document.getElementById('text');

function add(line) {
  const item = document.createElement('li');
  item.textContent = line;
  said.append(item);
  item.scrollIntoView({block: 'nearest'});
}

room.onmessage = message => add(message.data);
room.onclose = () => add('The room is closed.');

document.getElementById('say').addEventListener('submit', event => {
  event.preventDefault();
  room.send(text.value);
  text.value = '';
});
