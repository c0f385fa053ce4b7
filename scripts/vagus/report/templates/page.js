"use strict";
(() => {
  document.documentElement.classList.add("js");

  // Choosers: one row of buttons (or a list when there are many) for each title.
  const makeControl = (title, values, pick) => {
    const box = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = title;
    box.append(legend);
    if (values.length > 7) {
      const list = document.createElement("select");
      list.setAttribute("aria-label", title);
      values.forEach((value) => list.add(new Option(value, value)));
      list.addEventListener("change", () => pick(list.value));
      box.append(list);
      return [box, (value) => { list.value = value; }];
    }
    const buttons = values.map((value) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = value;
      button.addEventListener("click", () => pick(value));
      box.append(button);
      return button;
    });
    return [box, (value) => buttons.forEach((button, i) => {
      button.setAttribute("aria-pressed", String(values[i] === value));
    })];
  };

  for (const chooser of document.querySelectorAll(".chooser")) {
    const titles = JSON.parse(chooser.dataset.titles);
    const panels = [...chooser.children].map((panel) => [panel, JSON.parse(panel.dataset.choices)]);
    const first = chooser.dataset.first;
    const start = panels.find((panel) => panel[0].dataset.choices === first) || panels[0];
    const current = [...start[1]];
    const bar = document.createElement("div");
    bar.className = "choices";
    const marks = [];
    const show = (changed) => {
      let found = panels.find(([, c]) => c.every((value, i) => value === current[i]));
      if (!found) found = panels.find(([, c]) => c[changed] === current[changed]) || panels[0];
      found[1].forEach((value, i) => { current[i] = value; });
      panels.forEach(([panel]) => { panel.hidden = panel !== found[0]; });
      marks.forEach((mark, i) => mark(current[i]));
    };
    titles.forEach((title, i) => {
      const values = [...new Set(panels.map(([, choices]) => choices[i]))];
      const [box, mark] = makeControl(title, values, (value) => { current[i] = value; show(i); });
      marks.push(mark);
      if (values.length > 1) bar.append(box);
    });
    chooser.prepend(bar);
    show(0);
  }

  // Legends: a click on a key hides and shows the marks of its colour.
  const findMarks = (figure, { colour, look }) => {
    const parts = look === "hollow" || look === "line" ? ["stroke"] : ["fill", "stroke"];
    const pick = parts.map((part) => `svg [style*="${part}: ${colour}"]`).join(",");
    return [...figure.querySelectorAll(pick)].filter((mark) => !mark.closest("defs, text"));
  };
  for (const list of document.querySelectorAll("figure .keys:not(.scale)")) {
    const keys = [...list.children].filter((key) => key.dataset.look !== "hatched");
    if (keys.length < 2) continue;
    for (const key of keys) {
      const button = document.createElement("button");
      button.type = "button";
      button.title = "Hide or show";
      button.setAttribute("aria-pressed", "true");
      button.append(...key.childNodes);
      key.append(button);
      button.addEventListener("click", () => {
        const hide = button.getAttribute("aria-pressed") === "true";
        button.setAttribute("aria-pressed", String(!hide));
        findMarks(list.parentNode, key.dataset).forEach((mark) => mark.classList.toggle("off", hide));
      });
    }
  }

  // Tables: sort by a click on the head, search in all cells.
  const compare = (a, b) => {
    const [x, y] = [a.dataset.sort, b.dataset.sort];
    if (x !== undefined && y !== undefined) return x - y;
    if (x !== undefined || y !== undefined) return x === undefined ? -1 : 1;
    const [s, t] = [a.textContent, b.textContent];
    return s.localeCompare(t, "en", { numeric: true });
  };
  for (const holder of document.querySelectorAll(".table")) {
    const body = holder.querySelector("tbody");
    const rows = [...body.rows];
    const heads = [...holder.querySelectorAll("th")];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const number = head.classList.contains("number");
        const last = head.getAttribute("aria-sort");
        const direction = last ? (last === "ascending" ? -1 : 1) : number ? -1 : 1;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
        const order = [...rows].sort((a, b) => direction * compare(a.cells[column], b.cells[column]));
        body.append(...order);
      });
    });
    if (!("search" in holder.dataset) || rows.length < 8) continue;
    const tools = document.createElement("div");
    tools.className = "tools";
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = "Search this table";
    input.setAttribute("aria-label", "Search this table");
    const count = document.createElement("span");
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const filter = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let n = 0;
      rows.forEach((row, i) => {
        row.hidden = !words.every((word) => texts[i].includes(word));
        n += row.hidden ? 0 : 1;
      });
      count.textContent = `${n} of ${rows.length} rows`;
    };
    input.addEventListener("input", filter);
    tools.append(input, count);
    holder.querySelector(".scroll").before(tools);
    filter();
  }

  // Wide tables: say that they scroll, as long as there is more to the right.
  const watchWidth = (box) => {
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.setAttribute("aria-hidden", "true");
    hint.textContent = "More columns: scroll sideways \u2192";
    box.before(hint);
    const update = () => {
      const rest = box.scrollWidth - box.clientWidth - box.scrollLeft;
      box.parentNode.classList.toggle("wide", box.scrollWidth > box.clientWidth + 4);
      box.parentNode.classList.toggle("more", rest > 4);
    };
    box.addEventListener("scroll", update, { passive: true });
    new ResizeObserver(update).observe(box);
  };
  document.querySelectorAll(".table > .scroll").forEach(watchWidth);

  // Tool tips: SVG titles, shown at once and beside the pointer.
  const tip = document.createElement("div");
  tip.id = "tip";
  document.body.append(tip);
  const texts = new WeakMap();
  const findText = (target) => {
    const owner = target.closest && target.closest("svg.plot *");
    for (let at = owner; at && at.tagName !== "svg"; at = at.parentNode) {
      const title = at.querySelector(":scope > title");
      if (title) { texts.set(at, title.textContent); title.remove(); }
      if (texts.has(at)) return texts.get(at);
    }
    return null;
  };
  const showTip = (event) => {
    const text = findText(event.target);
    tip.style.display = text ? "block" : "none";
    if (!text) return;
    tip.textContent = text;
    const box = tip.getBoundingClientRect();
    const x = Math.min(event.clientX + 14, innerWidth - box.width - 8);
    const below = event.clientY + 18;
    const y = below + box.height > innerHeight ? event.clientY - box.height - 10 : below;
    tip.style.left = `${Math.max(8, x)}px`;
    tip.style.top = `${y}px`;
  };
  for (const kind of ["pointermove", "pointerdown"]) {
    document.addEventListener(kind, showTip, { passive: true });
  }

  // A sample's page is made to be printed too.
  const neighbours = document.querySelector(".neighbours");
  if (neighbours) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "print-page";
    button.textContent = "Print or save as PDF";
    button.addEventListener("click", () => print());
    neighbours.append(button);
  }

  // Print: what is folded up is printed too.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("main details:not([open])")];
    folded.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => { folded.forEach((part) => { part.open = false; }); });

  // Contents: mark the section in view.
  const links = new Map([...document.querySelectorAll(".contents a")].map((a) => [a.hash.slice(1), a]));
  if (links.size && "IntersectionObserver" in window) {
    const watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        links.forEach((link) => link.classList.remove("here"));
        links.get(entry.target.id)?.classList.add("here");
      }
    }, { rootMargin: "-10% 0px -80% 0px" });
    document.querySelectorAll("main > section").forEach((section) => watcher.observe(section));
    if (innerWidth <= 900) document.querySelector(".contents details").open = false;
  }
})();
