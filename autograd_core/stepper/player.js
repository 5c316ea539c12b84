// The player: frames, controls and keys. `render` is what a page and a notebook call.

const ICONS = {
  first: "M6 5h2v14H6zM20 5v14l-10-7z",
  back: "M14 5v14L5 12zM16 5h2.5v14H16z",
  play: "M7 4.5v15l12.5-7.5z",
  pause: "M6.5 5h4v14h-4zM13.5 5h4v14h-4z",
  step: "M10 5v14l9-7zM5.500 5h2.500v14H5.500z",
  last: "M16 5h2v14h-2zM4 5v14l10-7z",
  whole: "M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z",
  closer: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  farther: "M5 11h14v2H5z",
};
const SPEEDS = [[0.5, "½×"], [1, "1×"], [2, "2×"], [5, "5×"], [20, "20×"]];
const PACE = 1200; // milliseconds a step at speed 1
const KEYS = [["space", "play or pause"], ["← →", "step"], ["Home End", "first, last"], ["↑ ↓", "walk the graph"], ["Enter", "select"], ["Esc", "follow"], ["+ − 0", "zoom"]];

class Player {
  constructor(root, data, onStep) {
    this.root = root;
    this.data = data;
    this.onStep = onStep;
    this.step = -1;
    this.timer = 0;
    this.chosen = null;
    this.build();
  }

  get last() {
    return this.data.frames.length - 1;
  }

  // What is on the page.

  build() {
    const { data, root } = this;
    root.className = "autograd-player";
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", `Steps of ${data.title}`);
    const title = html("h1", {}, "Every step of ", html("b", {}, data.title));
    const told = data.notice ? html("p", { class: "notice" }, data.notice) : html("p", {}, data.size);
    const head = html("header", {}, html("div", { class: "title" }, title, told), this.legend());
    const host = html("div", { class: "stage" });
    const tools = html("div", { class: "tools" },
      iconButton("closer", ICONS.closer, "Zoom in", () => this.stage.camera.zoom(1.4)),
      iconButton("farther", ICONS.farther, "Zoom out", () => this.stage.camera.zoom(1 / 1.4)),
      iconButton("whole", ICONS.whole, "Show the whole graph, or follow the steps again", () => this.overview()));
    this.phase = html("span", { class: "phase" });
    this.line = html("p", { class: "line" });
    this.change = html("p", { class: "change" });
    this.said = html("div", { class: "arithmetic", "aria-live": "polite", "aria-atomic": "true" }, this.phase, this.line, this.change);
    const aside = html("aside", { class: "panel", "aria-label": "The node at work, or the one you select" });
    const stageBox = html("div", { class: "stage-box" }, tools, host);
    root.append(html("div", { class: "layout" }, head, stageBox, this.said, this.controls(), aside, this.help()));
    this.stage = new Stage(host, data, (index) => this.choose(index));
    this.panel = new Panel(aside, data, (k) => this.go(k), () => this.choose(null));
    this.watcher = new ResizeObserver(() => {
      this.stage.camera.measure();
      if (!this.opened && host.clientWidth) {
        this.opened = true;
        this.stage.camera.open();
      } else if (this.stage.camera.fitted) this.stage.camera.fit(false);
      else this.stage.camera.follow();
    });
    this.watcher.observe(host);
  }

  legend() {
    const legend = html("div", { class: "legend", role: "img" });
    const spoken = [];
    for (const { title, steps } of this.data.legend.rows) {
      const row = html("div", { class: "scale" }, html("span", { class: "word" }, title));
      for (const [level, text] of steps) row.append(html("span", { class: `swatch l-${level}` }, text));
      legend.append(row);
      spoken.push(`${title}: ${steps.map(([, text]) => text).join(", ")}`);
    }
    legend.append(html("p", {}, "blue negative, orange positive · on edges: what flows back"));
    legend.setAttribute("aria-label", `Colours. Blue is negative, orange is positive, stronger is larger. ${spoken.join(". ")}`);
    return legend;
  }

  controls() {
    this.slider = html("input", { type: "range", class: "slider", min: "0", max: String(this.last), value: "0", "aria-label": "Step" });
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    const turn = this.data.frames.findIndex((frame) => frame.kind === "seed");
    this.slider.style.setProperty("--turn", `${(100 * (turn - 0.5)) / Math.max(1, this.last)}%`);
    this.playing = iconButton("play", ICONS.play, "Play (space)", () => this.toggle());
    this.first = iconButton("first", ICONS.first, "First step (Home)", () => this.go(0));
    this.back = iconButton("back", ICONS.back, "Back (←)", () => this.go(this.step - 1));
    this.forth = iconButton("step", ICONS.step, "Step (→)", () => this.go(this.step + 1));
    this.end = iconButton("last", ICONS.last, "Last step (End)", () => this.go(this.last));
    this.speed = html("select", { class: "speed", "aria-label": "Speed" });
    for (const [factor, name] of SPEEDS) this.speed.append(html("option", { value: factor }, name));
    this.speed.value = "1";
    this.count = html("output", { class: "count" });
    const buttons = html("div", { class: "buttons" }, this.first, this.back, this.playing, this.forth, this.end);
    const bar = html("div", { class: "bar" }, buttons, this.slider, this.count, html("label", { class: "speed-label" }, html("span", {}, "Speed "), this.speed));
    return html("div", { class: "controls", role: "group", "aria-label": "Controls" }, bar);
  }

  help() {
    const help = html("p", { class: "help" });
    for (const [key, what] of KEYS) help.append(html("span", {}, ...key.split(" ").map((name) => html("kbd", {}, name)), ` ${what}`));
    return help;
  }

  // Going from step to step.

  /** Go to a frame; to the first or the last one if there is none of that number. */
  go(step) {
    if (!Number.isFinite(step)) return;
    const k = Math.max(0, Math.min(this.last, Math.round(step)));
    if (k === this.last) this.pause();
    if (k === this.step) return;
    this.step = k;
    this.show();
    this.onStep(k);
  }

  show() {
    const frame = this.data.frames[this.step];
    const state = (this.state = this.stateAt(this.step));
    const phases = { start: "start", forward: "forward", seed: "backward", backward: "backward" };
    setText(this.phase, phases[frame.kind]);
    this.phase.dataset.phase = phases[frame.kind];
    this.line.replaceChildren(...pieces(frame.line || "Nothing is computed yet. Press play, or step."));
    this.change.replaceChildren(...pieces(frame.change || ""));
    this.stage.passed = state.passed;
    this.stage.show(state);
    this.stage.mark(frame);
    this.showPanel();
    this.slider.value = String(this.step);
    this.slider.setAttribute("aria-valuetext", `step ${this.step} of ${this.last}, ${phases[frame.kind]}`);
    this.slider.style.setProperty("--done", `${(100 * this.step) / Math.max(1, this.last)}%`);
    setText(this.count, `${this.step} / ${this.last}`);
    this.first.disabled = this.back.disabled = this.step === 0;
    this.end.disabled = this.forth.disabled = this.step === this.last;
    this.root.dataset.step = String(this.step);
    this.root.dataset.kind = frame.kind;
  }

  /** Return what nodes and edges show at a step, after all that has happened up to it. */
  stateAt(step) {
    const { nodes, edges, frames } = this.data;
    const state = {
      nodes: nodes.map((node) => ({ done: node.kind === "still", grad: "", level: "", after: "", exact: "" })),
      edges: edges.map(() => ""),
      passed: [],
    };
    for (let k = 1; k <= step; k++) {
      const frame = frames[k];
      if (frame.kind === "forward") state.nodes[frame.node].done = true;
      else {
        const node = state.nodes[frame.to];
        if (frame.grad !== undefined) Object.assign(node, { grad: frame.grad, level: frame.level, exact: frame.exact, after: frame.after });
        if (frame.edge !== undefined && frame.edge !== null) {
          state.edges[frame.edge] = frame.flow;
          state.passed[frame.edge] = frame.numbers;
        }
      }
    }
    return state;
  }

  toggle() {
    if (this.timer) this.pause();
    else this.play();
  }

  play() {
    if (this.step === this.last) this.go(0);
    const tick = () => {
      this.timer = setTimeout(tick, PACE / Number(this.speed.value));
      this.go(this.step + 1);
    };
    this.timer = setTimeout(tick, PACE / Number(this.speed.value) / 4);
    this.showPlaying();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.showPlaying();
  }

  showPlaying() {
    const on = Boolean(this.timer);
    this.playing.querySelector("path").setAttribute("d", on ? ICONS.pause : ICONS.play);
    rename(this.playing, on ? "Pause (space)" : "Play (space)");
    this.said.setAttribute("aria-live", on ? "off" : "polite"); // too fast to listen to
    this.root.dataset.playing = String(on);
  }

  // The panel and the camera.

  choose(index) {
    this.chosen = index;
    this.stage.choose(index);
    this.showPanel();
  }

  showPanel() {
    const frame = this.data.frames[this.step];
    const result = this.data.nodes.findIndex((node, i) => i === this.data.frames.find((f) => f.kind === "seed").to);
    const atWork = frame.kind === "forward" ? frame.node : frame.kind === "start" ? result : frame.to;
    this.panel.show(this.chosen === null ? atWork : this.chosen, this.step, this.state, this.chosen !== null);
  }

  overview() {
    if (this.stage.camera.fitted) {
      this.stage.camera.fitted = false;
      this.stage.camera.zoom(Math.max(1.1, NEAR / this.stage.camera.at.k));
      this.stage.camera.follow();
    } else this.stage.camera.fit();
  }

  /** Do what a key is for; return whether it is for anything. */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("select, textarea")) return false;
    const ranged = event.target === this.slider;
    const pressable = event.target.closest?.("button");
    if (event.key === " " && !pressable) this.toggle();
    else if (event.key === "ArrowRight" && !ranged) this.go(this.step + 1);
    else if (event.key === "ArrowLeft" && !ranged) this.go(this.step - 1);
    else if (event.key === "Home" && !ranged) this.go(0);
    else if (event.key === "End" && !ranged) this.go(this.last);
    else if (event.key === "Escape") this.choose(null);
    else if (event.key === "+" || event.key === "=") this.stage.camera.zoom(1.4);
    else if (event.key === "-") this.stage.camera.zoom(1 / 1.4);
    else if (event.key === "0") this.overview();
    else return false;
    return true;
  }

  remove() {
    this.pause();
    this.watcher.disconnect();
  }
}

/** Show a player in `el`. `model` is anywidget's: it holds `data`, and `step`, which both sides may set. */
function render({ model, el }) {
  const page = el.classList.contains("page");
  const root = html("div", { "data-lm-suppress-shortcuts": "true" }); // JupyterLab's own keys stay out of it
  el.append(root);
  const player = new Player(root, model.get("data"), (step) => {
    if (model.get("step") === step) return;
    model.set("step", step);
    model.save_changes();
  });
  player.go(model.get("step") || 0);
  const listen = (event) => {
    if (!player.press(event)) return;
    event.preventDefault();
    if (!page) event.stopPropagation();
  };
  const follow = () => player.go(model.get("step"));
  const target = page ? document : root;
  target.addEventListener("keydown", listen);
  model.on("change:step", follow);
  return () => {
    target.removeEventListener("keydown", listen);
    model.off("change:step", follow);
    player.remove();
  };
}

export default { render };
