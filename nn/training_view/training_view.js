// A training run: the loss, the gradients by layer, the decision boundary. Drawn anew whenever its data changes.

function render({ model, el }) {
  const page = el.classList.contains("page");
  const title = html(page ? "h1" : "p", { class: "title" });
  const status = html("p", { class: "status" });
  const loss = new Chart("Loss");
  const norms = new Chart("Gradient norm by layer");
  const plane = new Plane();
  const nothing = html("p", { class: "nothing" }, "The run has not begun: pass this view to nn.fit(callbacks=[view]).");
  const root = html(
    "div",
    { class: "autograd-training", role: "group" },
    html("header", {}, title, status),
    nothing,
    html("div", { class: "panels" }, loss.element, norms.element, plane.element),
  );
  el.append(root);
  const draw = () => {
    const data = model.get("data");
    setText(title, data.title);
    setText(status, data.status);
    root.setAttribute("aria-label", `Training of ${data.title}`);
    root.dataset.epoch = data.epoch;
    loss.draw(data.loss);
    norms.draw(data.norms);
    plane.draw(data.boundary);
    nothing.hidden = data.epoch > 0;
  };
  draw();
  model.on("change:data", draw);
  return () => {
    model.off("change:data", draw);
    root.remove();
  };
}

export default { render };
