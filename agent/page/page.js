// The agent's state, told each second; agent/page/status_page.h says what comes.

import {agree, byId, bytes, clock, keep, lasting, make, moment, move, number, say, sentence, set, since, write} from './dom.js';
import {changes, severityOf, showAlerts, summaryOf} from './alerts.js';
import {learnMap, showMap} from './map.js';
import {forget, good, hear, learn, showValues} from './values.js';

const SILENT = 4000;  // ms without news, which come each second
const RETRY = 2000;
const FRESH = 10;  // seconds: what waits for its batch is not left behind

let page = null;  // what changes rarely: series, alerts, track, geofences
let news = null;
let heardAt = 0;  // by performance.now()
let events = null;
let lost = false;
let asking = false;

// ---- what is said

const keyOf = problem => `${problem.id} ${problem.subject}`;

/** What a problem says, or its beginning, and of which driver. */
const ofDriver = problem => problem.subject && /^(driver|readings|series)_/.test(problem.id);
const faultOf = problem => (ofDriver(problem) ? `driver ${problem.subject}: ` : '') + problem.what;
const briefly = problem => faultOf({...problem, what: problem.what.split(/[:,] /)[0]});

function headline(view) {
  const problems = view.health.problems;
  const firing = page.alerts.active.filter(alert => alert.state === 'firing');
  const bad = problems.filter(problem => problem.severity !== 'info');
  const severities = [...problems.map(problem => problem.severity), ...firing.map(severityOf)];
  const worst = ['critical', 'warning', 'info'].find(severity => severities.includes(severity)) ?? 'ok';
  const alerts = firing.length === 0 ? '' : firing.length === 1 ? `alert: ${summaryOf(firing[0]).split('. ')[0].replace(/\.$/, '')}` : `${firing.length} alerts are firing`;
  const faults = bad.length === 0 ? '' : bad.length === 1 ? briefly(bad[0]) : `${bad.length} things on this box need attention`;
  const what = [alerts, faults].filter(Boolean).join('; ');
  if (!what && !problems.length && view.drivers.every(driver => driver.silent_seconds === null)) return ['info', 'Nothing was read yet.'];
  const notes = problems.length === 1 ? sentence(briefly(problems[0])) : `${problems.length} notes on this box.`;
  return [worst, what ? sentence(what) : problems.length ? notes : 'All is well.'];
}

function showState(view) {
  const [worst, text] = headline(view);
  set(byId('state'), {class: `state ${worst}`});
  write(byId('headline'), text);
  document.title = `${worst === 'ok' ? '' : '● '}${view.vehicle}: ${text}`;
  keep(byId('problems'), view.health.problems, keyOf,
    problem => make('li', {}, make('p', {class: 'badge'}), make('div', {class: 'says'}, make('p', {class: 'summary'}),
      make('p', {class: 'mend'}), make('p', {class: 'when'}, 'since ', since(Date.parse(problem.since)),
        ` · ${problem.id}${problem.subject && !ofDriver(problem) ? ` · ${problem.subject}` : ''}`))),
    (item, problem) => {
      set(item, {class: `alert ${problem.severity}`});
      write(item.querySelector('.badge'), problem.severity);
      write(item.querySelector('.summary'), sentence(faultOf(problem)));
      write(item.querySelector('.mend'), sentence(problem.mend).replace(/`/g, ''));
      move(item.querySelector('time'), Date.parse(problem.since));
    });
}

function showHub(view) {
  const {hub, outbox} = view;
  write(byId('hub'), {up: 'Connected', down: 'No connection', connecting: 'Connecting'}[hub.link] ?? hub.link);
  set(byId('hub'), {class: `big ${hub.link}`});
  write(byId('hub-more'), `for ${lasting(hub.for_seconds)}${hub.link === 'up' ? `, answers in ${lasting1(hub.round_trip_seconds)}` : ''}` +
    (hub.error && hub.link !== 'up' ? `: ${hub.error}` : ''));
  const flows = outbox.records === 0 || (hub.link === 'up' && outbox.oldest_seconds < FRESH);
  write(byId('outbox'), flows ? 'Nothing is left behind' : `${number(outbox.records, 0)} ${outbox.records === 1 ? 'reading waits' : 'readings wait'}`);
  const share = 100 * outbox.quota_share;
  set(byId('fill'), {'aria-valuenow': number(share, 1), 'aria-valuetext': `${number(share, 1)} % of ${bytes(outbox.quota_bytes)}`});
  byId('fill-bar').style.width = `${Math.min(100, share)}%`;
  const parts = [`${bytes(outbox.disk_bytes)} of ${bytes(outbox.quota_bytes)} on disk`, `${bytes(outbox.memory_bytes)} in memory`];
  if (!flows) parts.push(`oldest ${lasting(outbox.oldest_seconds)}`);
  if (outbox.to_full_seconds !== null) parts.push(`full in about ${lasting(outbox.to_full_seconds)}`);
  else if (!flows && outbox.to_empty_seconds !== null) parts.push(`empty in about ${lasting(outbox.to_empty_seconds)}`);
  if (view.records.dropped > 0) parts.push(`${number(view.records.dropped, 0)} dropped`);
  if (outbox.error) parts.push(outbox.error);
  write(byId('outbox-more'), parts.join(' · '));
}

const lasting1 = seconds => seconds < 1 ? `${number(1000 * seconds, 0)} ms` : lasting(seconds);

function showCosts(costs) {
  for (const [id, count] of [['sent', costs.sent_bytes], ['written', costs.written_bytes]]) {
    write(byId(id), bytes(count));
    write(byId(`${id}-day`), costs.seconds < 60 ? '–' : `≈ ${bytes(count / costs.seconds * 86_400)}`);
  }
}

function showDrivers(view) {
  const troubled = new Set(view.health.problems.filter(problem => problem.id.startsWith('driver_')).map(problem => problem.subject));
  keep(byId('drivers'), view.drivers, driver => driver.name,
    driver => make('tr', {}, make('th', {scope: 'row'}, driver.name, make('small', {}, driver.kind)), make('td'), make('td'), make('td')),
    (row, driver) => {
      const [, heard, readings, refused] = row.children;
      row.classList.toggle('troubled-row', troubled.has(driver.name));
      write(heard, driver.missing ? 'no device' : driver.silent_seconds === null ? 'never' : driver.silent_seconds < 2 ? 'now' : `${lasting(driver.silent_seconds)} ago`);
      write(readings, number(driver.readings, 0));
      write(refused, number(driver.rejected, 0) + (driver.failures ? `, failed ${driver.failures}×` : ''));
    });
}

function showAbout(view) {
  const started = Date.parse(view.started);
  const apart = Math.round((Date.now() - clock.now) / 1000);
  const rows = [
    ['Clock', `${moment(clock.now)}, ${view.clock.synced ? 'in step' : 'not in step'}${Math.abs(apart) > 86_400 ? `; this device says ${moment(Date.now())}`
      : Math.abs(apart) > 2 ? `; this device's is ${lasting(Math.abs(apart))} ${apart > 0 ? 'ahead' : 'behind'}` : ''}`],
    ['Running', `for ${lasting((clock.now - started) / 1000)}, since ${moment(started)}`],
    ['Version', view.version],
    ['Configuration', view.config_hash.slice(0, 12)],
    ['Rules', `${view.rules.in_force} in force, ${view.rules.hash.slice(0, 12)}${view.rules.errors ? '; newer ones were refused' : ''}`],
  ];
  keep(byId('about'), rows, row => row[0], row => make('div', {}, make('dt', {}, row[0]), make('dd')), (item, row) => write(item.lastChild, row[1]));
}

function show() {
  const {view} = news;
  write(byId('vehicle'), view.vehicle);
  showState(view);
  showAlerts(page.alerts, view.alerts.hidden);
  showValues(news.hidden_series);
  showMap(good('latitude_deg'), good('longitude_deg'), good('heading_deg'));
  showHub(view);
  showCosts(news.costs);
  showDrivers(view);
  showAbout(view);
  agree();
}

function tell(before, after) {
  const [urgent, calm] = changes(before, after);
  say('assertive', urgent);
  say('polite', calm);
}

/** What a screen reader is told of the box's own problems: those that nobody knows of yet, and the end of all. */
function tellProblems(before, after) {
  const known = before.map(told);
  const fresh = after.filter(problem => problem.severity !== 'info' && !known.includes(told(problem)));
  say('polite', fresh.map(problem => sentence(`${problem.severity}: ${faultOf(problem)}`)).join(' ') || (before.length && !after.length ? 'No problem is left.' : ''));
}

const told = problem => `${keyOf(problem)} ${problem.severity}`;

// ---- the connection

async function ask() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch('page.json', {cache: 'no-store', signal: AbortSignal.timeout(5000)});
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = await answer.json();
    if (page && page.version !== fresh.version) return location.reload();  // which has a page of its own
    if (page) tell(page.alerts, fresh.alerts);
    page = fresh;
    if (!events) forget();
    learn(page.series);
    learnMap(page);
    if (!events) listen();
    else if (news) show();
  } catch {
    lose();
  } finally {
    asking = false;
  }
}

function listen() {
  events = new EventSource('events');
  events.onmessage = event => take(JSON.parse(event.data));
  events.onerror = lose;
}

function take(fresh) {
  if (news) tellProblems(news.view.health.problems, fresh.view.health.problems);
  news = fresh;
  heardAt = performance.now();
  clock.now = fresh.time;
  if (lost || byId('link').textContent !== 'Live') setLost(false);
  const complete = hear(fresh);
  show();
  if (!complete || fresh.revision !== page.revision) ask();
}

function lose() {
  events?.close();
  events = null;
  setLost(true);
}

function setLost(isLost) {
  if (!isLost && lost) say('polite', 'Connected again');
  lost = isLost;
  document.body.classList.toggle('is-lost', lost);
  write(byId('link'), lost ? 'No connection' : 'Live');
  set(byId('link'), {class: lost ? 'pill off' : 'pill on'});
  byId('lost').hidden = !lost;
  sayLost();
}

function sayLost() {
  if (!lost) return;
  const text = news ? `Connection lost. What you see is of ${moment(news.time)}. Trying again.`
    : page ? 'The agent tells no news: it serves eight pages at a time. Trying again.' : 'The agent can’t be reached. Trying again.';
  write(byId('lost'), text);
  document.title = `No connection: ${byId('vehicle').textContent}`;
}

setInterval(() => {
  const silent = performance.now() - heardAt;
  if (!lost && events && heardAt && silent > SILENT) lose();
  if (lost && news) agree();
}, 1000);
setInterval(() => {
  if (lost && !events) ask();
}, RETRY);

// ---- dark and light

const dark = matchMedia('(prefers-color-scheme: dark)');
const kept = () => {
  try {
    return localStorage.getItem('theme');
  } catch {
    return null;  // a browser that keeps nothing
  }
};

function applyTheme(choice) {
  const theme = choice ?? (dark.matches ? 'dark' : 'light');
  document.documentElement.dataset.theme = theme;
  write(byId('theme'), theme === 'dark' ? 'Light' : 'Dark');
  set(byId('theme'), {'aria-label': `Show ${theme === 'dark' ? 'light' : 'dark'} colours`});
}

byId('theme').addEventListener('click', () => {
  const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  try {
    localStorage.setItem('theme', theme);
  } catch {
    // It holds until the page is loaded again.
  }
  applyTheme(theme);
});
dark.addEventListener('change', () => applyTheme(kept()));
applyTheme(kept());
ask();
