// Keeps a view live and its controls working. The server renders each view as a whole. This script replaces what changed, and keeps what the reader uses: the focus,
// text that is being typed or selected, opened rows, a list under the pointer.
"use strict";

const main = document.getElementById("main");
const live = document.getElementById("live");

// --- Replace what changed ---

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.dataset.key || node.id || "" : "");

function isAlike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

function morph(old, fresh) {
  if (old.isEqualNode(fresh) || old.dataset?.keep !== undefined) {
    return;
  }

  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }

  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) {
      old.removeAttribute(name);
    }
  }

  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }

  morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  const keyed = new Map([...old.children].filter(keyOf).map((child) => [keyOf(child), child]));
  let at = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const known = keyOf(wanted) ? keyed.get(keyOf(wanted)) : at && !keyOf(at) && isAlike(at, wanted) ? at : null;
    if (!known) {
      old.insertBefore(document.importNode(wanted, true), at);
      continue;
    }

    if (known === at) {
      at = at.nextSibling;
    } else {
      old.insertBefore(known, at);
    }

    morph(known, wanted);
  }

  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

// --- Fetch a view again when its content changed ---

let lastPointer = 0;
let isFetching = false;
let isAgain = false;
let timer = 0;

document.addEventListener("pointermove", (event) => {
  if (event.target.closest?.("[data-hold]")) {
    lastPointer = performance.now();
  }
});

// Rows must not move under the pointer, and selected text must not be replaced.
function isHeld() {
  const selection = document.getSelection();
  return performance.now() - lastPointer < 1000 || (selection && !selection.isCollapsed && main.contains(selection.anchorNode));
}

function refreshIn(delay) {
  if (!timer) {
    timer = setTimeout(() => {
      timer = 0;
      isHeld() ? refreshIn(300) : refresh();
    }, delay);
  }
}

async function refresh() {
  if (isFetching) {
    isAgain = true;
    return;
  }

  isFetching = true;
  try {
    do {
      isAgain = false;
      const address = location.href;
      const response = await fetch(address, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (address === location.href && page.getElementById("main")) {
        document.title = page.title;
        morph(document.querySelector(".tabs"), page.querySelector(".tabs"));
        morph(main, page.getElementById("main"));
        document.dispatchEvent(new Event("renewed"));
      }
    } while (isAgain);
  } catch {
    // The emulator is not reachable. The connection for changes shows this, and renews the view when it is back.
  } finally {
    isFetching = false;
  }
}

const changes = new EventSource("/emulator/live");

changes.onopen = () => {
  live.textContent = "Live";
  live.className = "live on";
  refresh();
};
changes.onerror = () => {
  live.textContent = "Not connected";
  live.className = "live off";
};
changes.onmessage = (message) => {
  const shown = main.dataset.live.split(" ");
  refreshIn(message.data.split(" ").some((part) => shown.includes(part)) ? 0 : 2000);
};

// --- Addresses within a view: filters, search, more ---

function go(address, isNew) {
  if (address !== location.pathname + location.search) {
    history[isNew ? "pushState" : "replaceState"](null, "", address);
  }

  refresh();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-soft]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    go(link.getAttribute("href"), true);
  }
});

window.addEventListener("popstate", () => {
  const search = document.querySelector("form[data-soft] input[type=search]");
  if (search) {
    search.value = new URLSearchParams(location.search).get("q") ?? "";
  }

  refresh();
});

let typing = 0;

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-soft]");
  if (form) {
    clearTimeout(typing);
    typing = setTimeout(() => search(form), 150);
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-soft]");
  if (form) {
    event.preventDefault();
    search(form);
  }
});

function search(form) {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  go(form.getAttribute("action") + (query.size ? `?${query}` : ""), false);
}

// --- Controls that send a request: data-call="DELETE /emulator/jobs" ---

async function call(text, body) {
  const [method, address] = text.split(" ");
  const response = await fetch(address, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(answer.error ?? `The emulator returned ${response.status}.`);
  }

  return answer;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-call]");
  if (button) {
    button.disabled = true;
    try {
      await call(button.dataset.call);
      await refresh();
    } finally {
      button.disabled = false;
    }
  }
});

// --- Rows that load their content when they are opened ---

document.addEventListener("toggle", async (event) => {
  const details = event.target;
  const place = details.dataset?.load && details.open && details.querySelector(":scope > .loaded:empty");
  if (place) {
    const response = await fetch(details.dataset.load);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    place.replaceChildren(...(page.querySelector("main .detail") ?? page.querySelector("main .empty")).children);
  }
}, true);

// --- Faults: the form's fields are the members of the JSON script ---

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-fault]");
  if (!form) {
    return;
  }

  event.preventDefault();
  const fault = {};
  for (const field of form.querySelectorAll("[name]")) {
    if (field.value !== "") {
      Object.assign(fault, field.dataset.json !== undefined ? JSON.parse(field.value) : { [field.name]: field.type === "number" ? Number(field.value) : field.value });
    }
  }

  const problem = form.querySelector(".error");
  problem.textContent = "";
  try {
    await call("POST /emulator/faults", { [form.dataset.fault]: [fault] });
    await refresh();
  } catch (error) {
    problem.textContent = error.message;
  }
});

// --- Copies ---

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) {
    return;
  }

  const text = document.querySelector(button.dataset.copy).textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers provide a clipboard only on loopback addresses and https.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  const title = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = title; }, 1500);
});

// --- Compare: one slider over both pictures ---

function cover(range) {
  range.closest(".compare").querySelector(".over").style.clipPath = `inset(0 ${100 - range.value}% 0 0)`;
}

document.addEventListener("input", (event) => event.target.matches(".compare input[type=range]") && cover(event.target));

function coverAll() {
  document.querySelectorAll(".compare:not(.beside) input[type=range]").forEach(cover);
}

document.addEventListener("renewed", coverAll);
coverAll();

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-sides]");
  if (button) {
    const compare = button.closest("section").querySelector(".compare");
    const isBeside = compare.classList.toggle("beside");
    button.textContent = isBeside ? "One over the other" : "Side by side";
    isBeside ? (compare.querySelector(".over").style.clipPath = "") : coverAll();
  }
});

// --- Embedded metadata, read on demand ---

document.addEventListener("toggle", async (event) => {
  const place = event.target.open && event.target.dataset?.metadata && event.target.querySelector(":scope > .sides:empty");
  if (!place) {
    return;
  }

  const titles = ["Source", "Rendition"];
  for (const [index, address] of event.target.dataset.metadata.split(" ").entries()) {
    const { metadata } = await (await fetch(address)).json();
    const side = document.createElement("div");
    side.append(Object.assign(document.createElement("h3"), { textContent: titles[index] }));
    const list = Object.assign(document.createElement("dl"), { className: "pairs" });
    for (const { name, value } of metadata ?? []) {
      list.append(Object.assign(document.createElement("dt"), { textContent: name }), Object.assign(document.createElement("dd"), { textContent: value }));
    }

    side.append(metadata?.length ? list : Object.assign(document.createElement("p"), { className: "quiet small", textContent: "None, or not kept." }));
    place.append(side);
  }
}, true);
