// Elements are made one by one, never from markup, so that a label is always shown as text.

const SVG = "http://www.w3.org/2000/svg";

/** Return a new HTML element with attributes, and children that are elements or text. */
function html(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Return a button with an icon, drawn as one path on a square of 24 by 24, and a name for it. */
function iconButton(name, path, label, press) {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  icon.append(shape);
  const button = html("button", { type: "button", class: name }, icon);
  rename(button, label);
  button.addEventListener("click", press);
  return button;
}

/** Name a button, in its tooltip and for screen readers. */
function rename(button, label) {
  button.setAttribute("aria-label", label);
  button.title = label;
}

/** Return an id that is unique in the document. In a notebook each view runs a module of its own: no counter would do. */
function newId(name) {
  return `${name}-${Math.random().toString(36).slice(2)}`;
}

/** Set the text of an element if it changes: a screen reader speaks every text that is set. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Return arithmetic in nested pieces, so that a long line breaks before an equals sign, else within a side. */
function pieces(text, marks = [/ (?=\+?= )|(?<=[:,]) /, / (?=[→+·] )/]) {
  if (!marks.length) return [text];
  const parts = text.split(marks[0]);
  return parts.flatMap((part, i) => [...(i ? [" "] : []), html("span", {}, ...pieces(part, marks.slice(1)))]);
}
