// The camera: which part of the graph is in sight, and how large.

const READABLE = 0.75; // below this magnification the whole graph is not shown at once, but followed at NEAR
const NEAR = 1;
const LARGEST = 6;
const MARGIN = 24; // of what is at work, to the sides
const TOOLS = 56; // and to the top, where the buttons are

class Camera {
  /** Look at the graph in `svg` through `host`; `moved` is called whenever the view changes. */
  constructor(host, svg, moved) {
    this.host = host;
    this.group = svg.querySelector(".camera");
    this.width = Number(svg.dataset.width);
    this.height = Number(svg.dataset.height);
    this.moved = moved;
    this.at = { x: 0, y: 0, k: 1 };
    this.size = { width: 0, height: 0 };
    this.fitted = false; // whether the whole graph is shown
    this.atWork = []; // the nodes to keep in sight, the receiving one first
  }

  /** Put the view where `at` says. */
  apply(smoothly) {
    const { x, y, k } = this.at;
    this.group.classList.toggle("smooth", Boolean(smoothly));
    this.group.style.transform = `translate(${x}px, ${y}px) scale(${k})`;
    this.moved();
  }

  /** Note the host's size: asking for it at each step would force the browser to lay the page out each time. */
  measure() {
    this.size = { width: this.host.clientWidth, height: this.host.clientHeight };
  }

  get whole() {
    const { width, height } = this.size;
    return Math.min((width - 16) / this.width, (height - TOOLS - 8) / this.height, 2);
  }

  /** Show the whole graph. */
  fit(smoothly = true) {
    const { width, height } = this.size;
    const k = Math.max(this.whole, 0.02);
    const y = Math.max((height - k * this.height) / 2, Math.min(TOOLS, height - k * this.height - 8));
    this.at = { k, x: (width - k * this.width) / 2, y };
    this.fitted = true;
    this.apply(smoothly);
  }

  /** Show the whole graph if it can be read at that size, else what is at work. */
  open() {
    this.fit(false);
    if (this.whole < READABLE) {
      const { width, height } = this.size;
      this.at = { k: NEAR, x: Math.max(8, (width - NEAR * this.width) / 2), y: (height - NEAR * this.height) / 2 };
      this.fitted = false;
      this.follow();
      this.apply(false);
    }
  }

  /** Magnify about a point of the host. */
  zoom(factor, x = this.size.width / 2, y = this.size.height / 2, smoothly = true) {
    const k = Math.min(LARGEST, Math.max(Math.min(this.whole, 1) / 2, this.at.k * factor));
    const r = k / this.at.k;
    this.at = { k, x: x - r * (x - this.at.x), y: y - r * (y - this.at.y) };
    this.fitted = false;
    this.apply(smoothly);
  }

  /** Move by some pixels. */
  pan(dx, dy, smoothly = false) {
    this.at.x += dx;
    this.at.y += dy;
    this.fitted = false;
    this.apply(smoothly);
  }

  /** Move as little as needed to have all nodes at work in sight; the receiving node if it is too much. */
  follow() {
    if (this.fitted || !this.size.width) return;
    const every = this.atWork.map((group) => this.box(group));
    if (!every.length) return;
    const { width, height } = this.size;
    const span = every.reduce((a, b) => ({
      left: Math.min(a.left, b.left), right: Math.max(a.right, b.right),
      top: Math.min(a.top, b.top), bottom: Math.max(a.bottom, b.bottom),
    }));
    const target = { ...span };
    if (span.right - span.left > width - 2 * MARGIN) Object.assign(target, { left: every[0].left, right: every[0].right });
    if (span.bottom - span.top > height - TOOLS - MARGIN) Object.assign(target, { top: every[0].top, bottom: every[0].bottom });
    const shift = (low, high, from, to) => (low < from ? from - low : high > to ? to - high : 0);
    const dx = shift(target.left, target.right, MARGIN, width - MARGIN);
    const dy = shift(target.top, target.bottom, TOOLS, height - MARGIN);
    if (!dx && !dy) return;
    this.pan(dx, dy, true);
  }

  /** Move a group that is not all in sight to the middle. */
  centre(group) {
    const { width, height } = this.size;
    const { left, top, right, bottom } = this.box(group);
    if (left < 0 || right > width) this.at.x += width / 2 - (left + right) / 2;
    if (top < 0 || bottom > height) this.at.y += height / 2 - (top + bottom) / 2;
    this.apply(true);
  }

  /** Return where a group will be on the host when the camera has arrived. */
  box(group) {
    const card = group.querySelector(".fill");
    const number = (name) => Number(card.getAttribute(name));
    group.bounds = group.bounds || (card ? { x: number("x"), y: number("y"), width: number("width"), height: number("height") } : group.getBBox());
    const { x, y, width, height } = group.bounds;
    const shift = (this.origin = this.origin || this.group.firstElementChild.transform.baseVal[0].matrix);
    const left = this.at.x + this.at.k * (x + shift.e);
    const top = this.at.y + this.at.k * (y + shift.f);
    return { left, top, right: left + this.at.k * width, bottom: top + this.at.k * height };
  }
}
