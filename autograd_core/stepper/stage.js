// The graph: what it shows at each step, and what it does when a pointer or a key touches it.

class Stage {
  /** Put the graph into `host`; `select` is called with the number of a node that was chosen. */
  constructor(host, data, select) {
    this.host = host;
    this.data = data;
    this.select = select;
    this.svg = document.importNode(new DOMParser().parseFromString(data.svg, "image/svg+xml").documentElement, true);
    this.svg.setAttribute("role", "group");
    this.svg.setAttribute("aria-label", `Graph of ${data.title}. Up and down arrows walk through it, Enter selects.`);
    this.tip = html("div", { class: "tooltip", role: "tooltip", hidden: "", id: newId("tip") });
    host.append(this.svg, this.tip);
    this.camera = new Camera(host, this.svg, () => { this.tip.hidden = true; });
    this.find();
    this.marked = [];
    this.pointers = new Map();
    this.listen();
  }

  /** Find the groups of nodes and edges, and make them known to the keyboard. */
  find() {
    const all = (kind) => [...this.svg.querySelectorAll(`.${kind}`)];
    const named = new Map(all("node").map((group) => [group.dataset.id, group]));
    this.nodes = this.data.nodes.map((node, i) => named.get(`n${i}`) || null);
    this.edges = [];
    for (const group of all("edge")) this.edges[Number(group.dataset.id.slice(1))] = group;
    this.entering = this.data.nodes.map(() => []);
    this.data.edges.forEach((edge, i) => this.entering[edge.head].push(i));
    this.walk = [];
    this.shown = { nodes: [], edges: [] };
    this.nodes.forEach((group, i) => {
      for (const k of this.entering[i]) {
        this.edges[k].setAttribute("role", "img");
        this.edges[k].setAttribute("aria-label", this.data.edges[k].about);
        this.walk.push(this.edges[k]);
      }
      if (!group) return;
      group.setAttribute("role", "button");
      this.walk.push(group);
      this.shown.nodes[i] = {};
    });
    this.walk.forEach((group, i) => group.setAttribute("tabindex", i ? "-1" : "0"));
    for (const [i, group] of this.nodes.entries()) if (group) group.index = i;
    for (const [k, group] of this.edges.entries()) group.edge = k;
  }

  // What a step shows.

  /** Show a state: `nodes` and `edges` as `player.js` computes them. Only what differs is touched. */
  show(state) {
    state.nodes.forEach((now, i) => {
      const group = this.nodes[i];
      const was = this.shown.nodes[i];
      if (!group || (was.done === now.done && was.grad === now.grad && was.level === now.level)) return;
      group.classList.toggle("pending", !now.done);
      if (was.level) group.classList.remove(`l-${was.level}`);
      if (now.level) group.classList.add(`l-${now.level}`);
      const text = group.querySelector(".grad");
      if (text) text.textContent = now.grad;
      group.setAttribute("aria-label", this.describe(i, now));
      this.shown.nodes[i] = { ...now };
    });
    state.edges.forEach((level, k) => {
      const { head } = this.data.edges[k];
      const was = this.shown.edges[k];
      const group = this.edges[k];
      group.classList.toggle("unknown", !state.nodes[head].done); // its head has no local derivatives yet
      if (was === level) return;
      if (was) group.classList.remove("passed", `l-${was}`);
      if (level) group.classList.add("passed", `l-${level}`);
      group.style.setProperty("--width", level ? 1.2 + (level === "a" ? 16 : Number(level.slice(1))) / 7 : 1);
      this.shown.edges[k] = level;
    });
  }

  describe(i, now) {
    const node = this.data.nodes[i];
    const value = node.kind === "box" ? node.what : now.done ? `value ${node.value}` : "not yet computed";
    return [node.name, value, now.grad && `gradient ${now.grad}`].filter(Boolean).join(", ");
  }

  /** Highlight what is at work in a frame, and bring it into sight. */
  mark(frame) {
    for (const [group, ...classes] of this.marked) group.classList.remove(...classes);
    this.marked = [];
    const add = (group, ...classes) => {
      if (!group) return;
      group.classList.add(...classes);
      this.marked.push([group, ...classes]);
    };
    if (frame.kind === "forward") {
      add(this.nodes[frame.node], "at-work");
      for (const k of this.entering[frame.node]) add(this.edges[k], "at-work", "forward");
    } else if (frame.kind !== "start") {
      add(this.nodes[frame.to], "at-work");
      if (frame.from !== undefined && frame.from !== frame.to) add(this.nodes[frame.from], "source");
      add(this.edges[frame.edge], "at-work", "backward");
    }
    for (const [group] of this.marked) {
      const moves = group.edge !== undefined && group !== document.activeElement; // moving would lose the focus
      if (moves) group.parentNode.append(group); // on top of the others
    }
    const groups = this.marked.map(([group]) => group);
    this.camera.atWork = groups.filter((group) => group.index !== undefined);
    this.camera.follow();
  }

  choose(index) {
    if (this.chosen) this.chosen.classList.remove("chosen");
    this.chosen = this.nodes[index];
    if (this.chosen) this.chosen.classList.add("chosen");
  }

  // Pointers and keys.

  listen() {
    const { svg, host } = this;
    svg.addEventListener("pointerdown", (event) => this.press(event));
    svg.addEventListener("pointermove", (event) => this.drag(event));
    for (const kind of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(kind, (event) => this.release(event));
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey && !host.closest(".page")) return; // in a notebook the wheel scrolls
      event.preventDefault();
      const corner = host.getBoundingClientRect();
      this.camera.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), event.clientX - corner.left, event.clientY - corner.top, false);
    }, { passive: false });
    svg.addEventListener("click", (event) => {
      const group = event.target.closest(".node, .edge");
      if (this.dragged || !group) return;
      if (group.index !== undefined) this.select(group.index);
      else if (group.edge !== undefined) this.explain(group);
    });
    svg.addEventListener("pointerover", (event) => this.explain(event.target.closest(".edge")));
    svg.addEventListener("focusin", (event) => {
      const group = event.target.closest(".node, .edge");
      if (!group) return;
      for (const other of this.walk) if (other.tabIndex === 0) other.setAttribute("tabindex", "-1");
      group.setAttribute("tabindex", "0");
      this.explain(group.edge === undefined ? null : group);
    });
    svg.addEventListener("focusout", () => this.explain(null));
    svg.addEventListener("keydown", (event) => {
      const here = this.walk.indexOf(event.target.closest(".node, .edge"));
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const next = this.walk[here + (event.key === "ArrowDown" ? 1 : -1)];
        if (next) this.visit(next);
        event.preventDefault();
      } else if (event.key === "Enter" && here >= 0 && this.walk[here].index !== undefined) {
        this.select(this.walk[here].index);
        event.preventDefault();
      }
    });
  }

  /** Focus a node or an edge, and move it into sight. */
  visit(group) {
    this.camera.centre(group);
    group.focus({ preventScroll: true });
  }

  press(event) {
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.pointers.size === 1) this.dragged = false;
  }

  drag(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    if (!this.dragged && Math.hypot(now.x - before.x, now.y - before.y) < 4) return;
    if (!this.dragged) this.svg.setPointerCapture(event.pointerId);
    this.dragged = true;
    const [other] = [...this.pointers.entries()].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    this.pointers.set(event.pointerId, now);
    if (other) {
      const corner = this.host.getBoundingClientRect();
      const ratio = Math.hypot(now.x - other.x, now.y - other.y) / (Math.hypot(before.x - other.x, before.y - other.y) || 1);
      this.camera.zoom(ratio, (now.x + other.x) / 2 - corner.left, (now.y + other.y) / 2 - corner.top, false);
    } else {
      this.camera.pan(now.x - before.x, now.y - before.y);
    }
  }

  release(event) {
    if (event.type === "pointerleave" && this.svg.hasPointerCapture(event.pointerId)) return;
    this.pointers.delete(event.pointerId);
    if (event.type === "pointerleave") this.explain(null);
  }

  // What an edge says.

  /** Show the local derivative of an edge beside it, and what it has passed back; hide it for null. */
  explain(group) {
    this.tip.hidden = !group;
    for (const shown of this.svg.querySelectorAll("[aria-describedby]")) shown.removeAttribute("aria-describedby");
    if (!group) return;
    const passed = this.passed ? this.passed[group.edge] : "";
    this.tip.replaceChildren(html("b", {}, this.data.edges[group.edge].about));
    if (passed) this.tip.append(html("span", {}, `passed back: ${passed}`));
    group.setAttribute("aria-describedby", this.tip.id);
    const line = group.querySelector(".chip") || group.querySelector(".wire");
    const { left, top, width, bottom } = line.getBoundingClientRect();
    const corner = this.host.getBoundingClientRect();
    const x = left + width / 2 - corner.left - this.tip.offsetWidth / 2;
    const above = top - corner.top - this.tip.offsetHeight - 8;
    this.tip.style.left = `${Math.max(4, Math.min(x, corner.width - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${Math.max(4, above >= 4 ? above : Math.min(bottom - corner.top + 8, corner.height - this.tip.offsetHeight - 4))}px`;
  }
}
