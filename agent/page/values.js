// The last value of each series, with its ten seconds.

import {byId, clock, keep, lasting, make, number, set, title, write} from './dom.js';
import {drawSparkline, newSparkline} from './charts.js';

const GROUPS = [
  ['Driving', /^(vehicle_speed|accel_|odometer|heading)/],
  ['Engine and supply', /^(engine_|fuel_|battery_|ignition_|tire_|obd_)/],
  ['Cargo', /^(cargo_)/],
  ['Surroundings', /^(ambient_)/],
  ['Satellite navigation', /^(gnss_|latitude|longitude|altitude)/],
  ['Others', /./],
];
const SILENT = 15_000;  // ms without a value that are said; some sources have one each ten seconds
// What a glance takes in; more digits would only flicker.
const DIGITS = {'km/h': 1, 'm/s²': 2, '°': 0, km: 0, rpm: 0};
const ONLY_ON_THE_MAP = /^(latitude|longitude)_deg$/;
const QUALITY = {stale: 'silent', out_of_range: 'out of range', suspect: 'not believed', malformed: 'unreadable'};

const known = new Map();  // series by id, with its points

/** Takes the list of series; points that are there stay. */
export function learn(list) {
  for (const series of list) known.set(series.id, {points: [], ...known.get(series.id), ...series});
}

/** The agent may be another one by now, whose numbers mean other series. */
export function forget() {
  known.clear();
}

/** Takes the news; false when a series is in it that nobody told of. */
export function hear(news) {
  let all = true;
  for (const item of news.series) {
    const series = known.get(item.id);
    if (!series) {
      all = false;
      continue;
    }
    series.value = item.value;
    series.time = item.time;
    series.quality = item.quality;
    const points = item.points ?? [];
    // Neither what is past nor, where the clock was set back, what will never be.
    series.points = series.points.filter(point => Math.abs(news.time - point[0]) < 11_000);
    const last = series.points.length ? series.points[series.points.length - 1][0] : 0;
    for (let i = 0; i < points.length; i += 2) {
      const time = news.time - points[i];
      if (time > last) series.points.push([time, points[i + 1]]);
    }
  }
  return all;
}

/** The series of a signal whose last value is good, however old. */
export function good(name) {
  return [...known.values()].find(series => series.name === name && series.time && !series.quality);
}

/** Whether its value is no longer that of the moment. */
export const isOld = series => clock.now - series.time > SILENT;

function newTile(series) {
  const name = title(series);
  const tile = make('li', {class: 'tile', title: series.about ? `${series.about} (${series.name})` : series.name},
    make('h4', {}, name), make('p', {class: 'value'}, make('span'), make('small', {}, series.unit ?? '')),
    newSparkline(), make('p', {class: 'note'}));
  return tile;
}

function said(series) {
  if (series.value === null || !series.time) return '–';
  if (/_on$/.test(series.name) && !series.decimals) return series.value ? 'on' : 'off';
  return number(series.value, DIGITS[series.unit] ?? series.decimals);
}

function update(tile, series) {
  const age = clock.now - series.time;
  const trouble = QUALITY[series.quality] ?? (series.time && isOld(series) ? 'last value' : '');
  const text = said(series);
  write(tile.querySelector('.value span'), text);
  tile.querySelector('.value').classList.toggle('long', text.length > 6);
  write(tile.lastChild, trouble ? (series.time ? `${trouble}, ${lasting(age / 1000)} ago` : trouble) : '');
  set(tile, {class: trouble ? 'tile troubled' : 'tile'});
  drawSparkline(tile.querySelector('svg'), series.points.filter(point => point[0] > clock.now - 10_500), clock.now, series);
}

export function showValues(hidden) {
  const groups = GROUPS.map(([name]) => ({name, list: []}));
  for (const series of known.values()) {
    if (series.time === undefined || ONLY_ON_THE_MAP.test(series.name)) continue;
    groups[GROUPS.findIndex(([, pattern]) => pattern.test(series.name))].list.push(series);
  }
  const order = (a, b) => title(a).localeCompare(title(b), 'en', {numeric: true});
  keep(byId('values'), groups.filter(group => group.list.length), group => group.name,
    group => make('section', {class: 'group'}, make('h3', {}, group.name), make('ul', {class: 'tiles'})),
    (section, group) => keep(section.lastChild, group.list.sort(order), series => `${series.name} ${JSON.stringify(series.labels)}`, newTile, update));
  write(byId('values-note'), known.size === 0 ? 'No value yet.'
    : hidden ? `${number(hidden, 0)} further series are not shown; they are judged and delivered as ever.` : '');
}
