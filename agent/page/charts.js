// Lines of values over time, as SVG: the ten seconds of a value, and the window that led to an alert.

import {draw, lasting, make, number, set, withUnit} from './dom.js';

const WIDTH = 120;
const HEIGHT = 32;
const SPAN = 10_000;  // ms

/** Least and greatest, apart enough that noise in the last decimal stays flat. */
function reach(values, decimals) {
  let low = Math.min(...values), high = Math.max(...values);
  const least = 8 * 10 ** -(decimals ?? 2);
  if (high - low < least) {
    const middle = high / 2 + low / 2;
    low = middle - least / 2;
    high = middle + least / 2;
  }
  return [low, high];
}

/** Where between `high`, 0, and `low`, 1. Halved: their distance may be more than a number holds; of huge ones it may be none. */
const below = (high, value, low) => high === low ? 0.5 : (high / 2 - value / 2) / (high / 2 - low / 2);

export function newSparkline() {
  return draw('svg', {class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img',
    'aria-label': 'no values'}, draw('polyline', {points: ''}));
}

/** `points` are [time, value], of the ten seconds before `now`. */
export function drawSparkline(svg, points, now, series) {
  if (points.length < 2) {
    set(svg, {'aria-label': 'too few values for a line'});
    set(svg.firstChild, {points: ''});
    return;
  }
  const values = points.map(point => point[1]);
  const [low, high] = reach(values, series.decimals);
  const line = points.map(([time, value]) =>
    `${(WIDTH * (1 - (now - time) / SPAN)).toFixed(1)},${(2 + (HEIGHT - 4) * below(high, value, low)).toFixed(1)}`);
  set(svg.firstChild, {points: line.join(' ')});
  const first = values[0], last = values[values.length - 1];
  const change = last - first;
  const turn = Math.abs(change) < 10 ** -(series.decimals ?? 2) ? 'steady' : change > 0 ? 'rising' : 'falling';
  set(svg, {'aria-label': `last ten seconds ${turn}, least ${withUnit(Math.min(...values), series)}, ` +
    `greatest ${withUnit(Math.max(...values), series)}`});
}

const BOX = {width: 320, height: 120, left: 58, right: 8, top: 10, bottom: 22};

/** The window of an alert; its points are [ms before it fired, value, …]. */
export function windowChart(window, name) {
  const points = [];
  for (let i = 0; i < window.points.length; i += 2) points.push([window.points[i], window.points[i + 1]]);
  const bounds = window.bounds.slice(0, 4);
  const values = points.map(point => point[1]).concat(bounds.map(bound => bound.value));
  let [low, high] = reach(values, window.decimals);
  const air = high * 0.06 - low * 0.06;
  low -= air;
  high += air;
  const oldest = Math.max(1000, points[0][0]);
  const x = age => BOX.left + (BOX.width - BOX.left - BOX.right) * (1 - age / oldest);
  const y = value => BOX.top + (BOX.height - BOX.top - BOX.bottom) * below(high, value, low);
  const svg = draw('svg', {class: 'window', viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: 'img'});
  const right = BOX.width - BOX.right;
  for (const value of [low + air, high - air]) {
    svg.append(draw('line', {class: 'grid', x1: BOX.left, x2: right, y1: y(value), y2: y(value)}),
      draw('text', {x: BOX.left - 5, y: y(value) + 4, 'text-anchor': 'end'}, Math.abs(value) < 1000 ? number(value, Math.min(window.decimals ?? 1, 1)) : number(Math.round(value))));
  }
  svg.append(draw('text', {x: BOX.left, y: BOX.height - 6}, `${lasting(oldest / 1000)} before`),
    draw('text', {x: right, y: BOX.height - 6, 'text-anchor': 'end'}, 'fired'));
  for (const bound of bounds) {
    svg.append(draw('line', {class: 'bound', x1: BOX.left, x2: right, y1: y(bound.value), y2: y(bound.value)}),
      draw('text', {class: 'limit', x: BOX.left + 3, y: y(bound.value) - 4}, `${bound.op} ${number(bound.value)}`));
  }
  svg.append(draw('polyline', {points: points.map(([age, value]) => `${x(age).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}));
  const [, last] = points[points.length - 1];
  svg.append(draw('circle', {cx: x(points[points.length - 1][0]), cy: y(last), r: 3.5}));
  const text = `${name}: ${points.length} values in ${lasting(oldest / 1000)}, the last ${withUnit(last, window)}` +
    bounds.map(bound => `; bound ${bound.op} ${number(bound.value)}`).join('');
  svg.prepend(draw('title', {}, text));
  return make('figure', {}, make('figcaption', {}, text), svg);
}
