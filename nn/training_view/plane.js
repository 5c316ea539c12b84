// The outputs of a model of two inputs over the plane, the line between its classes, and the examples.

const SHAPES = [
  "M-3.4 0a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0 -6.8 0Z",
  "M0 -4.2L4 3L-4 3Z",
  "M-3 -3L3 -3L3 3L-3 3Z",
  "M0 -4.4L4.4 0L0 4.4L-4.4 0Z",
  "M0 4.2L4 -3L-4 -3Z",
  "M-1.3 -4L1.3 -4L1.3 -1.3L4 -1.3L4 1.3L1.3 1.3L1.3 4L-1.3 4L-1.3 1.3L-4 1.3L-4 -1.3L-1.3 -1.3Z",
  "M0 -4.4L1.2 -1.4L4.2 -1.4L1.9 0.6L2.7 3.6L0 1.9L-2.7 3.6L-1.9 0.6L-4.2 -1.4L-1.2 -1.4Z",
];

/**
 * Return the lines between cells of different classes, through squares of four middles.
 * On a side it lies where the leads of both classes, which fall to 0 there, say.
 */
function contour(classes, leads, n, at) {
  const lines = [];
  for (let j = 0; j + 1 < n; j += 1) {
    for (let i = 0; i + 1 < n; i += 1) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]].map(([a, b]) => [a, b, b * n + a]);
      if (corners.some(([, , k]) => leads[k] === null)) continue;
      const crossed = [];
      corners.forEach(([a, b, k], corner) => {
        const [c, d, l] = corners[(corner + 1) % 4];
        if (classes[k] === classes[l]) return;
        const share = leads[k] / (leads[k] + leads[l] || 1);
        crossed.push([a + share * (c - a) + 0.5, b + share * (d - b) + 0.5]);
      });
      if (crossed.length === 2) lines.push([at(...crossed[0]), at(...crossed[1])]);
      if (crossed.length > 2) {
        const middle = [0, 1].map((axis) => crossed.reduce((sum, place) => sum + place[axis], 0) / crossed.length);
        crossed.forEach((place) => lines.push([at(...place), at(...middle)]));
      }
    }
  }
  return lines;
}

/** The plane of the two inputs. */
class Plane {
  constructor() {
    this.svg = svgElement("svg", { viewBox: `0 0 ${CHART.width} ${CHART.height}`, role: "img" });
    this.legend = html("ul", { class: "legend" });
    this.element = html("section", { class: "plane" }, html("h2", {}, "Decision boundary"), this.legend, this.svg);
  }

  draw(plane) {
    this.element.hidden = !plane;
    if (!plane) return;
    const n = plane.resolution;
    const across = CHART.width - CHART.left - CHART.right;
    const down = CHART.height - CHART.top - CHART.bottom;
    const x = new Scale(plane.x);
    const y = new Scale(plane.y);
    [x.low, x.high] = plane.x;
    [y.low, y.high] = plane.y;
    const at = (i, j) => [CHART.left + (across * i) / n, CHART.top + down * (1 - j / n)];
    const lines = contour(plane.cells, plane.leads, n, at);
    const line = lines.map((ends) => `M${ends.map((p) => p.map((c) => c.toFixed(1)).join(" ")).join("L")}`).join("");
    const points = plane.points.map(([a, b, label]) => {
      const place = [CHART.left + across * x.place(a), CHART.top + down * (1 - y.place(b))];
      return svgElement("path", { class: `point f${label % COLOURS}`, d: SHAPES[label % SHAPES.length], transform: `translate(${place.map((c) => c.toFixed(1)).join(" ")})` });
    });
    this.svg.replaceChildren(
      ...this.areas(plane, { x: CHART.left, y: CHART.top, width: across, height: down }),
      svgElement("path", { class: "boundary", d: line || "M0 0" }),
      ...points,
      axes(CHART, x, y, ["x₁", "x₂"]),
    );
    const named = plane.classes.length > 1 ? plane.classes : [];
    const marks = named.map((name, k) => {
      const mark = svgElement("svg", { viewBox: "-6 -6 12 12", class: "mark", "aria-hidden": "true" }, svgElement("path", { class: `point f${k % COLOURS}`, d: SHAPES[k % SHAPES.length] }));
      return html("li", {}, mark, html("span", {}, `class ${name}`));
    });
    const more = plane.leftOut ? [html("li", {}, `${plane.points.length} of ${plane.points.length + plane.leftOut} examples`)] : [];
    this.legend.replaceChildren(...marks, ...more);
    this.svg.setAttribute("aria-label", `What the model says of both inputs, and ${plane.points.length} examples`);
  }

  /** Return an area for each class, where the model names it. The style sheet colours them, so they follow its colours. */
  areas(plane, box) {
    const sizes = plane.leads.filter((lead) => lead !== null).sort((a, b) => a - b);
    const most = sizes[Math.floor(0.8 * sizes.length)] || 1;
    const strengths = plane.leads.map((lead) => (lead === null ? 0 : 0.1 + 0.4 * Math.min(1, lead / most)));
    const colours = plane.cells.map((label) => label % COLOURS);
    return [...new Set(colours)].sort().map((colour) => {
      const image = this.image(plane.resolution, strengths.map((strength, k) => (colours[k] === colour ? strength : 0)));
      const id = newId("area");
      const mask = svgElement("mask", { id, maskUnits: "userSpaceOnUse", ...box }, svgElement("image", { href: image, preserveAspectRatio: "none", ...box }));
      return svgElement("g", {}, mask, svgElement("rect", { class: `area f${colour}`, mask: `url(#${id})`, ...box }));
    });
  }

  /** Paint one pixel for each cell, brighter for stronger. Stretched, the pixels blend into each other. */
  image(n, strengths) {
    const canvas = html("canvas", { width: n, height: n });
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(n, n);
    strengths.forEach((strength, k) => {
      const grey = Math.round(255 * strength);
      pixels.data.set([grey, grey, grey, 255], 4 * ((n - 1 - Math.floor(k / n)) * n + (k % n)));
    });
    context.putImageData(pixels, 0, 0);
    return canvas.toDataURL();
  }
}
