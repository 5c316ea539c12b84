// The panel: what a node is, its gradient so far, and the products that made it.

class Panel {
  /** Fill `host`; `go` is called with the number of a frame to go to, `release` to let go of a chosen node. */
  constructor(host, data, go, release) {
    this.data = data;
    this.go = go;
    this.into = data.nodes.map(() => []);
    data.frames.forEach((frame, k) => {
      if (frame.kind === "backward" || frame.kind === "seed") this.into[frame.to].push(k);
    });
    this.heading = html("h2");
    this.what = html("span", { class: "what" });
    this.close = html("button", { type: "button", class: "release" }, "Follow the steps");
    this.close.addEventListener("click", release);
    this.numbers = html("dl");
    this.formula = html("p", { class: "formula" });
    this.caption = html("h3");
    this.list = html("ol");
    this.note = html("p", { class: "note" });
    this.parameters = html("table");
    const head = html("div", { class: "panel-head" }, html("div", {}, this.heading, this.what), this.close);
    host.append(head, this.formula, this.numbers, this.note, this.caption, this.list, this.parameters);
  }

  /** Show a node at a frame; `chosen` tells whether the user selected it. */
  show(index, step, state, chosen) {
    const node = this.data.nodes[index];
    const now = state.nodes[index];
    setText(this.heading, node.name);
    setText(this.what, node.what);
    this.close.hidden = !chosen;
    this.formula.replaceChildren(...(now.done && node.text ? pieces(node.text) : []));
    this.numbers.replaceChildren(...this.facts(node, now));
    const frames = this.into[index];
    const arrived = frames.filter((k) => k <= step);
    const grad = `∂${this.data.title}/∂${node.name}`;
    setText(this.note, this.remark(node));
    setText(this.caption, frames.length ? `${node.kind === "value" ? grad : "Gradient"}: ${arrived.length} of ${frames.length} contributions` : "");
    this.list.replaceChildren(...frames.map((k) => this.row(k, k <= step, k === step)));
    this.parameters.replaceChildren(...this.rows(node, step));
  }

  facts(node, now) {
    const facts = [];
    const fact = (term, text, exact) => {
      const detail = html("dd", {}, text);
      if (exact && exact !== text) detail.append(html("small", {}, exact));
      facts.push(html("div", {}, html("dt", {}, term), detail));
    };
    if (node.value !== undefined) fact("value", now.done ? node.value : "none yet", now.done ? node.exact : "");
    if (node.kind === "value") fact("gradient so far", now.after || "none yet", now.exact);
    if (node.kind === "box" && node.parameters.length) fact("‖gradient‖ of its parameters so far", now.after || "none yet", now.exact);
    return facts;
  }

  remark(node) {
    if (node.kind === "still") return "No gradient flows here: this is not part of the backward pass.";
    if (node.kind === "rest") return "These are too far from the result to be shown. The steps count them all.";
    if (node.kind === "box" && !node.parameters.length) return "It has no parameters. Its edges show what flows through it.";
    return "";
  }

  /** One contribution: a button that goes to its step. One that is still to come has no numbers yet. */
  row(k, arrived, current) {
    const frame = this.data.frames[k];
    const term = frame.kind === "seed" ? frame.line : frame.term;
    const button = html("button", { type: "button", title: `Go to step ${k}` }, html("span", { class: "term" }, ...pieces(term)));
    if (arrived && frame.numbers) button.append(html("span", { class: "numbers" }, ...pieces(frame.numbers)));
    if (!arrived) button.append(html("span", { class: "numbers" }, `at step ${k}`));
    button.addEventListener("click", () => this.go(k));
    return html("li", { class: `${arrived ? "arrived" : "to-come"}${current ? " current" : ""}` }, button);
  }

  /** The parameters of a box with the largest gradients, when the pass is over. */
  rows(node, step) {
    if (node.kind !== "box" || !node.parameters.length || step < this.data.frames.length - 1) return [];
    const title = html("caption", {}, "Largest gradients in it");
    const head = html("tr", {}, ...["parameter", "value", "gradient"].map((name) => html("th", { scope: "col" }, name)));
    return [title, head, ...node.parameters.map((row) => html("tr", {}, ...row.map((text) => html("td", {}, text))))];
  }
}
