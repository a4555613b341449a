// Keeps the page live: the server names the sections that changed, and each is fetched and put in the old one's place. What the
// reader has opened stays open, and the focus stays where it was.
"use strict";

const live = document.getElementById("live");
const source = new EventSource("/emulator/live");

source.onopen = () => {
  live.textContent = "Live";
  live.className = "on";
  refreshAll();
};
source.onerror = () => {
  live.textContent = "Not connected";
  live.className = "off";
};
source.onmessage = (message) => message.data.split(" ").forEach(refresh);

// What has left the storage has no picture any more. Errors of pictures do not bubble, so they are caught on their way down.
document.addEventListener("error", (error) => {
  if (error.target.matches(".picture img")) {
    const removed = document.createElement("span");
    removed.className = "format";
    removed.textContent = "removed";
    error.target.replaceWith(removed);
  }
}, true);

function refreshAll() {
  document.querySelectorAll("main section").forEach((section) => refresh(section.id));
}

// A form that is being filled in is not taken from under the reader's hands.
function isBeingFilledIn(content) {
  return content.contains(document.activeElement) && document.activeElement.matches("input, select");
}

async function refresh(id) {
  const content = document.querySelector(`#${CSS.escape(id)} .content`);
  if (!content || isBeingFilledIn(content)) {
    return;
  }

  const response = await fetch(`/emulator/sections/${encodeURIComponent(id)}`);
  if (!response.ok) {
    return;
  }

  const html = await response.text();
  if (isBeingFilledIn(content)) {
    return;
  }

  const open = new Set([...content.querySelectorAll("details[open]")].map((details) => details.dataset.key));
  const focused = content.contains(document.activeElement) ? document.activeElement.closest("details")?.dataset.key : undefined;
  const onSummary = document.activeElement?.matches("summary");

  content.innerHTML = html;
  for (const details of content.querySelectorAll("details")) {
    details.open = open.has(details.dataset.key);
    if (details.dataset.key === focused) {
      details.querySelector(onSummary ? "summary" : "pre").focus({ preventScroll: true });
    }
  }
}
