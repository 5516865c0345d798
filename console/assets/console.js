// Small comforts on top of pages that work without them.

document.addEventListener('submit', (event) => {
  const form = event.target;
  const question = form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  // A second press while the first is under way would only repeat it.
  const button = event.submitter;
  if (button && form.method === 'post' && !form.hasAttribute('hx-post')) {
    setTimeout(() => button.setAttribute('disabled', ''), 0);
    setTimeout(() => button.removeAttribute('disabled'), 8000);
  }
});

// Coming back with the browser's button shows the page as it was left: buttons are usable again.
window.addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('button[disabled][type=submit]')) button.disabled = false;
});

// Long lists of choices: typing narrows them, diacritics optional.
const fold = (text) => text.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ł', 'l');
document.addEventListener('input', (event) => {
  const list = event.target.dataset?.filters && document.getElementById(event.target.dataset.filters);
  if (!list) return;
  const wanted = fold(event.target.value.trim());
  for (const item of list.children) item.hidden = !fold(item.textContent).includes(wanted);
});

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.dataset.copied = '';
  const status = document.getElementById(button.getAttribute('aria-describedby'));
  if (status) status.textContent = button.dataset.done;
});

// Fields that matter only with a certain choice.
const arrange = () => {
  for (const part of document.querySelectorAll('[data-when]')) {
    const [name, value] = part.dataset.when.split('=');
    const chosen = document.querySelector(`[name="${name}"]:checked`);
    part.hidden = chosen?.value !== value;
  }
};
document.addEventListener('change', arrange);

// What was typed into a form marked so is there again after going back or reloading, in this tab, until signing out.
const keptAs = (form) => `typed ${form.getAttribute('action')}`;
const keep = (form) => {
  const typed = [...new FormData(form)].filter(([, value]) => typeof value === 'string');
  sessionStorage.setItem(keptAs(form), JSON.stringify(typed));
};
const refill = (form) => {
  const typed = JSON.parse(sessionStorage.getItem(keptAs(form)) ?? '[]');
  const given = (field) => typed.filter(([name]) => name === field.name).map(([, value]) => value);
  if (typed.length === 0) return;
  for (const field of form.elements) {
    if (['checkbox', 'radio'].includes(field.type)) field.checked = given(field).includes(field.value);
    else if (!['file', 'hidden'].includes(field.type)) field.value = given(field)[0] ?? field.value;
  }
  for (const fold of form.querySelectorAll('details')) {
    const used = (field) => (field.type === 'checkbox' ? field.checked : field.name && field.value);
    fold.open ||= [...fold.querySelectorAll('input')].some(used);
  }
};
for (const kind of ['input', 'change']) {
  document.addEventListener(kind, ({ target }) => {
    if (target.form?.dataset.keep !== undefined) keep(target.form);
  });
}
document.addEventListener('submit', ({ target }) => {
  if (target.getAttribute('action') === '/sign-out') sessionStorage.clear();
});

// A live page that no longer hears of changes says so, until it does again. Most losses are over before anybody need know.
let silence = 0;
const sayLost = (what) => {
  for (const note of document.querySelectorAll('[data-lost]')) note.hidden = note.dataset.lost !== what;
};
document.addEventListener('htmx:sse:error', ({ detail }) => {
  const what = detail.status === 401 ? 'session' : 'connection';
  clearTimeout(silence);
  silence = setTimeout(sayLost, what === 'session' ? 0 : 3000, what);
});
document.addEventListener('htmx:sse:after:connection', () => {
  clearTimeout(silence);
  sayLost(null);
});

document.addEventListener('DOMContentLoaded', () => {
  const [{ type }] = performance.getEntriesByType('navigation');
  const again = type === 'back_forward' || type === 'reload';
  document.querySelectorAll('form[data-keep]').forEach(again ? refill : keep);
  arrange();
  document.documentElement.dataset.scripts = '';
  document.getElementById('form-error')?.focus();
});
