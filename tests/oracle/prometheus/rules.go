package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/storage"
)

// Rules is a rule file and where its instants begin.
type Rules struct {
	File       string `json:"file"`
	IntervalMs int64  `json:"interval_ms"`
	FromMs     int64  `json:"from_ms"`
}

// groups evaluates rule groups as Prometheus's manager does, at instants instead of by a clock.
type groups struct {
	groups   []*rules.Group
	next     time.Time
	interval time.Duration
}

func newGroups(given Rules, engine *promql.Engine, parse parser.Parser, stored *memory) (*groups, error) {
	read, errs := rulefmt.Parse([]byte(given.File), false, model.LegacyValidation, parse, promslog.NewNopLogger())
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	made := &groups{
		next:     time.UnixMilli(given.FromMs),
		interval: time.Duration(given.IntervalMs) * time.Millisecond,
	}
	options := &rules.ManagerOptions{
		Context:    context.Background(),
		Appendable: stored,
		Queryable:  stored,
		QueryFunc:  rules.EngineQueryFunc(engine, stored),
		NotifyFunc: func(context.Context, string, ...*rules.Alert) {},
		Logger:     promslog.NewNopLogger(),
	}
	for _, group := range read.Groups {
		all := []rules.Rule{}
		for _, rule := range group.Rules {
			expression, err := parse.ParseExpr(rule.Expr)
			if err != nil {
				return nil, fmt.Errorf("group %s: %w", group.Name, err)
			}
			all = append(all, newRule(group, rule, expression, options))
		}
		made.groups = append(made.groups, rules.NewGroup(rules.GroupOptions{
			Name: group.Name, File: "rules", Interval: made.interval, Rules: all, Opts: options,
		}))
	}
	return made, nil
}

func newRule(group rulefmt.RuleGroup, rule rulefmt.Rule, expression parser.Expr, options *rules.ManagerOptions) rules.Rule {
	given := rules.FromMaps(group.Labels, rule.Labels)
	if rule.Alert == "" {
		return rules.NewRecordingRule(rule.Record, expression, given)
	}
	const restored = true // else no ALERTS are written
	return rules.NewAlertingRule(rule.Alert, expression, time.Duration(rule.For), time.Duration(rule.KeepFiringFor),
		given, labels.FromMap(rule.Annotations), labels.EmptyLabels(), "", restored, options.Logger)
}

// evaluateUntil evaluates all instants up to `until`.
func (g *groups) evaluateUntil(until time.Time) {
	for ; !g.next.After(until); g.next = g.next.Add(g.interval) {
		for _, group := range g.groups {
			group.Eval(context.Background(), g.next)
		}
	}
}

// appender takes what rules record. What promql's groups don't call is left out.
type appender struct {
	storage.Appender
	memory *memory
}

func (m *memory) Appender(context.Context) storage.Appender { return &appender{memory: m} }

func (a *appender) SetOptions(*storage.AppendOptions) {}
func (a *appender) Commit() error                     { return nil }
func (a *appender) Rollback() error                   { return nil }

func (a *appender) Append(_ storage.SeriesRef, of labels.Labels, at int64, value float64) (storage.SeriesRef, error) {
	return 0, a.memory.append(of, Sample{at, value})
}
