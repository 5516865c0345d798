// @ts-check
// The chat page's own script. Without it the forms and links of the page do the same, one page load at a time.

/** @typedef {{ id: string, text: string, replyTo?: string }} Message */

/** @template {Element} T @param {string} selector @param {new () => T} type @param {ParentNode} [root] @returns {T} */
function one(selector, type, root = document) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`no ${selector}`);
  return found;
}

const chat = document.querySelector('.chat');
if (chat instanceof HTMLElement) start(chat);

/** @param {HTMLElement} chat */
function start(chat) {
  /** @type {Record<string, Record<string, string>>} */
  const texts = JSON.parse(one('#texts', HTMLScriptElement).textContent ?? '{}');
  const log = one('.log', HTMLElement);
  const list = one('.lines', HTMLOListElement);
  const composer = one('.composer', HTMLFormElement);
  const field = one('textarea', HTMLTextAreaElement, composer);
  const replyField = one('input[name=replyTo]', HTMLInputElement, composer);
  const replying = one('.replying', HTMLElement, composer);
  const connection = one('.connection', HTMLElement);
  const title = document.title;
  let language = document.documentElement.lang;
  let position = Number(chat.dataset.position);
  let unread = 0;

  /** @param {string} key */
  const t = (key) => texts[language]?.[key] ?? key;
  const newId = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
      '',
    );

  // ---- Scrolling: the newest line stays in sight as long as the reader is there.

  let atEnd = true;
  const toNewest = document.createElement('button');
  toNewest.type = 'button';
  toNewest.className = 'button to-newest';
  toNewest.hidden = true;
  log.after(toNewest);
  toNewest.addEventListener('click', () => {
    toEnd();
    log.focus({ preventScroll: true });
  });

  function toEnd() {
    log.scrollTop = log.scrollHeight;
    atEnd = true;
    toNewest.hidden = true;
  }

  log.addEventListener('scroll', () => {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    if (atEnd) toNewest.hidden = true;
  });
  new ResizeObserver(() => atEnd && toEnd()).observe(log);
  log.addEventListener('load', () => atEnd && toEnd(), true);

  /** @param {HTMLElement} line */
  function reveal(line) {
    if (line.offsetHeight > log.clientHeight) log.scrollTop = line.offsetTop - 16;
    else toEnd();
  }

  // ---- Lines: the server sends each as the markup the page itself is made of.

  /** @param {string} html */
  function parseLines(html) {
    const template = document.createElement('template');
    template.innerHTML = html;
    return [...template.content.children].filter((node) => node instanceof HTMLLIElement);
  }

  /** @param {HTMLElement} line */
  function place(line) {
    const old = document.getElementById(line.id) ?? sameAsMine(line);
    if (old) {
      const focused = old.contains(document.activeElement);
      old.replaceWith(line);
      if (focused) line.focus({ preventScroll: true });
      if (atEnd) toEnd();
    } else {
      insert(line);
      line.classList.add('new');
      announce(line);
    }
    markDays(line);
    followLanguage();
  }

  /** @param {HTMLElement} line */
  function sameAsMine(line) {
    const post = line.dataset.post;
    return post ? list.querySelector(`.mine[data-post="${CSS.escape(post)}"]`) : null;
  }

  /** @param {HTMLElement} line */
  function insert(line) {
    const at = Number(line.dataset.at ?? Infinity);
    let after = list.lastElementChild;
    while (after instanceof HTMLElement && Number(after.dataset.at ?? Infinity) > at) {
      after = after.previousElementSibling;
    }
    if (after) after.after(line);
    else list.prepend(line);
  }

  /** @param {HTMLElement} line */
  function announce(line) {
    if (atEnd) reveal(line);
    else toNewest.hidden = false;
    if (document.hidden && line.classList.contains('wici')) {
      unread += 1;
      document.title = `(${unread}) ${title}`;
    }
  }

  /** @param {HTMLElement} line */
  function markDays(line) {
    for (const one of [line, line.nextElementSibling]) {
      if (!(one instanceof HTMLElement) || one.dataset.day === undefined) continue;
      const before = one.previousElementSibling;
      const day = before instanceof HTMLElement ? before.dataset.day : undefined;
      one.classList.toggle('first-of-day', day !== one.dataset.day);
    }
  }

  /** The newest thing Wici said decides the page's language and what the field asks for. */
  function followLanguage() {
    const said = [...list.querySelectorAll('.wici')].at(-1);
    if (!(said instanceof HTMLElement)) return;
    language = said.dataset.language ?? language;
    document.documentElement.lang = language;
    for (const node of document.querySelectorAll('[data-text]')) {
      if (node instanceof HTMLElement) node.textContent = t(node.dataset.text ?? '');
    }
    toNewest.textContent = t('toNewest');
    field.placeholder = said.dataset.hint ?? t('placeholder');
  }

  // ---- The live stream: reconnects by itself and asks for what it missed.

  /** @type {EventSource | null} */
  let source = null;
  let heard = Date.now();
  let wait = 1000;
  let retry = 0;
  let quiet = 0;

  function connect() {
    source?.close();
    clearTimeout(retry);
    heard = Date.now();
    source = new EventSource(`/chat/events?after=${position}`);
    source.addEventListener('hello', () => {
      wait = 1000;
      served();
    });
    source.addEventListener('beat', served);
    source.addEventListener('line', (event) => {
      alive();
      position = Math.max(position, Number(event.lastEventId));
      for (const line of parseLines(event.data)) place(line);
    });
    source.addEventListener('erased', erased);
    source.addEventListener('error', lost);
  }

  /** What was said is gone for good; what one is just sending is not. */
  function erased() {
    alive();
    for (const line of list.querySelectorAll('.line:not(.mine)')) line.remove();
    log.querySelector('a[data-older]')?.parentElement?.remove();
    replyField.value = '';
    replying.hidden = true;
    one('.replying-to', HTMLElement, replying).textContent = '';
  }

  /** The server answers: what it could not take before it may take now. */
  function served() {
    alive();
    for (const resend of [...notSent]) resend();
  }

  function alive() {
    heard = Date.now();
    clearTimeout(quiet);
    if (connection.dataset.state === 'lost') {
      connection.dataset.state = 'back';
      connection.textContent = t('connected');
      quiet = window.setTimeout(() => {
        connection.textContent = '';
        delete connection.dataset.state;
      }, 2500);
    }
  }

  function lost() {
    // A blink of the network is nobody's business.
    if (connection.dataset.state !== 'lost') {
      clearTimeout(quiet);
      quiet = window.setTimeout(() => {
        connection.dataset.state = 'lost';
        connection.textContent = t(navigator.onLine ? 'connecting' : 'offline');
      }, 1200);
    }
    if (source?.readyState !== EventSource.CLOSED) return;
    clearTimeout(retry);
    retry = window.setTimeout(connect, wait);
    wait = Math.min(wait * 2, 15_000);
  }

  /** @param {number} silence */
  const connectAfter = (silence) => Date.now() - heard > silence && connect();
  setInterval(() => connectAfter(45_000), 10_000);
  addEventListener('online', connect);
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', (event) => event.persisted && connect());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    unread = 0;
    document.title = title;
    connectAfter(20_000);
  });

  // ---- Posting.

  /**
   * @param {string} path @param {object} body
   * @returns {Promise<{ sent: true } | { sent: false, again: boolean, message: string }>}
   */
  async function post(path, body) {
    try {
      const response = await fetch(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(20_000),
      });
      if (response.ok) return { sent: true };
      const answer = await response.json().catch(() => ({}));
      const again = response.status === 429 || response.status >= 500;
      return { sent: false, again, message: String(answer.message ?? '') };
    } catch {
      return { sent: false, again: true, message: '' };
    }
  }

  /** Messages leave in the order they were written. */
  let sending = Promise.resolve();

  /** What could not be sent, oldest first: tried again whenever the server shows a sign of life. @type {Set<() => void>} */
  const notSent = new Set();

  /** @param {Message} message */
  function say(message) {
    const line = mine(message);
    list.append(line);
    toEnd();
    remember(message);
    sending = sending.then(() => deliver(message, line));
  }

  /** @param {Message} message @param {HTMLElement} line */
  async function deliver(message, line) {
    state(line, t('sending'));
    const result = await post('/chat/messages', message);
    if (result.sent || !line.isConnected) {
      forget(message);
      state(line, '');
      return;
    }
    line.classList.add('failed');
    state(line, [t('notSent'), result.message].filter(Boolean).join(' '));
    if (!result.again) return forget(message);
    const again = document.createElement('button');
    again.type = 'button';
    again.textContent = t('retry');
    const resend = () => {
      notSent.delete(resend);
      line.classList.remove('failed');
      sending = sending.then(() => deliver(message, line));
    };
    notSent.add(resend);
    again.addEventListener('click', () => {
      field.focus();
      resend();
    });
    one('.state', HTMLElement, line).append(' ', again);
    if (atEnd) toEnd();
  }

  /** @param {HTMLElement} line @param {string} words */
  function state(line, words) {
    one('.state', HTMLElement, line).textContent = words;
  }

  /** One's own line while it is on its way; the server's own markup takes its place. @param {Message} message */
  function mine({ id, text }) {
    const line = document.createElement('li');
    line.className = 'line person mine';
    line.tabIndex = -1;
    line.dataset.post = id;
    const bubble = document.createElement('article');
    bubble.className = 'bubble';
    const who = document.createElement('p');
    who.className = 'unseen';
    who.textContent = t('you');
    const words = document.createElement('p');
    words.className = 'text';
    words.dir = 'auto';
    words.textContent = text;
    const foot = document.createElement('footer');
    foot.className = 'foot state';
    bubble.append(who, words, foot);
    line.append(bubble);
    return line;
  }

  // ---- What was not sent yet survives a reload of the page.

  const unsentKey = 'wici-unsent';
  const draftKey = 'wici-draft';

  /** @param {string} key */
  function kept(key) {
    try {
      return sessionStorage.getItem(key) ?? '';
    } catch {
      return '';
    }
  }

  /** @returns {Message[]} */
  const unsent = () => JSON.parse(kept(unsentKey) || '[]');

  /** @param {string} key @param {string} value */
  function keep(key, value) {
    try {
      if (value === '' || value === '[]') sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, value);
    } catch {
      // Storage is off or full: the page works without.
    }
  }

  /** @param {Message} message */
  const remember = (message) => keep(unsentKey, JSON.stringify([...unsent(), message]));
  /** @param {Message} message */
  const forget = ({ id }) => keep(unsentKey, JSON.stringify(unsent().filter((m) => m.id !== id)));

  // ---- Writing.

  function grow() {
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight + 2}px`;
  }

  /** @param {string} id @param {string} excerpt */
  function replyTo(id, excerpt) {
    replyField.value = id;
    replying.hidden = id === '';
    one('.replying-to', HTMLElement, replying).textContent = excerpt;
    field.focus();
  }

  composer.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value;
    if (text.trim() === '') return field.focus();
    say({ id: newId(), text, ...(replyField.value ? { replyTo: replyField.value } : {}) });
    field.value = '';
    keep(draftKey, '');
    grow();
    replyTo('', '');
  });

  field.addEventListener('input', () => {
    grow();
    keep(draftKey, field.value);
  });

  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !replying.hidden) replyTo('', '');
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (field.value.trim() !== '') composer.requestSubmit();
  });

  one('.close', HTMLAnchorElement, replying).addEventListener('click', (event) => {
    event.preventDefault();
    replyTo('', '');
  });

  one('form.menu', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    say({ id: newId(), text: '/menu' });
  });

  // ---- Pressing.

  list.addEventListener('submit', (event) => {
    const { target: form, submitter } = event;
    if (!(form instanceof HTMLFormElement) || !(submitter instanceof HTMLButtonElement)) return;
    event.preventDefault();
    if (form.getAttribute('aria-busy') === 'true') return;
    const boxes = [...form.querySelectorAll('input[type=checkbox]')].filter(
      (b) => b instanceof HTMLInputElement,
    );
    const values = boxes.filter((box) => box.checked).map((box) => box.value);
    if (boxes[0] && values.length === 0) return askForSome(boxes);
    void press(form, submitter, values);
  });

  /** @param {HTMLInputElement[]} boxes */
  function askForSome(boxes) {
    const [first] = boxes;
    first?.setCustomValidity(t('chooseSome'));
    first?.reportValidity();
    for (const box of boxes)
      box.addEventListener('change', () => first?.setCustomValidity(''), { once: true });
  }

  /** @param {HTMLFormElement} form @param {HTMLButtonElement} button @param {string[]} ticked */
  async function press(form, button, ticked) {
    const [token, action, value] = button.value.split(':');
    // Pressed again after it was not sent: the same press, counted once.
    const again = button.dataset.unsent === JSON.stringify(ticked) ? button.dataset.unsentId : undefined;
    const id = again ?? newId();
    form.querySelector('.press-problem')?.remove();
    form.setAttribute('aria-busy', 'true');
    button.classList.add('busy');
    const result = await post('/chat/actions', { id, token, action, values: value ? [value] : ticked });
    form.removeAttribute('aria-busy');
    button.classList.remove('busy');
    delete button.dataset.unsent;
    if (result.sent) return;
    button.dataset.unsent = JSON.stringify(ticked);
    button.dataset.unsentId = id;
    const problem = document.createElement('p');
    problem.className = 'press-problem';
    problem.setAttribute('role', 'alert');
    problem.textContent = [t('notSent'), result.message || `${t('retry')}.`].join(' ');
    form.append(problem);
  }

  list.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[data-reply]') : null;
    if (!(link instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    replyTo(link.dataset.reply ?? '', link.dataset.excerpt ?? '');
  });

  // ---- Earlier lines.

  log.addEventListener('click', async (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[data-older]') : null;
    const first = list.firstElementChild;
    if (!(link instanceof HTMLAnchorElement) || !(first instanceof HTMLElement)) return;
    event.preventDefault();
    const response = await fetch(`/chat/older?before=${first.dataset.at}`);
    if (!response.ok) return location.assign(link.href);
    const lines = parseLines(await response.text());
    const fromEnd = log.scrollHeight - log.scrollTop;
    // What was said long ago is not news.
    log.setAttribute('aria-live', 'off');
    list.prepend(...lines);
    markDays(first);
    if (response.headers.get('X-Older') !== '1') link.parentElement?.remove();
    log.scrollTop = log.scrollHeight - fromEnd;
    lines.at(-1)?.focus({ preventScroll: true });
    setTimeout(() => log.setAttribute('aria-live', 'polite'), 500);
  });

  // ---- Beginning.

  async function open() {
    const opening = document.querySelector('form.opening');
    if (!(opening instanceof HTMLFormElement)) return;
    opening.hidden = true;
    const result = await post('/chat/open', { id: one('input[name=id]', HTMLInputElement, opening).value });
    if (result.sent) opening.remove();
    else opening.hidden = false;
  }

  for (const message of unsent()) {
    if (list.querySelector(`[data-post="${CSS.escape(message.id)}"]`)) forget(message);
    else {
      const line = mine(message);
      list.append(line);
      sending = sending.then(() => deliver(message, line));
    }
  }
  field.required = false;
  if (field.value === '') field.value = kept(draftKey);
  followLanguage();
  grow();
  if (chat.dataset.past === undefined) {
    toEnd();
    connect();
    void open();
  }
  chat.classList.add('ready');
}
