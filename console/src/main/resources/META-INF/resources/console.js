// Everything that htmx does not do: live changes, copying, and what happens when the sign-in ends.
(() => {
  'use strict';

  const LINES_AT_ONCE = 60;
  const waiting = new Set();
  let planned = 0;
  let everything = false;
  let pressed = false;
  let missed = false;

  const byId = id => document.getElementById(id);

  function says(text, on) {
    const state = byId('live-state');
    if (state) {
      state.textContent = text;
      state.dataset.on = String(on);
    }
  }

  // Changes come in bursts: they are gathered for a moment and asked for together.
  function plan() {
    if (!planned) {
      planned = window.setTimeout(show, 150);
    }
  }

  async function show() {
    planned = 0;
    const all = everything;
    const ids = new Set(waiting);
    everything = false;
    waiting.clear();
    document.querySelectorAll('[data-part]').forEach(part => {
      if (all || ids.has(part.dataset.part)) {
        htmx.trigger(part, 'changed');
      }
    });
    document.querySelectorAll('#counts, [data-any]').forEach(part => htmx.trigger(part, 'changed'));
    const list = byId('list');
    if (!list) {
      return;
    }
    const shown = [...list.querySelectorAll('[data-line]')].map(line => line.dataset.line);
    const changed = shown.filter(id => all || ids.has(id));
    if (changed.length > 0) {
      await showLines(changed.slice(0, LINES_AT_ONCE));
    }
    if (all || [...ids].some(id => !shown.includes(id))) {
      refreshList(list);
    }
  }

  async function showLines(ids) {
    const query = ids.map(id => 'id=' + encodeURIComponent(id)).join('&');
    const answer = await fetch('/list/lines?' + query, {
      headers: {'X-Requested-With': 'XMLHttpRequest', 'HX-Request': 'true'},
    }).catch(() => null);
    if (!answer || gone(answer.status) || !answer.ok) {
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (pressed) {
      missed = true;
      return;
    }
    page.querySelectorAll('[data-line]').forEach(fresh => {
      const old = byId(fresh.id);
      if (old && old.textContent !== fresh.textContent) {
        replace(old, fresh);
      }
    });
  }

  // Keeps what the person has ticked and where the keyboard is.
  function replace(old, fresh) {
    const line = document.importNode(fresh, true);
    const tick = line.querySelector('input[type=checkbox]');
    const before = old.querySelector('input[type=checkbox]');
    if (tick && before) {
      tick.checked = before.checked;
    }
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const place = focused ? [...old.querySelectorAll('a, button, input')].indexOf(focused) : -1;
    line.classList.add('fresh');
    old.replaceWith(line);
    htmx.process(line);
    if (place >= 0) {
      const again = line.querySelectorAll('a, button, input')[place];
      if (again) {
        again.focus();
      }
    }
  }

  // A line that is not shown may belong here now; nothing is moved under the hands of somebody who works in the list.
  let refreshing = 0;
  function refreshList(list) {
    const first = !new URLSearchParams(location.search).has('cursor');
    const busy = list.contains(document.activeElement) || list.querySelector('input:checked');
    if (first && !busy && !refreshing) {
      refreshing = window.setTimeout(() => {
        refreshing = 0;
        htmx.ajax('GET', location.pathname + location.search, {target: '#list', select: '#list', swap: 'outerHTML'});
      }, 700);
    }
  }

  function listen() {
    const source = new EventSource('/live');
    source.addEventListener('open', () => {
      says('Live', true);
      everything = true;
      plan();
    });
    source.addEventListener('changed', event => {
      event.data.split(' ').forEach(id => waiting.add(id));
      plan();
    });
    source.addEventListener('everything', () => {
      everything = true;
      plan();
    });
    source.addEventListener('error', () => {
      says('Reconnecting', false);
      if (source.readyState === EventSource.CLOSED) {
        window.setTimeout(again, 3000);
      }
    });
  }

  // The stream can not say why it was refused; an ordinary request can.
  async function again() {
    const answer = await fetch('/list/counts', {headers: {'X-Requested-With': 'XMLHttpRequest'}}).catch(() => null);
    if (!answer || !gone(answer.status)) {
      listen();
    }
  }

  function gone(status) {
    if (status === 499 || status === 401) {
      location.reload();
      return true;
    }
    return false;
  }

  // What the clipboard holds of this page, and the word its button had before.
  let copied = null;

  async function copy(field) {
    const text = textOf(field);
    try {
      await navigator.clipboard.writeText(text);
    } catch (refused) {
      // a browser that keeps its clipboard to itself, or a page that is not served by https
      select(field);
      mark(field.id, text, 'Selected: copy it');
      return;
    }
    mark(field.id, text, 'Copied');
  }

  function textOf(field) {
    return 'value' in field ? field.value : field.textContent;
  }

  function select(field) {
    if ('value' in field) {
      field.select();
    } else {
      getSelection().selectAllChildren(field);
    }
  }

  function mark(id, text, word) {
    const former = copied && copied.id !== id ? buttonOf(copied.id) : null;
    if (former) {
      former.textContent = copied.before;
    }
    const button = buttonOf(id);
    if (button) {
      copied = {id, text, word, before: copied && copied.id === id ? copied.before : button.textContent};
      button.textContent = word;
    }
  }

  // A part that changes before the eyes brings its button anew.
  function markAgain() {
    const field = copied && byId(copied.id);
    const button = field && textOf(field) === copied.text ? buttonOf(copied.id) : null;
    if (button) {
      button.textContent = copied.word;
    }
  }

  function buttonOf(id) {
    return document.querySelector('[data-copy="' + CSS.escape(id) + '"]');
  }

  document.addEventListener('click', event => {
    const close = event.target.closest('[data-close]');
    if (close) {
      close.closest('.notice').remove();
    }
    const button = event.target.closest('[data-copy]');
    if (button) {
      copy(byId(button.dataset.copy));
    }
  });

  document.addEventListener('htmx:afterSwap', event => {
    const field = event.target.querySelector && event.target.querySelector('[data-copy-now]');
    if (field) {
      copy(field);
    } else {
      markAgain();
    }
  });

  // Nobody's ticks are taken away by a change that arrives while they are set.
  document.addEventListener('input', event => {
    const part = event.target.closest('[data-part]');
    if (part) {
      part.dataset.touched = '';
    }
  });
  document.addEventListener('htmx:beforeSwap', event => {
    const target = event.detail.target;
    if ('touched' in target.dataset) {
      event.detail.shouldSwap = false;
    } else if (pressed && target.matches('[data-part], [data-any], #list, #counts')) {
      event.detail.shouldSwap = false;
      missed = true;
    }
  });

  // What is taken away between press and release is not clicked: changes wait until the finger is up.
  // Another button than the first opens a menu, whose release no page is told of.
  document.addEventListener('pointerdown', event => {
    pressed = event.button === 0;
  }, true);
  ['pointerup', 'pointercancel', 'dragend'].forEach(end => document.addEventListener(end, () => {
    // the click itself comes after the release
    window.setTimeout(() => {
      pressed = false;
      if (missed) {
        missed = false;
        everything = true;
        plan();
      }
    }, 0);
  }, true));
  document.addEventListener('htmx:afterRequest', event => {
    const part = event.detail.successful && event.detail.elt.closest('[data-touched]');
    if (part && part !== event.detail.elt) {
      delete part.dataset.touched;
      htmx.trigger(part, 'changed');
    }
  });

  document.addEventListener('htmx:responseError', event => {
    const status = event.detail.xhr.status;
    if (status === 400) {
      tell('That did not work', 'This page has become too old. Please load it again.');
    } else if (!gone(status)) {
      tell('That did not work', 'The answer was ' + status + '. Please try again.');
    }
  });
  document.addEventListener('htmx:sendError', () => tell('No connection', 'The console does not answer right now.'));

  function tell(title, detail) {
    const notices = byId('notices');
    if (!notices) {
      return;
    }
    const box = document.createElement('div');
    box.className = 'notice tone-bad';
    const text = document.createElement('p');
    const strong = document.createElement('strong');
    strong.textContent = title;
    text.append(strong, ' ' + detail);
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'close';
    close.dataset.close = '';
    close.setAttribute('aria-label', 'Dismiss this message');
    close.textContent = '×';
    box.append(text, close);
    notices.replaceChildren(box);
  }

  // From here on a press on what only a script can do is heard.
  document.documentElement.dataset.scripted = '';
  if (document.body.hasAttribute('data-live')) {
    listen();
  }
})();
