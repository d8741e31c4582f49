// Without this script every panel is shown one below the other and tables keep their order.
for (const group of document.querySelectorAll(".tabs")) {
  const panels = [...group.querySelectorAll(".panel")];
  if (panels.length < 2) continue;
  const list = document.createElement("div");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", group.dataset.label);
  const tabs = panels.map((panel) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = `${panel.id}-tab`;
    tab.textContent = panel.dataset.title;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    return tab;
  });
  const show = (chosen) => tabs.forEach((tab, place) => {
    tab.setAttribute("aria-selected", String(place === chosen));
    tab.tabIndex = place === chosen ? 0 : -1;
    panels[place].hidden = place !== chosen;
  });
  const steps = { ArrowRight: 1, ArrowLeft: -1 };
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => show(place));
    tab.addEventListener("keydown", (event) => {
      let next = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : null;
      if (event.key in steps) next = (place + steps[event.key] + tabs.length) % tabs.length;
      if (next === null) return;
      event.preventDefault();
      show(next);
      tabs[next].focus();
    });
  });
  list.append(...tabs);
  group.prepend(list);
  show(0);
}

for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
    const numeric = ["percent", "points", "share", "count", "ratio", "tenth", "p"].some((kind) => head.classList.contains(kind));
    const was = head.getAttribute("aria-sort");
    const down = was ? was === "ascending" : numeric;
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => {
      const cell = row.cells[column];
      return numeric ? (cell.dataset.value === undefined ? null : Number(cell.dataset.value)) : cell.textContent;
    };
    const order = (a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x === null || y === null) return (x === null) - (y === null);
      const side = numeric ? x - y : x.localeCompare(y);
      return down ? -side : side;
    };
    const body = table.tBodies[0];
    body.append(...[...body.rows].sort(order));
  }));
}
