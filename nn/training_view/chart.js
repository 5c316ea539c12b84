// A chart of curves over epochs. Curves differ in colour and in dashes, so that they can be told apart without colours.
// The picture of the boundary has the same size, since all three stand side by side.

const CHART = { width: 380, height: 270, left: 52, right: 14, top: 10, bottom: 36 };
const COLOURS = 7;
const DASHES = 4;

/** Return a new SVG element with attributes, and children. */
function svgElement(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Return a number as people read it. */
function figure(x, digits = 3) {
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return x.toExponential(Number.isInteger(Math.log10(size)) ? 0 : digits - 2);
  return String(Number(x.toPrecision(digits)));
}

/** Return the numbers of an axis with as many digits as it takes to tell them apart. */
function figures(numbers) {
  let digits = 3;
  let written = [];
  do {
    written = numbers.map((x) => figure(x, digits));
    digits += 1;
  } while (new Set(written).size < numbers.length && digits <= 17);
  return written;
}

/** A scale of numbers: what place a number has between 0 and 1, and the numbers to mark. */
class Scale {
  constructor(numbers, { log = false, whole = false } = {}) {
    const low = Math.min(...numbers);
    const high = Math.max(...numbers);
    this.log = log && low > 0 && high / low > 20;
    if (this.log) {
      this.low = Math.log10(low) - 0.1;
      this.high = Math.log10(high) + 0.1;
    } else {
      const room = whole ? 0 : 0.06 * (high - low) || Math.abs(high) * 0.1 || 0.1;
      this.low = low >= 0 && low - room < 0.2 * high ? Math.min(0, low) : low - room;
      if (whole) this.low = low;
      this.high = high + room > this.low ? high + room : this.low + 1;
    }
    this.whole = whole;
  }

  place(x) {
    return ((this.log ? Math.log10(x) : x) - this.low) / (this.high - this.low);
  }

  marks(most) {
    if (this.log) {
      const first = Math.ceil(this.low);
      const last = Math.floor(this.high);
      const step = Math.max(1, Math.ceil((last - first + 1) / most));
      const within = [];
      for (let k = first; k <= last; k += step) within.push(10 ** k);
      if (within.length > 1) return within;
      const between = [first - 1, first].flatMap((k) => [1, 2, 5].map((m) => m * 10 ** k));
      return between.filter((x) => this.low <= Math.log10(x) && Math.log10(x) <= this.high);
    }
    const rough = (this.high - this.low) / most;
    const power = 10 ** Math.floor(Math.log10(rough));
    let step = [1, 2, 5, 10].map((k) => k * power).find((k) => k >= rough);
    if (this.whole) step = Math.max(1, Math.round(step));
    const marks = [];
    for (let k = Math.ceil(this.low / step); k * step <= this.high * (1 + 1e-12); k += 1) marks.push(k * step);
    return marks;
  }
}

/** The frame of a picture: the marks, lines and names of both axes. */
function axes(box, x, y, names) {
  const group = svgElement("g", { class: "axes" });
  const across = box.width - box.left - box.right;
  const down = box.height - box.top - box.bottom;
  const text = (content, attributes) => group.append(svgElement("text", attributes, content));
  const [marks, steps] = [y.marks(5), x.marks(6)];
  const [upward, along] = [figures(marks), figures(steps)];
  marks.forEach((mark, i) => {
    const at = box.top + down * (1 - y.place(mark));
    group.append(svgElement("line", { class: "grid", x1: box.left, x2: box.left + across, y1: at, y2: at }));
    text(upward[i], { x: box.left - 6, y: at + 4, "text-anchor": "end" });
  });
  steps.forEach((mark, i) => {
    const at = box.left + across * x.place(mark);
    group.append(svgElement("line", { class: "tick", x1: at, x2: at, y1: box.top + down, y2: box.top + down + 4 }));
    text(along[i], { x: at, y: box.top + down + 17, "text-anchor": "middle" });
  });
  group.append(svgElement("line", { class: "axis", x1: box.left, x2: box.left + across, y1: box.top + down, y2: box.top + down }));
  text(names[0], { class: "name", x: box.left + across / 2, y: box.height - 4, "text-anchor": "middle" });
  if (names[1]) text(names[1], { class: "name", x: 10, y: box.top + down / 2, "text-anchor": "middle" });
  return group;
}

/** Curves by epoch, with a legend that shows their last values, or those under the pointer. */
class Chart {
  constructor(title) {
    this.title = title;
    this.curves = [];
    this.svg = svgElement("svg", { viewBox: `0 0 ${CHART.width} ${CHART.height}`, role: "img" });
    this.legend = html("ul", { class: "legend" });
    this.where = html("span", { class: "where" });
    this.element = html("section", {}, html("h2", {}, title, this.where), this.legend, this.svg);
    this.svg.addEventListener("pointermove", (event) => this.point(event));
    this.svg.addEventListener("pointerleave", () => this.tell(null));
  }

  draw(curves) {
    this.curves = curves.filter((curve) => curve.values.length);
    this.element.hidden = !this.curves.length;
    if (!this.curves.length) return;
    const epochs = this.curves.flatMap((curve) => [curve.epochs[0], curve.epochs[curve.epochs.length - 1]]);
    this.x = new Scale([1, Math.max(2, ...epochs)], { whole: true });
    this.y = new Scale(this.curves.flatMap((curve) => curve.values), { log: true });
    this.cursor = svgElement("line", { class: "cursor", y1: CHART.top, y2: CHART.height - CHART.bottom, x1: 0, x2: 0, visibility: "hidden" });
    const drawn = this.curves.map((curve, i) => {
      const points = curve.values.map((value, k) => this.at(curve.epochs[k], value));
      const look = `c${i % COLOURS} d${i % DASHES}`;
      if (points.length === 1) return svgElement("circle", { class: `dot ${look}`, cx: points[0][0], cy: points[0][1], r: 3 });
      return svgElement("path", { class: `curve ${look}`, d: `M${points.map((p) => p.map((c) => c.toFixed(1)).join(" ")).join("L")}` });
    });
    this.svg.replaceChildren(axes(CHART, this.x, this.y, ["epoch", ""]), ...drawn, this.cursor);
    this.numbers = this.curves.map(() => html("b"));
    this.legend.replaceChildren(
      ...this.curves.map((curve, i) => {
        const line = svgElement("svg", { viewBox: "0 0 24 8", class: "swatch", "aria-hidden": "true" }, svgElement("path", { class: `curve c${i % COLOURS} d${i % DASHES}`, d: "M0 4L24 4" }));
        return html("li", {}, line, html("span", {}, curve.name), this.numbers[i]);
      }),
    );
    this.tell(null);
    const said = this.curves.map((curve) => `${curve.name} ${figure(curve.values[curve.values.length - 1])}`);
    this.svg.setAttribute("aria-label", `${this.title} by epoch; now ${said.join(", ")}`);
  }

  at(epoch, value) {
    return [
      CHART.left + this.x.place(epoch) * (CHART.width - CHART.left - CHART.right),
      CHART.top + (1 - this.y.place(value)) * (CHART.height - CHART.top - CHART.bottom),
    ];
  }

  point(event) {
    const box = this.svg.getBoundingClientRect();
    const across = ((event.clientX - box.left) / box.width) * CHART.width;
    const share = (across - CHART.left) / (CHART.width - CHART.left - CHART.right);
    this.tell(this.x.low + Math.max(0, Math.min(1, share)) * (this.x.high - this.x.low));
  }

  /** Show the values of an epoch in the legend; null for the last. */
  tell(epoch) {
    let told = null;
    this.curves.forEach((curve, i) => {
      let k = curve.epochs.length - 1;
      if (epoch !== null) curve.epochs.forEach((e, j) => { if (Math.abs(e - epoch) < Math.abs(curve.epochs[k] - epoch)) k = j; });
      told = told ?? curve.epochs[k];
      setText(this.numbers[i], figure(curve.values[k]));
    });
    setText(this.where, epoch === null ? "" : `epoch ${told}`);
    if (epoch !== null) {
      const [across] = this.at(told, this.curves[0].values[0]);
      this.cursor.setAttribute("x1", across);
      this.cursor.setAttribute("x2", across);
    }
    this.cursor?.setAttribute("visibility", epoch === null ? "hidden" : "visible");
  }
}
