"use strict";
(() => {
  document.documentElement.classList.add("js");

  // What is not seen at first is text in a noscript element until it is wanted, at the latest in print.
  const waiting = [];
  const atPrint = (make) => { waiting.push(make); };
  const unfold = (holder) => {
    const box = document.createElement("div");
    box.innerHTML = holder.textContent;
    const made = [...box.children];
    holder.replaceWith(...made);
    made.forEach(wire);
    return made;
  };
  const phone = matchMedia("(max-width: 680px)");
  const wireNarrow = (holder) => {
    const make = () => {
      const figure = holder.closest("figure");
      if (!figure) return;
      unfold(holder);
      figure.querySelectorAll('.keys [aria-pressed="false"]').forEach((button) => {
        toggleMarks(button.parentNode, true);
      });
    };
    if (phone.matches) make();
    else {
      phone.addEventListener("change", make, { once: true });
      atPrint(make);
    }
  };

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

  const wireChooser = (chooser) => {
    const titles = JSON.parse(chooser.dataset.titles);
    const panels = [...chooser.children].map((panel) => [panel, JSON.parse(panel.dataset.choices)]);
    const start = panels.find(([panel]) => "first" in panel.dataset) || panels[0];
    const current = [...start[1]];
    const bar = document.createElement("div");
    bar.className = "choices";
    const marks = [];
    const open = (entry) => {
      if (entry[0].tagName === "NOSCRIPT") [entry[0]] = unfold(entry[0]);
      return entry[0];
    };
    const show = (changed) => {
      let found = panels.find(([, c]) => c.every((value, i) => value === current[i]));
      if (!found) found = panels.find(([, c]) => c[changed] === current[changed]) || panels[0];
      found[1].forEach((value, i) => { current[i] = value; });
      open(found);
      panels.forEach(([panel]) => { panel.hidden = panel !== found[0]; });
      marks.forEach((mark, i) => mark(current[i]));
    };
    atPrint(() => panels.forEach((entry) => { open(entry).hidden ||= entry[1].join() !== current.join(); }));
    titles.forEach((title, i) => {
      const values = [...new Set(panels.map(([, choices]) => choices[i]))];
      const [box, mark] = makeControl(title, values, (value) => { current[i] = value; show(i); });
      marks.push(mark);
      if (values.length > 1) bar.append(box);
    });
    chooser.prepend(bar);
    show(0);
  };

  // Legends: a click on a key hides and shows the marks of its colour.
  const findMarks = (figure, { colour, look }) => {
    const parts = look === "hollow" || look === "line" ? ["stroke"] : ["fill", "stroke"];
    const pick = parts.map((part) => `svg [style*="${part}: ${colour}"]`).join(",");
    return [...figure.querySelectorAll(pick)].filter((mark) => !mark.closest("defs, text"));
  };
  const toggleMarks = (key, hide) => {
    const figure = key.closest("figure");
    findMarks(figure, key.dataset).forEach((mark) => mark.classList.toggle("off", hide));
  };
  const wireKeys = (list) => {
    const keys = [...list.children].filter((key) => key.dataset.look !== "hatched");
    if (keys.length < 2) return;
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
        toggleMarks(key, hide);
      });
    }
  };

  // Tables: sort by a click on the head, search in all cells. The later rows of a long one are
  // made when they are scrolled to, sorted, searched or printed.
  const read = (cell) => Number(cell.dataset.sort ?? (cell.textContent.replace(/,/g, "") || NaN));
  const compare = (a, b, isNumber) => {
    if (!isNumber) return a.textContent.localeCompare(b.textContent, "en", { numeric: true });
    const [x, y] = [read(a), read(b)];
    if (isNaN(x) || isNaN(y)) return isNaN(y) - isNaN(x);
    return x - y;
  };
  const wireTable = (holder) => {
    const body = holder.querySelector("tbody");
    const rows = [...body.rows];
    const later = holder.querySelector("noscript.rows");
    const nRows = later ? Number(later.dataset.rows) : rows.length;
    const complete = () => {
      if (!later || !later.isConnected) return;
      const box = document.createElement("div");
      box.innerHTML = later.textContent;
      later.remove();
      rows.push(...box.querySelector("tbody").rows);
      body.append(...rows);
    };
    if (later) {
      holder.querySelector(".scroll").addEventListener("scroll", complete, { once: true });
      atPrint(complete);
    }
    const heads = [...holder.querySelectorAll("th")];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        complete();
        const number = head.classList.contains("number");
        const last = head.getAttribute("aria-sort");
        const direction = last ? (last === "ascending" ? -1 : 1) : number ? -1 : 1;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
        const order = [...rows].sort((a, b) => direction * compare(a.cells[column], b.cells[column], number));
        body.append(...order);
      });
    });
    if (!("search" in holder.dataset) || nRows < 8) return;
    const tools = document.createElement("div");
    tools.className = "tools";
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = "Search this table";
    input.setAttribute("aria-label", "Search this table");
    const count = document.createElement("span");
    const say = (n) => { count.textContent = `${n} of ${nRows} rows`; };
    let texts = null;
    const filter = () => {
      complete();
      texts ??= rows.map((row) => row.textContent.toLowerCase());
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let n = 0;
      rows.forEach((row, i) => {
        row.hidden = !words.every((word) => texts[i].includes(word));
        n += row.hidden ? 0 : 1;
      });
      say(n);
    };
    input.addEventListener("input", filter);
    tools.append(input, count);
    holder.querySelector(".scroll").before(tools);
    say(nRows);
  };

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

  // Everything below an element that was just made, the element itself not.
  const wire = (root) => {
    root.querySelectorAll(".chooser").forEach(wireChooser);
    root.querySelectorAll("figure .keys:not(.scale)").forEach(wireKeys);
    root.querySelectorAll(".table").forEach(wireTable);
    root.querySelectorAll(".table > .scroll").forEach(watchWidth);
    root.querySelectorAll("noscript.narrow").forEach(wireNarrow);
  };
  wire(document);

  // Tool tips: SVG titles, shown at once and beside the pointer.
  const tip = document.createElement("div");
  tip.id = "tip";
  document.body.append(tip);
  const texts = new WeakMap();
  const listOf = new WeakMap();
  // A figure's words are in its first layout; the marks of the second are in the same order.
  const readTips = (svg) => {
    if (listOf.has(svg)) return;
    const figure = svg.closest("figure") || svg.parentNode;
    const first = figure.querySelector("svg.plot");
    const isSecond = svg.parentNode.classList.contains("narrow");
    if (isSecond) readTips(first);
    const marks = [...svg.querySelectorAll(isSecond ? ".tip" : "title")];
    const words = isSecond ? listOf.get(first) : marks.map((title) => title.textContent);
    listOf.set(svg, words);
    marks.forEach((mark, i) => {
      texts.set(isSecond ? mark : mark.parentNode, words[i]);
      if (isSecond) return;
      mark.parentNode.classList.add("tip");
      mark.remove();
    });
  };
  const findText = (target) => {
    const owner = target.closest && target.closest("svg.plot *");
    if (!owner) return null;
    readTips(owner.closest("svg.plot"));
    for (let at = owner; at && at.tagName !== "svg"; at = at.parentNode) {
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
    while (waiting.length) waiting.shift()();
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
