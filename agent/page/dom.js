// What the page's parts share: elements, and how numbers, sizes and times read. All text goes in by textContent:
// names and labels come from the vehicle's buses.

const SVG = 'http://www.w3.org/2000/svg';

export const byId = id => document.getElementById(id);

/** An element with attributes and children (text or elements). */
export function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function draw(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(element, attributes, children) {
  set(element, attributes);
  element.append(...children);
  return element;
}

/** Sets what differs, so that nothing is laid out again without need. */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    const text = String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/** A sentence of what may be one already; a name that it begins with stays as it is. */
export const sentence = text => (/^\w+_/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1)) + (/[.?!]$/.test(text) ? '' : '.');

/** Has a screen reader say it, and again where it is the same as before. */
export function say(id, text) {
  if (text) byId(id).replaceChildren(make('span', {}, text));
}

export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes `parent` hold one element for each of `items`, in their order: kept while its key stays, so that what is open,
 * selected or focused stays so.
 */
export function keep(parent, items, keyOf, create, update) {
  const before = new Map([...parent.children].map(child => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let child = before.get(key);
    if (child) before.delete(key);
    else {
      child = create(item);
      child.dataset.key = key;
    }
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
    update?.(child, item);
  }
  for (const child of before.values()) child.remove();
}

/** What has more digits than there is room for, or none that would be seen, reads `1.24e15`. */
export function number(value, decimals) {
  if (value === null || value === undefined) return '–';
  const size = Math.abs(value);
  if (size >= (decimals === 0 ? 1e12 : 1e7) || (decimals === undefined && size && size < 0.001)) return value.toExponential(2).replace('+', '');
  return value.toLocaleString('en', {minimumFractionDigits: decimals ?? 0, maximumFractionDigits: decimals ?? (size < 10 ? 3 : 1)}).replace(/^-(?=[0.]*$)/, '');
}

export function bytes(count) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  for (; count >= 1000 && unit < units.length - 1; ++unit) count /= 1000;
  return `${number(count, unit && count < 100 ? 1 : 0)} ${units[unit]}`;
}

/** `12 s`, `3 min`, `2 h 5 min`, `4 d 3 h`. */
export function lasting(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const m = Math.floor(s / 60);
  if (m < 60) return m < 5 && s % 60 ? `${m} min ${s % 60} s` : `${m} min`;
  const h = Math.floor(m / 60);
  if (h < 24) return m % 60 ? `${h} h ${m % 60} min` : `${h} h`;
  const d = Math.floor(h / 24);
  return h % 24 ? `${d} d ${h % 24} h` : `${d} d`;
}

/** The box's time in milliseconds, whatever this device's clock says; page.js sets it. */
export const clock = {now: Date.now()};

/** `14:02:31`, with its date when that is not the box's today; in this device's time zone. */
export function moment(milliseconds) {
  const time = new Date(milliseconds);
  const text = time.toLocaleTimeString('en-GB');
  const sameDay = time.toDateString() === new Date(clock.now).toDateString();
  return sameDay ? text : `${time.toLocaleDateString('en-GB', {day: 'numeric', month: 'short', year: 'numeric'})} ${text}`;
}

/** A <time> that says when and how long ago; agree() keeps it true. */
export function since(milliseconds) {
  const element = make('time', {datetime: new Date(milliseconds).toISOString()});
  element.dataset.since = milliseconds;
  sayAge(element);
  return element;
}

/** Makes it another moment, where that is more than a rounding apart: the box's clock was set. */
export function move(element, milliseconds) {
  if (Math.abs(element.dataset.since - milliseconds) > 2000) element.replaceWith(since(milliseconds));
}

function sayAge(element) {
  const at = Number(element.dataset.since);
  write(element, `${moment(at)}, ${lasting((clock.now - at) / 1000)} ago`);
}

export function agree() {
  for (const element of document.querySelectorAll('time[data-since]')) sayAge(element);
}

/** `cargo_celsius` as people say it, without the unit: `Cargo`. */
export function plainName(name) {
  const words = name.replace(/_(celsius|kmh|percent|volts|deg|mps2|kpa|km|m|on|total)$/, '').replace(/[_:]+/g, ' ').trim()
    .replace(/\bgnss\b/i, 'GNSS').replace(/\bhdop\b/i, 'HDOP').replace(/\brpm\b/, 'speed').replace(/\baccel\b/, 'acceleration');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function labelText(labels) {
  return Object.entries(labels).map(([name, value]) => `${name} ${value}`).join(', ');
}

export function title(series) {
  const labels = labelText(series.labels);
  return labels ? `${plainName(series.name)}, ${labels}` : plainName(series.name);
}

export function withUnit(value, series) {
  const text = number(value, series.decimals);
  return series.unit ? `${text} ${series.unit}` : text;
}
