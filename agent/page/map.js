// Where the vehicle is, on a map without tiles: its track, the geofences, a scale, north.

import {byId, clock, draw, lasting, number, write} from './dom.js';
import {isOld} from './values.js';

const WIDTH = 400;
const HEIGHT = 300;
const FOOT = 34;  // below the map, for scale and north
const EDGE = 28;
const LEAST_M = 300;  // across: a vehicle at rest is not shown by the centimetre
const STRAY_M = 10;  // of a receiver at rest
const MOST = 1200;  // points of the track
const DEGREE_M = 111_200;  // of latitude; of longitude times its cosine

let lines = {track: [], fences: []};  // of [latitude, longitude]

const pairs = numbers => Array.from({length: numbers.length / 2}, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);

export function learnMap(page) {
  lines = {
    track: pairs(page.track),
    fences: page.fences.map(fence => ({name: fence.name, circles: fence.circles,
      polygons: fence.polygons.map(polygon => polygon.rings.map(ring => pairs(ring.ring)))})),
  };
}

/** The track goes on until the agent's is asked for again. */
function follow(here) {
  const track = lines.track, last = track[track.length - 1];
  if (last && Math.hypot(...plane(last)(here)) < STRAY_M) return;
  track.push(here);
  if (track.length > MOST) lines.track = track.filter((_, i) => i % 2 === 0);
}

/** Metres east and south of `origin`. */
function plane(origin) {
  const east = DEGREE_M * Math.cos(origin[0] * Math.PI / 180);
  return ([latitude, longitude]) => {
    const turn = ((longitude - origin[1] + 540) % 360) - 180;
    return [turn * east, (origin[0] - latitude) * DEGREE_M];
  };
}

/** The scale and shift that show all `points`, of the plane in metres, as a function to pixels. */
function frame(points) {
  const xs = points.map(point => point[0]), ys = points.map(point => point[1]);
  const middle = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
  const across = Math.max(LEAST_M, Math.max(...xs) - Math.min(...xs));
  const down = Math.max(LEAST_M * HEIGHT / WIDTH, Math.max(...ys) - Math.min(...ys));
  const scale = Math.min((WIDTH - 2 * EDGE) / across, (HEIGHT - 2 * EDGE) / down);
  return {scale, at: ([x, y]) => [WIDTH / 2 + (x - middle[0]) * scale, HEIGHT / 2 + (y - middle[1]) * scale]};
}

const text = points => points.map(point => point.map(part => part.toFixed(1)).join(',')).join(' ');

function inRing(ring, [x, y]) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i], [xj, yj] = ring[j];
    if ((yi > y) !== (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** The bar's length: the longest of 1, 2, 5 × 10ⁿ metres that takes a quarter of the width. */
function scaleBar(scale) {
  const most = WIDTH / 4 / scale;
  const ten = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map(n => n * ten).find(length => length <= most);
  const length = metres * scale;
  const name = metres < 1000 ? `${metres} m` : `${metres / 1000} km`;
  return draw('g', {class: 'scale', transform: `translate(14 ${HEIGHT + 22})`},
    draw('path', {d: `M0 -8V0H${length.toFixed(1)}V-8`}), draw('text', {x: length + 8, y: 1}, name));
}

const north = () => draw('g', {class: 'north', transform: `translate(${WIDTH - 20} ${HEIGHT + 25})`},
  draw('path', {d: 'M0 -18L6 0L0 -4L-6 0Z'}), draw('text', {x: -12, y: -2, 'text-anchor': 'end'}, 'N'));

function drawFence(fence, project, scale, names) {
  const group = draw('g', {class: 'fence'});
  const shown = [];
  for (const rings of fence.polygons) {
    const paths = rings.map(ring => ring.map(project));
    shown.push(...paths[0]);
    group.append(draw('path', {d: paths.map(ring => `M${text(ring)}Z`).join(''), 'fill-rule': 'evenodd'}));
  }
  for (const circle of fence.circles) {
    const [cx, cy] = project(circle.centre);
    const r = circle.radius_m * scale;
    shown.push([cx - r, cy - r], [cx + r, cy + r]);
    group.append(draw('circle', {cx: cx.toFixed(1), cy: cy.toFixed(1), r: r.toFixed(1)}));
  }
  const xs = shown.map(point => point[0]), ys = shown.map(point => point[1]);
  const box = [Math.max(0, Math.min(...xs)), Math.max(0, Math.min(...ys)), Math.min(WIDTH, Math.max(...xs)), Math.min(HEIGHT, Math.max(...ys))];
  if (box[0] < box[2] && box[1] < box[3]) {
    const half = 4 + 5 * fence.name.length;  // of the name's width, roughly
    const x = Math.max(half, Math.min(WIDTH - half, (box[0] + box[2]) / 2));
    names.append(draw('text', {x: x.toFixed(1), y: ((box[1] + box[3]) / 2 + 4).toFixed(1), 'text-anchor': 'middle'}, fence.name));
  }
  return group;
}

function placesAt(position) {
  const to = plane(position);
  return lines.fences.filter(fence =>
    fence.polygons.some(rings => rings.filter(ring => inRing(ring.map(to), [0, 0])).length % 2) ||
    fence.circles.some(circle => Math.hypot(...to(circle.centre)) <= circle.radius_m)).map(fence => fence.name);
}

const degrees = (value, names) => `${number(Math.abs(value), 5)}° ${names[value < 0 ? 1 : 0]}`;

let shown = '';

/** Takes the series of the position; each may be missing. */
export function showMap(latitude, longitude, course) {
  const here = latitude && longitude ? [latitude.value, longitude.value] : null;
  const old = here && isOld(latitude) ? `, ${lasting((clock.now - latitude.time) / 1000)} ago` : '';
  const heading = here && !old && course && !isOld(course) ? course.value : undefined;
  const state = JSON.stringify([here, old, heading]) + lines.track.length + lines.fences.length;
  if (shown === state) return;
  shown = state;
  if (here) follow(here);
  const last = here ?? lines.track[lines.track.length - 1];
  const svg = byId('map');
  svg.classList.toggle('empty', !last);
  if (!last) return;
  const to = plane(last);
  const way = [...lines.track, ...(here ? [here] : [])].map(to);
  const {scale, at} = frame(way);
  const project = position => at(to(position));
  const names = draw('g', {class: 'names'});
  const fences = lines.fences.map(fence => drawFence(fence, project, scale, names));
  const [x, y] = project(last);
  const vehicle = heading === undefined ? draw('circle', {class: 'vehicle', r: 8})
    : draw('path', {class: 'vehicle', d: 'M0 -13L9 11L0 6L-9 11Z', transform: `rotate(${heading})`});
  svg.replaceChildren(...fences, draw('polyline', {class: 'track', points: text(way.map(at))}), names,
    draw('g', {transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`}, vehicle),
    draw('rect', {class: 'foot', y: HEIGHT, width: WIDTH, height: FOOT}), scaleBar(scale), north());
  const places = placesAt(last);
  write(byId('place'), `${here && !old ? '' : `Last known${old}: `}${degrees(last[0], 'NS')}, ${degrees(last[1], 'EW')}` +
    `${heading === undefined ? '' : `, heading ${number(heading, 0)}°`}` +
    `${places.length ? `. In ${places.join(', ')}` : lines.fences.length ? '. In none of the geofences' : ''}`);
}
