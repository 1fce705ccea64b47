// Active and past alerts, each with the rule and the window that caused it.

import {byId, keep, labelText, lasting, make, moment, plainName, set, since, title, write} from './dom.js';
import {windowChart} from './charts.js';

const SEVERITIES = ['critical', 'warning', 'info'];

/** One time that it was active; an agent that was started anew counts them anew. */
const keyOf = alert => `${alert.id} ${alert.alert} ${alert.since}`;

/** `EngineOverheat` as `Engine overheat`. */
function words(name) {
  const text = name.replace(/_/g, ' ').replace(/([a-z0-9])([A-Z])/g, (_, end, begin) => `${end} ${begin.toLowerCase()}`);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function severityOf(alert) {
  return SEVERITIES.includes(alert.labels.severity) ? alert.labels.severity : 'info';
}

export function summaryOf(alert) {
  return alert.annotations.summary || alert.annotations.description || words(alert.alert);
}

function ruleText(rule) {
  const facts = [`group ${rule.group}`, rule.file.split('/').slice(-2).join('/')];
  const lines = [rule.expr];
  if (rule.for_seconds) facts.unshift(`for ${lasting(rule.for_seconds)}`);
  if (rule.clear) lines.push(`clears when: ${rule.clear}`);
  return [make('pre', {}, ...lines.join('\n').split(/(\w+_)/).flatMap(part => [part, make('wbr')])), make('p', {class: 'note'}, facts.join(' · '))];
}

/** What is behind the fold; made anew when the alert's state changes. */
function showCause(box, alert) {
  const parts = alert.windows.map(window => windowChart(window, title(window)));
  if (!parts.length) parts.push(make('p', {class: 'note'}, alert.fired ? 'No values of its series are known.' : 'It has not fired yet.'));
  for (const rule of alert.rules) parts.push(...ruleText(rule));
  if (!alert.rules.length) parts.push(make('p', {class: 'note'}, 'Its rule is no longer there.'));
  const labels = labelText(Object.fromEntries(Object.entries(alert.labels).filter(([name]) => name !== 'severity')));
  parts.push(make('p', {class: 'note'}, `${alert.alert}${labels ? ` (${labels})` : ''}`));
  box.replaceChildren(...parts);
}

function newAlert() {
  return make('li', {}, make('p', {class: 'badge'}), make('div', {class: 'says'}, make('p', {class: 'summary'}), make('p', {class: 'when'}),
    make('details', {}, make('summary', {}, 'Rule and values that caused it'), make('div', {class: 'cause'}))));
}

function when(alert) {
  const began = Date.parse(alert.fired ?? alert.since);
  if (alert.state === 'resolved') {
    const ended = Date.parse(alert.at);
    return [`${moment(began)} to ${moment(ended)}, for ${lasting((ended - began) / 1000)}`];
  }
  return [alert.state === 'pending' ? 'pending since ' : 'since ', since(began)];
}

function update(item, alert) {
  set(item, {class: `alert ${alert.state === 'firing' ? severityOf(alert) : 'calm'}`});
  const state = `${alert.state} ${alert.windows.length}`;
  if (item.dataset.state === state) return;
  item.dataset.state = state;
  write(item.querySelector('.badge'), alert.state === 'pending' ? 'pending' : severityOf(alert));
  write(item.querySelector('.summary'), summaryOf(alert));
  item.querySelector('.when').replaceChildren(...when(alert));
  showCause(item.querySelector('.cause'), alert);
}

export function showAlerts(alerts, hidden) {
  const rank = alert => (alert.state === 'firing' ? 0 : 10) + SEVERITIES.indexOf(severityOf(alert));
  const active = [...alerts.active].sort((a, b) => rank(a) - rank(b));
  keep(byId('active'), active, keyOf, newAlert, update);
  keep(byId('past'), alerts.past, keyOf, newAlert, update);
  const firing = active.filter(alert => alert.state === 'firing').length;
  const pending = active.length - firing;
  write(byId('alerts-title'), active.length + hidden === 0 ? 'No alert is active'
    : [count(firing + hidden, 'firing'), count(pending, 'pending')].filter(Boolean).join(', '));
  byId('past-alerts').hidden = alerts.past.length === 0;
  write(byId('past-title'), alerts.past.length === 1 ? 'One past alert' : `${alerts.past.length} past alerts`);
}

const count = (alerts, state) => alerts === 0 ? '' : `${alerts} ${alerts === 1 ? 'alert' : 'alerts'} ${state}`;

/** What a screen reader is told of the change from `before` to `after`: [assertive, polite]. */
export function changes(before, after) {
  const firing = list => new Map(list.active.filter(alert => alert.state === 'firing').map(alert => [keyOf(alert), alert]));
  const was = firing(before), is = firing(after);
  const urgent = [], calm = [];
  for (const [key, alert] of is) {
    if (!was.has(key)) (severityOf(alert) === 'critical' ? urgent : calm).push(`${plainName(severityOf(alert))} alert: ${summaryOf(alert)}`);
  }
  for (const [key, alert] of was) if (!is.has(key)) calm.push(`Over: ${summaryOf(alert)}`);
  return [urgent.join('. '), calm.join('. ')];
}
