// A page: a model such as a notebook has, but with no Python behind it.

const held = { data: JSON.parse(document.getElementById("data").textContent), step: 0 };
const model = {
  get: (name) => held[name],
  set: (name, value) => { held[name] = value; },
  on() {},
  off() {},
  save_changes() {},
};
render({ model, el: document.getElementById("shown") });
