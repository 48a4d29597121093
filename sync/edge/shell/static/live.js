// Makes pages livelier; every page works without it.
//   <a data-panel="#drill">         the link's page is fetched, and its part #drill takes the place of ours
//   <form data-panel="#drill">      the same for a form, sent by its own method
//   <body> … [data-stream="/events"] an event stream; at each `changed`, the parts marked [data-live] are fetched anew
// A part is found by its id in the page that the server sends anyway: there is no second way to draw it.

let shown = location.pathname + location.search;  // the address of what stands on the page

const FIRST_WAIT = 1000, LONGEST_WAIT = 30000;  // milliseconds between two tries to reach the stream

async function page(address, options = {}) {
  const answer = await fetch(address, {credentials: "same-origin", headers: {"X-Part": "yes"}, ...options});
  const text = await answer.text();
  return {answer, document: new DOMParser().parseFromString(text, "text/html")};
}

function swap(id, from) {
  const ours = document.getElementById(id), theirs = from.getElementById(id);
  if (!ours || !theirs) return null;
  keepOpen(ours, theirs);
  const made = document.importNode(theirs, true);
  ours.replaceWith(made);
  return made;
}

// What the reader had unfolded stays unfolded.
function keepOpen(ours, theirs) {
  const mine = ours.querySelectorAll("details"), new_ = theirs.querySelectorAll("details");
  mine.forEach((each, at) => { if (each.open && new_[at]) new_[at].open = true; });
}

function show(id, got, remember) {
  const made = swap(id, got.document);
  if (!made) { location.assign(got.answer.url); return; }
  if (remember) {
    history.pushState({panel: id}, "", got.answer.url);
    shown = location.pathname + location.search;
  }
  const title = got.document.querySelector("title");
  if (title) document.title = title.textContent;
  if (!made.hasAttribute("tabindex")) made.setAttribute("tabindex", "-1");
  made.focus({preventScroll: true});
}

function panelOf(element) {
  const named = element?.getAttribute("data-panel");
  return named && document.querySelector(named) ? named.slice(1) : null;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-panel]"), id = panelOf(link);
  if (!id || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try { show(id, await page(link.href), true); } catch { location.assign(link.href); }
});

document.addEventListener("submit", async (event) => {
  const form = event.target, id = panelOf(form);
  if (!id || event.defaultPrevented) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter), address = new URL(form.action), sent = {method: form.method};
  if (form.method === "get") address.search = new URLSearchParams(data);
  else sent.body = new URLSearchParams(data);
  event.submitter?.setAttribute("disabled", "");
  try {
    const got = await page(address, sent);
    if (got.answer.redirected) { location.assign(got.answer.url); return; }
    show(id, got, form.method === "get");
  } catch {
    event.submitter?.removeAttribute("disabled");
    form.removeAttribute("data-panel");
    form.requestSubmit(event.submitter);
  }
});

// A step to another place of the same page is one as well, and must not fetch the page anew: the reader's place would be lost.
addEventListener("popstate", () => { if (location.pathname + location.search !== shown) location.reload(); });

// ── the stream ──

let wait = FIRST_WAIT, refreshing = false, again = false;

function follow(element) {
  const stream = new EventSource(element.getAttribute("data-stream"));
  stream.addEventListener("open", () => { wait = FIRST_WAIT; say("live"); });
  stream.addEventListener("changed", refresh);
  stream.addEventListener("error", () => {
    say("away");
    if (stream.readyState !== EventSource.CLOSED) return;  // the browser comes back by itself, with Last-Event-ID
    setTimeout(() => follow(element), wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  });
  addEventListener("pagehide", () => stream.close(), {once: true});
}

function say(state) {
  document.documentElement.setAttribute("data-stream-state", state);
}

async function refresh() {
  again = refreshing;  // told while a page is on its way, it is fetched once more afterwards
  if (refreshing) return;
  refreshing = true;
  try {
    const got = await page(location.href, {headers: {"X-Part": "yes", "X-Again": "yes"}});  // nobody asked: no session is used
    if (got.answer.ok) for (const each of document.querySelectorAll("[data-live][id]")) {
      if (!each.contains(document.activeElement) || document.activeElement === document.body) mark(swap(each.id, got.document), each);
      else keepFocus(each.id, got.document);
    }
  } finally {
    refreshing = false;
    if (again) refresh();
  }
}

// A reader who stands on a link inside the part stands on the same link afterwards.
function keepFocus(id, from) {
  const at = document.activeElement.getAttribute("href"), old = document.getElementById(id), made = swap(id, from);
  mark(made, old);
  if (at) made?.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus({preventScroll: true});
}

// What changed is shown for a moment: the style sheet lets the mark fade.
function mark(made, old) {
  const before = new Map([...old.querySelectorAll("[data-key]")].map((each) => [each.dataset.key, each.textContent]));
  for (const each of made?.querySelectorAll("[data-key]") ?? []) {
    if (before.has(each.dataset.key) && before.get(each.dataset.key) !== each.textContent) each.classList.add("moved");
  }
}

for (const element of document.querySelectorAll("[data-stream]")) follow(element);
