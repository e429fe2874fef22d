// What a page needs to draw widgets with the front end that is installed with ipywidgets. That front end is written for
// the classic notebook: it asks for requirejs and for Jupyter's version, and gives its classes to `define`.
let widgets;
window.Jupyter = {version: "6.5.6"};
window.requirejs = Object.assign(() => {}, {config: () => {}});
window.define = (_, make) => { widgets = make({id: "widgets", uri: location.href}); };

// Outputs show themselves through the notebook's own code, which is not here: their HTML is put in, with its scripts.
const output = (model) => {
  const place = document.createElement("div");
  for (const {data} of model.get("outputs")) {
    place.append(document.createRange().createContextualFragment((data && data["text/html"]) || ""));
  }
  return place;
};

class Manager {
  constructor(state) { this.state = state; this.models = {}; }
  get_model(id) { return (this.models[id] ||= this.make(id)); }
  async make(id) {
    const {model_name, state} = this.state[id], kind = widgets[model_name];
    const model = new kind(await kind._deserialize_state(state, this), {widget_manager: this, model_id: id});
    model.views ||= {};
    return model;
  }
  async create_view(model, options = {}) {
    const view = new (widgets[model.get("_view_name")])({model, options});
    await view.render();
    return view;
  }
  callbacks() { return {}; }
  inline_sanitize(text) { return text; }
  setViewOptions(options) { return options || {}; }
}

window.draw = async (state, view, place) => {
  const manager = new Manager(state);
  const box = await manager.get_model(view.model_id);
  place.classList.add(...box.get("_dom_classes"));
  for (const child of box.get("children")) {
    const made = child.get("_model_name") === "OutputModel" ? output(child) : (await manager.create_view(child)).el;
    place.append(made);
  }
};
