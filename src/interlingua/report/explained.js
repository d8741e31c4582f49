// Curves over layers: choose a language in all figures at once, walk the layers by pointer or arrow keys.
const element = (tag, words, attributes = {}) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(words ?? "");
  return made;
};
const labelled = (words, control) => {
  const label = element("label", words);
  label.append(control);
  return label;
};
const options = (select, pairs) => select.append(...pairs.map(([value, words]) => element("option", words, { value })));

const layered = [...document.querySelectorAll(".layered")].map((box) => {
  const drawings = [...box.querySelectorAll("svg.figure")];
  const table = box.querySelector("table.tall");
  const bodies = [...table.tBodies];
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells].map((cell) => cell.textContent.trim());
  const groups = table.tHead.rows.length > 1
    ? [...table.tHead.rows[0].cells].flatMap((cell) => Array(cell.colSpan).fill(cell.textContent.trim())) : heads.map(() => "");
  const readout = element("p", "", { class: "readout", role: "status" });
  box.querySelector("figure").append(readout);
  let select = null;
  let layer = null;
  const body = () => bodies.find((each) => !each.hidden);
  const show = (key) => {
    if (!bodies.some((each) => each.dataset.key === key)) return;
    bodies.forEach((each) => { each.hidden = each.dataset.key !== key; });
    for (const group of box.querySelectorAll("g[data-key]")) group.toggleAttribute("hidden", group.dataset.key !== key);
    if (select) select.value = key;
    if (layer !== null) tell(layer);
  };
  const tell = (wanted) => {
    const rows = [...body().rows].slice(1);
    const row = rows.reduce((best, each) =>
      Math.abs(each.cells[0].textContent - wanted) < Math.abs(best.cells[0].textContent - wanted) ? each : best);
    layer = Number(row.cells[0].textContent);
    for (const plot of box.querySelectorAll("g.plot")) {
      const { left, right, low, high } = plot.dataset;
      const x = Number(left) + (layer - low) / (high - low) * (right - left);
      const cross = plot.querySelector(".cross");
      cross.setAttribute("x1", x);
      cross.setAttribute("x2", x);
    }
    drawings.forEach((drawing) => drawing.classList.add("walked"));
    const told = new Map();
    [...row.cells].slice(1).forEach((cell, place) => {
      const group = groups[place + 1];
      told.set(group, [...(told.get(group) ?? []), [heads[place + 1], cell.textContent.trim()]]);
    });
    const parts = [element("b", `Layer ${layer}`)];
    for (const [group, cells] of told) {
      const plain = cells.length === 3 && cells[0][0] === "mean";
      const words = plain
        ? cells[0][1] + (cells[1][1] === "–" ? "" : ` (${cells[1][1]} to ${cells[2][1]})`)
        : cells.map(([head, value]) => `${head} ${value}`).join(", ");
      if (cells.some(([, value]) => value !== "–")) parts.push(` · ${group ? `${group}: ` : ""}${words}`);
    }
    readout.replaceChildren(...parts);
  };
  if (bodies.length > 1) {
    select = element("select");
    options(select, bodies.map((each) => [each.dataset.key, each.rows[0].cells[0].textContent.trim()]));
    select.addEventListener("change", () => layered.forEach((other) => other.show(select.value)));
    const choose = element("div", "", { class: "choose" });
    choose.append(labelled("Language", select));
    box.prepend(choose);
    show(bodies[0].dataset.key);
  }
  for (const drawing of drawings) {
    drawing.setAttribute("tabindex", "0");
    drawing.addEventListener("pointermove", (event) => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
      const plots = [...drawing.querySelectorAll("g.plot")].map((plot) => Object.fromEntries(
        ["left", "right", "low", "high"].map((name) => [name, Number(plot.dataset[name])])));
      const plot = plots.find(({ left, right }) => at.x >= left - 14 && at.x <= right + 14);
      if (plot) tell(plot.low + (at.x - plot.left) / (plot.right - plot.left) * (plot.high - plot.low));
    });
    drawing.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const known = [...body().rows].slice(1).map((row) => Number(row.cells[0].textContent));
      const place = layer === null ? 0 : known.indexOf(layer) + step;
      tell(known[Math.min(Math.max(place, 0), known.length - 1)]);
    });
  }
  return { show };
});

// Planes: one frame per layer and side; points glide from frame to frame.
for (const figure of document.querySelectorAll(".planes")) {
  const data = JSON.parse(figure.nextElementSibling.textContent);
  const drawings = [...figure.querySelectorAll("svg.plane")];
  const plots = figure.querySelector(".plots");
  const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const value = Object.fromEntries([...signs].map((sign, place) => [sign, place]));
  const [size, edge] = [440, 18];
  const unpacked = (text) => {
    const places = new Float32Array(text.length / 3 * 2);
    for (let n = 0; n < text.length / 3; n += 1) {
      const both = 4096 * value[text[3 * n]] + 64 * value[text[3 * n + 1]] + value[text[3 * n + 2]];
      places[2 * n] = edge + Math.floor(both / 512) / 511 * (size - 2 * edge);
      places[2 * n + 1] = edge + 10 + both % 512 / 511 * (size - 2 * edge);
    }
    return places;
  };
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const states = drawings.map((drawing) => ({ drawing, now: null, turn: 0 }));
  const draw = (state, places) => {
    data.codes.forEach((code, rank) => {
      const marks = state.drawing.querySelector(`.lang[data-code="${CSS.escape(code)}"] .marks`);
      if (!marks) return;
      const own = places[rank];
      let path = "";
      for (let n = 0; n < own.length; n += 2) path += `M${own[n].toFixed(1)} ${own[n + 1].toFixed(1)}${data.shapes[rank]}`;
      marks.setAttribute("d", path);
    });
    state.now = places;
  };
  const settle = (state, side, layer) => {
    const frame = data.frames[layer][side];
    const before = data.frames[layer].before;
    data.codes.forEach((code, rank) => {
      const group = state.drawing.querySelector(`.lang[data-code="${CSS.escape(code)}"]`);
      const label = state.drawing.querySelector(`.label[data-code="${CSS.escape(code)}"]`);
      if (!group) return;
      const [from, to, spot] = [before?.middles[rank], frame.middles[rank], frame.labels[rank]];
      const moved = side === "after" && from && to;
      group.querySelector(".trail").setAttribute("d", moved ? `M${from[0]} ${from[1]}L${to[0]} ${to[1]}` : "");
      const [x, y] = spot ?? to ?? [0, 0];
      label.setAttribute("x", x);
      label.setAttribute("y", y);
      label.classList.toggle("crowded", !spot);
    });
    const [across, up] = data.axes[layer];
    state.drawing.querySelector(".across").textContent = across;
    state.drawing.querySelector(".up").textContent = up;
    state.drawing.querySelector("text.strong").textContent = data.titles[layer][side];
    state.drawing.setAttribute("aria-label", `Principal components, layer ${data.layers[layer]}, ${side}`);
  };
  const move = (state, side, layer) => {
    const target = data.frames[layer][side].points.map(unpacked);
    const start = state.now;
    const turn = state.turn += 1;
    settle(state, side, layer);
    if (still.matches || !start || start.some((own, rank) => own.length !== target[rank].length)) return draw(state, target);
    const began = performance.now();
    const step = (time) => {
      if (turn !== state.turn) return;
      const part = Math.min((time - began) / 450, 1);
      const eased = part * part * (3 - 2 * part);
      draw(state, part === 1 ? target : start.map((own, rank) => own.map((from, n) => from + (target[rank][n] - from) * eased)));
      if (part < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  };
  let [view, layer] = ["both", data.chosen];
  const caption = figure.querySelector("figcaption");
  const words = caption.textContent.replace(/^Layer \S+ of \S+\. /, "");
  const show = () => {
    drawings.forEach((drawing, place) => {
      const side = view === "both" ? data.sides[place] : view;
      drawing.toggleAttribute("hidden", view !== "both" && place > 0);
      move(states[place], side, layer);
    });
    plots.dataset.count = view === "both" ? drawings.length : 1;
    caption.textContent = `Layer ${data.layers[layer]} of ${data.layers[data.layers.length - 1]}. ${words}`;
  };
  const choose = figure.querySelector(".choose");
  if (data.sides.length > 1) {
    const sides = element("div", "", { class: "sides", role: "radiogroup", "aria-label": "Model" });
    for (const side of ["both", ...data.sides]) {
      const radio = element("input", "", { type: "radio", name: "plane-side", value: side });
      radio.checked = side === view;
      radio.addEventListener("change", () => { view = side; show(); });
      const label = element("label", side[0].toUpperCase() + side.slice(1));
      label.prepend(radio);
      sides.append(label);
    }
    choose.append(sides);
  }
  if (data.layers.length > 1) {
    const slider = element("input", "", { type: "range", min: 0, max: data.layers.length - 1, step: 1, value: data.chosen });
    const output = element("output", data.layers[layer]);
    const name = () => {
      output.textContent = data.layers[layer];
      slider.setAttribute("aria-valuetext", `layer ${data.layers[layer]}`);
    };
    slider.addEventListener("input", () => { layer = Number(slider.value); name(); show(); });
    name();
    const label = labelled("Layer", slider);
    label.append(output);
    choose.append(label);
  }
  choose.hidden = false;
  const buttons = [...figure.querySelectorAll(".legend button")];
  let pointed = null;
  const light = () => {
    const pressed = buttons.filter((button) => button.getAttribute("aria-pressed") === "true").map((button) => button.dataset.code);
    const bright = new Set(pointed ? [pointed, ...pressed] : pressed);
    for (const each of figure.querySelectorAll(".plots [data-code]")) {
      each.classList.toggle("dimmed", bright.size > 0 && !bright.has(each.dataset.code));
      each.classList.toggle("chosen", bright.has(each.dataset.code));
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      light();
    });
    button.addEventListener("pointerenter", () => { pointed = button.dataset.code; light(); });
    button.addEventListener("pointerleave", () => { pointed = null; light(); });
  }
  drawings.forEach((drawing, place) => { states[place].now = data.frames[layer][data.sides[place]].points.map(unpacked); });
}

// Token grids: the cell pointed at, or reached by arrow keys, tells its likeliest tokens; they are in the table below.
for (const figure of document.querySelectorAll(".tokens")) {
  const rows = [...figure.querySelectorAll(".grid tbody tr")].map((row) => [...row.querySelectorAll("td")]);
  const listed = [...figure.nextElementSibling.querySelectorAll("tbody tr:not(.name)")];
  const told = figure.querySelector(".told");
  const across = rows[0]?.length ?? 0;
  const mirrored = figure.querySelector(".grid").dir === "rtl";
  const tell = (row, column) => {
    figure.querySelector(".at")?.classList.remove("at");
    const cell = rows[row][column];
    cell.classList.add("at");
    const cells = [...(listed[row * across + column]?.cells ?? [])].map((each) => each.textContent.trim());
    const list = element("ol");
    for (let n = 2; n + 1 < cells.length; n += 2) {
      if (cells[n] === "–") continue;
      const item = element("li");
      const word = element("bdi");
      word.append(element("b", cells[n]));
      item.append(word, " ", element("span", `${cells[n + 1]}%`));
      list.append(item);
    }
    const where = element("p", `Layer ${cells[0]}, after `);
    where.append(element("bdi", cells[1]));
    told.replaceChildren(where, list);
  };
  rows.forEach((cells, row) => cells.forEach((cell, column) => {
    cell.tabIndex = row === 0 && column === across - 1 ? 0 : -1;
    cell.addEventListener("pointerenter", () => tell(row, column));
    cell.addEventListener("focus", () => tell(row, column));
    cell.addEventListener("click", () => cell.focus());
    cell.addEventListener("keydown", (event) => {
      const side = mirrored ? -1 : 1;
      const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -side], ArrowRight: [0, side] }[event.key] ?? [0, 0];
      const next = rows[row + down]?.[column + right];
      if (!(down || right) || !next) return;
      event.preventDefault();
      cell.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  }));
  if (across) tell(0, across - 1);
}

// Answers that changed: filter, and show a few at a time.
for (const box of document.querySelectorAll(".browse")) {
  const cards = [...box.querySelectorAll(".sample")];
  const status = box.querySelector(".matching");
  const step = 12;
  let most = step;
  const choose = box.querySelector(".choose");
  const selects = [["lang", "Language", "all languages"], ["task", "Task", "all tasks"], ["way", "Change", "better and worse"]].map(
    ([key, words, all]) => {
      const counts = new Map();
      for (const card of cards) counts.set(card.dataset[key], (counts.get(card.dataset[key]) ?? 0) + 1);
      const select = element("select");
      const name = (value) => key === "lang"
        ? cards.find((card) => card.dataset.lang === value).querySelector("h3 bdi").textContent : value;
      const pairs = [...counts].map(([value, count]) => [value, `${name(value)} (${count})`]);
      options(select, [["", all], ...pairs.sort((a, b) => a[1].localeCompare(b[1]))]);
      select.addEventListener("change", () => { most = step; show(); });
      if (counts.size > 1) choose.append(labelled(words, select));
      return { key, select };
    });
  const search = element("input", "", { type: "search", placeholder: "in questions and answers", dir: "auto" });
  search.addEventListener("input", () => { most = step; show(); });
  choose.append(labelled("Search", search));
  const more = element("button", "", { type: "button", class: "plain" });
  more.addEventListener("click", () => {
    const first = cards.filter((card) => !card.hidden).length;
    most += step;
    show();
    const next = cards.filter((card) => !card.hidden)[first];
    next.tabIndex = -1;
    next.focus();
  });
  box.append(more);
  const show = () => {
    const wanted = search.value.trim().toLocaleLowerCase();
    const fits = cards.filter((card) => selects.every(({ key, select }) => !select.value || card.dataset[key] === select.value)
      && (!wanted || card.textContent.toLocaleLowerCase().includes(wanted)));
    const visible = new Set(fits.slice(0, most));
    for (const card of cards) card.hidden = !visible.has(card);
    status.textContent = fits.length ? `Showing ${visible.size} of ${fits.length}.` : "No answer fits.";
    more.hidden = fits.length <= most;
    more.textContent = `Show ${Math.min(step, fits.length - most)} more`;
  };
  choose.hidden = false;
  show();
}
