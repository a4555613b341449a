const names = ["thumbnail.png", "card.jpg", "web.webp", "light.jpg"];
const drop = document.getElementById("drop");
const input = document.getElementById("file");
const number = new Intl.NumberFormat("en");

const shown = new URLSearchParams(location.hash.slice(1));
if (shown.has("id")) {
  follow(addCard(shown.get("name") ?? "Photograph"), shown.get("id"));
}

input.addEventListener("change", () => upload([...input.files]));
for (const type of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(type, event => {
    event.preventDefault();
    drop.classList.toggle("over", type === "dragover");
    if (type === "drop") {
      upload([...event.dataTransfer.files]);
    }
  });
}

function upload(files) {
  input.value = "";
  files.forEach(render);
}

async function render(file) {
  const card = addCard(file.name);
  try {
    const response = await fetch(`/photographs?name=${encodeURIComponent(file.name)}`, {
      method: "POST",
      headers: { "content-type": file.type || "application/octet-stream" },
      body: file,
    });
    // The server or a proxy in front of it can reject an upload. A proxy returns an empty response or an HTML page.
    const isJson = /^application\/([a-z.]+\+)?json/.test(response.headers.get("content-type") ?? "");
    const answer = isJson ? await response.json() : {};
    if (!response.ok) {
      throw new Error(answer.detail ?? `The server answered ${`${response.status} ${response.statusText}`.trim()}.`);
    }

    // A reload shows the photograph again.
    history.replaceState(null, "", `#${new URLSearchParams({ id: answer.id, name: file.name })}`);
    follow(card, answer.id);
  } catch (error) {
    card.fail(error.message);
  }
}

/** Shows the events of a photograph as they come. */
function follow(card, id) {
  const events = new EventSource(`/photographs/${id}/events`);
  let rendered = 0;
  let failed = 0;
  events.onopen = () => {
    // The server sends all events again on each connection, including reconnections.
    rendered = 0;
    failed = 0;
  };
  events.onerror = () => {
    // The browser reconnects automatically, unless the server does not have the photograph.
    if (events.readyState === EventSource.CLOSED) {
      card.fail("The photograph is no longer available.");
    }
  };
  events.onmessage = message => {
    const event = JSON.parse(message.data);
    switch (event.kind) {
      case "uploading":
        card.say("Storing the photograph …", event.totalBytes ? 0.3 * event.bytes / event.totalBytes : 0.1);
        break;
      case "rendered":
        rendered++;
        card.mark(event.name, "rendered");
        card.say(`Rendering … ${rendered} of ${names.length}`, 0.3 + 0.6 * rendered / names.length);
        break;
      case "file":
        card.show(event, `/photographs/${id}/${event.name}`);
        break;
      case "failed":
        failed++;
        if (event.name) {
          card.mark(event.name, event.why, true);
        } else {
          card.fail(event.why);
        }
        break;
      case "done":
        events.close();
        card.finish(failed);
        break;
    }
  };
}

function addCard(title) {
  const card = document.getElementById("job").content.cloneNode(true).firstElementChild;
  const state = card.querySelector(".state");
  const bar = card.querySelector("progress");
  const items = new Map(names.map(name => [name, addItem(card.querySelector("ul"), name)]));
  card.querySelector("h2").textContent = title;
  state.textContent = "Uploading …";
  document.getElementById("jobs").prepend(card);
  return {
    say(text, share) {
      state.textContent = text;
      bar.value = share;
    },
    mark(name, text, isFailure = false) {
      const item = items.get(name);
      item.querySelector("span").textContent = text;
      item.classList.toggle("failed", isFailure);
      item.querySelector(".picture").textContent = isFailure ? "✗" : "✓";
    },
    show(event, url) {
      const item = items.get(event.name);
      const picture = Object.assign(document.createElement("img"), { src: url, alt: `${event.name} of ${title}` });
      const link = Object.assign(document.createElement("a"), { href: url, textContent: event.name, download: event.name });
      item.querySelector(".picture").replaceChildren(picture);
      item.querySelector("b").replaceChildren(link);
      item.querySelector("span").textContent = `${event.width}×${event.height}, ${number.format(event.bytes)} bytes`;
    },
    fail(text) {
      card.classList.add("done");
      state.classList.add("failed");
      state.textContent = text;
    },
    finish(failures) {
      card.classList.add("done");
      if (!state.classList.contains("failed")) {
        state.textContent = failures === 0 ? "All renditions are ready." : `${failures} of ${names.length} failed.`;
      }
    },
  };
}

function addItem(list, name) {
  const item = document.createElement("li");
  item.innerHTML = '<div class="picture">…</div><p><b></b><span>waiting</span></p>';
  item.querySelector("b").textContent = name;
  list.append(item);
  return item;
}
