// Pieces of the page: its templates are the markup and its words, scripts only fill them.

/**
 * Copy the template of this id.
 * @param {string} id
 * @returns {DocumentFragment}
 */
export function part(id) {
  const template = document.getElementById(id);
  if (!(template instanceof HTMLTemplateElement)) throw new Error(`no template ${id}`);
  return /** @type {DocumentFragment} */ (template.content.cloneNode(true));
}

/**
 * Write values into the places named by data-fill.
 * @template {ParentNode} Node
 * @param {Node} node
 * @param {Record<string, string | number>} values
 * @returns {Node}
 */
export function fill(node, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const place of node.querySelectorAll(`[data-fill="${name}"]`)) place.textContent = String(value);
  }
  return node;
}

/**
 * Say a sentence of words.html; with `n` of 1 its singular (name-one) where there is one.
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(name, values = {}) {
  const words = document.getElementById("words");
  if (!(words instanceof HTMLTemplateElement)) return name;
  const find = (/** @type {string} */ key) => words.content.querySelector(`[data-word="${key}"]`)?.textContent;
  const text = (values.n === 1 && find(`${name}-one`)) || find(name) || name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/**
 * @template {Element} Kind
 * @param {ParentNode} node
 * @param {string} selector
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function one(node, selector, kind) {
  const found = node.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`nothing at ${selector}`);
  return found;
}
