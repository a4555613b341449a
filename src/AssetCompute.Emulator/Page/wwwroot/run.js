// Runs requests: uploads a file as a source, keeps rows and JSON in sync, and draws a crop on the picture. The request is one object, which also keeps the fields
// that have no row.
"use strict";

(() => {
  async function upload(file) {
    const response = await fetch(`/emulator/sources?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file, headers: file.type ? { "Content-Type": file.type } : {} });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      throw new Error(answer.error ?? `The emulator returned ${response.status}.`);
    }

    return answer.source;
  }

  function acceptDrops(place, take) {
    place.addEventListener("dragover", (event) => {
      event.preventDefault();
      place.classList.add("over-it");
    });
    place.addEventListener("dragleave", () => place.classList.remove("over-it"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("over-it");
      if (event.dataTransfer.files.length > 0) {
        take(event.dataTransfer.files[0]);
      }
    });
  }

  // --- The empty page ---

  const welcome = document.getElementById("welcome-drop");
  if (welcome) {
    const take = async (file) => {
      try {
        location.href = `/run?source=${await upload(file)}`;
      } catch (error) {
        document.getElementById("welcome-error").textContent = error.message;
      }
    };
    acceptDrops(welcome, take);
    document.getElementById("welcome-file").addEventListener("change", (event) => event.target.files.length > 0 && take(event.target.files[0]));
  }

  const form = document.getElementById("run");
  if (!form) {
    return;
  }

  const [json, list, stage, picture, area, known, url] = ["json", "list", "stage", "picture", "area", "known", "url"].map((id) => document.getElementById(id));
  const template = document.getElementById("rendition");
  let request = { renditions: [] };
  let cropped = -1;

  // --- Rows from the request, and the request from rows ---

  const rendition = (index) => request.renditions[index];

  function valueOf(object, path) {
    return path.split(".").reduce((at, name) => at?.[name], object);
  }

  function setValue(object, path, value) {
    const [name, inner] = path.split(".");
    if (!inner) {
      value === undefined ? delete object[name] : (object[name] = value);
      return;
    }

    const part = typeof object[name] === "object" && object[name] ? object[name] : {};
    value === undefined ? delete part[inner] : (part[inner] = value);
    Object.keys(part).length ? (object[name] = part) : delete object[name];
  }

  function fill(row, item) {
    for (const field of row.querySelectorAll("[data-field]")) {
      const value = valueOf(item, field.dataset.field);
      if (field.type === "checkbox") {
        field.checked = value === true;
      } else if (field !== document.activeElement) {
        field.value = value === undefined || typeof value === "object" ? "" : value;
      }
    }
  }

  function showRows() {
    const items = Array.isArray(request.renditions) ? request.renditions : [];
    while (list.children.length > items.length) {
      list.lastElementChild.remove();
    }

    while (list.children.length < items.length) {
      list.append(template.content.cloneNode(true));
    }

    [...list.children].forEach((row, index) => {
      row.setAttribute("aria-label", `Rendition ${index + 1}`);
      fill(row, items[index] ?? {});
    });
    showCrop();
  }

  function showJson() {
    json.value = JSON.stringify(request, null, 2);
  }

  function changed() {
    showJson();
    showRows();
    check();
  }

  list.addEventListener("input", (event) => {
    const field = event.target.closest("[data-field]");
    if (field) {
      const index = [...list.children].indexOf(field.closest("li"));
      const value = field.type === "checkbox" ? field.checked || undefined : field.value === "" ? undefined : field.type === "number" ? Number(field.value) : field.value;
      setValue(rendition(index), field.dataset.field, value);
      showJson();
      showCrop();
      check();
    }
  });

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) {
      const index = [...list.children].indexOf(button.closest("li"));
      if (button.dataset.do === "remove") {
        request.renditions.splice(index, 1);
        cropped = -1;
        changed();
      } else {
        cropped = index;
        const item = rendition(index);
        const { naturalWidth: width, naturalHeight: height } = picture;
        item.crop ??= { x: Math.round(width / 4), y: Math.round(height / 4), w: Math.round(width / 2), h: Math.round(height / 2) };
        changed();
        area.focus();
      }
    }
  });

  form.addEventListener("click", (event) => {
    const preset = event.target.closest("[data-preset]");
    if (preset) {
      request.renditions = [...(request.renditions ?? []), JSON.parse(preset.dataset.preset)];
      changed();
    }
  });

  json.addEventListener("input", () => {
    try {
      const read = JSON.parse(json.value);
      if (read && typeof read === "object" && !Array.isArray(read)) {
        request = read;
        showRows();
        showSource();
      }
    } catch {
      // The check reports where the JSON is invalid.
    }

    check();
  });

  // --- Errors of the service, next to their fields ---

  let checking = 0;

  function check() {
    clearTimeout(checking);
    checking = setTimeout(async () => {
      const text = json.value;
      const { problems } = await (await fetch("/emulator/run/check", { method: "POST", body: text })).json();
      if (text === json.value) {
        showProblems(problems);
      }
    }, 200);
  }

  function showProblems(problems) {
    form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
    form.querySelectorAll("[data-path], .rendition .error").forEach((place) => { place.textContent = ""; });
    document.getElementById("json-errors").replaceChildren(...problems.map(({ line, message }) =>
      Object.assign(document.createElement("li"), { textContent: `Line ${line}: ${message}` })));
    json.setAttribute("aria-invalid", String(problems.length > 0));
    for (const { path, message } of problems) {
      const [, index, field] = /^renditions\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
      const row = index === undefined ? null : list.children[Number(index)];
      const place = row?.querySelector(".error") ?? form.querySelector(`[data-path="${path.split(/[.[]/)[0]}"]`);
      if (place) {
        place.textContent = message;
      }

      row?.querySelectorAll(`[data-field="${field}"], [data-field^="${field}."]`).forEach((input) => input.setAttribute("aria-invalid", "true"));
    }
  }

  // --- The source ---

  async function take(file) {
    const note = document.getElementById("stage-note");
    try {
      request.source = { kept: await upload(file), name: file.name };
      changed();
      showSource();
    } catch (error) {
      note.textContent = error.message;
    }
  }

  function showSource() {
    const source = request.source ?? {};
    const address = source.kept ? `/emulator/files/${encodeURIComponent(source.kept)}/source` : "";
    url.value = source.kept ? "" : typeof source === "string" ? source : source.url ?? "";
    known.value = [...known.options].some((option) => option.value === source.kept) ? source.kept : "";
    document.getElementById("credit").hidden = source.kept !== "photograph";
    if (picture.dataset.address !== address) {
      picture.dataset.address = address;
      stage.hidden = true;
      document.getElementById("stage-note").textContent = address ? source.name ?? "" : url.value ? "A URL is fetched when it runs." : "Drop a file here, or choose one.";
      if (address) {
        picture.src = address;
      }
    }
  }

  picture.addEventListener("load", () => {
    stage.hidden = false;
    document.getElementById("stage-note").textContent = `${request.source?.name ?? ""} – ${picture.naturalWidth} × ${picture.naturalHeight} pixels`;
    showCrop();
  });

  // A file that browsers cannot show, such as a PDF or TIFF, has a small preview. A crop cannot be drawn on it in the source's pixels.
  picture.addEventListener("error", () => {
    document.getElementById("stage-note").textContent = `${request.source?.name ?? "The file"} has no picture in a browser; enter the crop as numbers.`;
  });

  acceptDrops(document.getElementById("drop"), take);
  document.getElementById("file").addEventListener("change", (event) => event.target.files.length > 0 && take(event.target.files[0]));
  known.addEventListener("change", () => {
    if (known.value) {
      request.source = { kept: known.value, name: known.value === "photograph" ? "photograph.jpg" : known.selectedOptions[0].textContent };
      changed();
      showSource();
    }
  });
  url.addEventListener("change", () => {
    request.source = { ...(typeof request.source === "object" && !request.source?.kept ? request.source : {}), url: url.value };
    changed();
    showSource();
  });

  // --- The crop, in pixels of the source ---

  function showCrop() {
    const crop = rendition(cropped)?.crop;
    area.hidden = !crop || stage.hidden || !picture.naturalWidth;
    if (area.hidden) {
      return;
    }

    area.setAttribute("aria-label", `Crop of rendition ${cropped + 1}: ${crop.w} × ${crop.h} at ${crop.x}, ${crop.y}. Arrow keys move it, with Shift they change its size.`);
    for (const [side, value, whole] of [["left", crop.x, picture.naturalWidth], ["top", crop.y, picture.naturalHeight], ["width", crop.w, picture.naturalWidth], ["height", crop.h, picture.naturalHeight]]) {
      area.style[side] = `${(100 * (value ?? 0)) / whole}%`;
    }
  }

  function setCrop(x, y, w, h) {
    const { naturalWidth: width, naturalHeight: height } = picture;
    const within = (value, most) => Math.round(Math.min(Math.max(value, 0), most));
    const [left, top] = [within(x, width - 1), within(y, height - 1)];
    rendition(cropped).crop = { ...rendition(cropped).crop, x: left, y: top, w: Math.max(1, within(w, width - left)), h: Math.max(1, within(h, height - top)) };
    changed();
  }

  const placeOf = (event) => {
    const box = picture.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * picture.naturalWidth, ((event.clientY - box.top) / box.height) * picture.naturalHeight];
  };

  stage.addEventListener("pointerdown", (event) => {
    if (!rendition(cropped) || event.button !== 0) {
      return;
    }

    event.preventDefault();
    const [startX, startY] = placeOf(event);
    const { x, y, w, h } = rendition(cropped).crop ?? { x: 0, y: 0, w: 1, h: 1 };
    const isMoving = event.target === area;
    stage.setPointerCapture(event.pointerId);
    const move = (moved) => {
      const [atX, atY] = placeOf(moved);
      isMoving ? setCrop(Math.min(x + atX - startX, picture.naturalWidth - w), Math.min(y + atY - startY, picture.naturalHeight - h), w, h)
        : setCrop(Math.min(startX, atX), Math.min(startY, atY), Math.abs(atX - startX), Math.abs(atY - startY));
    };
    stage.addEventListener("pointermove", move);
    stage.addEventListener("pointerup", () => stage.removeEventListener("pointermove", move), { once: true });
  });

  area.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step) {
      event.preventDefault();
      const by = Math.max(1, Math.round(picture.naturalWidth / 100));
      const { x, y, w, h } = rendition(cropped).crop;
      event.shiftKey ? setCrop(x, y, w + step[0] * by, h + step[1] * by)
        : setCrop(Math.min(x + step[0] * by, picture.naturalWidth - w), Math.min(y + step[1] * by, picture.naturalHeight - h), w, h);
      area.focus();
    }
  });

  // --- Run ---

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = document.getElementById("run-error");
    problem.textContent = "";
    const response = await fetch("/emulator/run", { method: "POST", body: json.value });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) {
      location.href = `/jobs/${answer.job}`;
    } else {
      problem.textContent = answer.error ?? `The emulator returned ${response.status}.`;
    }
  });

  request = JSON.parse(json.value);
  if (request.renditions.length === 0) {
    request.renditions = [...form.querySelectorAll("[data-preset]")].slice(0, 2).map((button) => JSON.parse(button.dataset.preset));
  }

  changed();
  showSource();
})();
