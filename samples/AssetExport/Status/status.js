// Keeps the page live: requests it every two seconds and replaces what changed. It waits while you select text or press a button.
"use strict";

const live = document.getElementById("live");
const message = document.getElementById("message");
let tag = "";
let isBusy = false;
let isPressed = false;

document.addEventListener("pointerdown", () => { isPressed = true; });
document.addEventListener("pointerup", () => { isPressed = false; });
document.addEventListener("pointercancel", () => { isPressed = false; });
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, 2000);
refresh();

function isHeld() {
  return isPressed || !document.getSelection().isCollapsed;
}

async function refresh() {
  if (isBusy || document.hidden || isHeld()) {
    return;
  }

  isBusy = true;
  try {
    const response = await fetch(location.href, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
    if (response.status !== 304 && (response.ok || response.status === 404)) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!isHeld()) {
        tag = response.headers.get("ETag") ?? "";
        page.querySelectorAll("[data-live]").forEach(put);
      }
    }

    const isOn = response.ok || response.status === 304 || response.status === 404;
    live.textContent = isOn ? "Live" : `Error ${response.status}`;
    live.className = isOn ? "live on" : "live off";
  } catch {
    live.textContent = "Not connected";
    live.className = "live off";
  } finally {
    isBusy = false;
  }
}

// Keeps the focus on the link or button with the same name.
function put(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old || old.isEqualNode(fresh)) {
    return;
  }

  const focused = old.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  old.replaceWith(fresh);
  if (focused) {
    const again = [...fresh.querySelectorAll("a, button")].find((element) => nameOf(element) === focused);
    (again ?? document.getElementById("main")).focus({ preventScroll: true });
  }
}

function nameOf(element) {
  return element.getAttribute("aria-label") ?? element.getAttribute("href") ?? element.textContent;
}

// Handles buttons without leaving the page.
document.addEventListener("submit", async (event) => {
  if (event.target.method !== "post") {
    return;
  }

  event.preventDefault();
  const what = event.submitter.getAttribute("aria-label");
  try {
    const response = await fetch(event.target.action, { method: "POST", redirect: "manual" });
    message.textContent = response.type === "opaqueredirect" ? `Done. ${what}` : await response.text();
    message.classList.toggle("bad", response.type !== "opaqueredirect");
  } catch {
    message.textContent = "The application doesn't answer.";
    message.classList.add("bad");
  }

  message.hidden = false;
  await refresh();
});
