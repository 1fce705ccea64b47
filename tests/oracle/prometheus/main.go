// Command prometheus evaluates expressions by Prometheus 3's own promql packages: the judge of what
// the rule engine computes. It reads cases as JSON lines and answers each with one line; see
// ../README.md for the form of both.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// Case is a world of series and what is asked of it.
type Case struct {
	LookbackMs  int64    `json:"lookback_ms"`
	Series      []Series `json:"series"`
	Expressions []string `json:"expressions"`
	InstantsMs  []int64  `json:"instants_ms"`
	Rules       *Rules   `json:"rules"`
}

// Answer holds a result for each expression and instant.
type Answer struct {
	Results [][]Result `json:"results"`
}

// Result is a type with its elements, or an error; a scalar is one element without labels.
type Result struct {
	Type     string    `json:"type,omitempty"`
	Elements []Element `json:"elements,omitempty"`
	Error    string    `json:"error,omitempty"`
}

// Element is one sample of a vector; Value reads back as the same float.
type Element struct {
	Labels map[string]string `json:"labels"`
	Value  string            `json:"value"`
}

func toText(value float64) string {
	if math.IsNaN(value) {
		return "NaN"
	}
	return strconv.FormatFloat(value, 'g', -1, 64)
}

func evaluate(engine *promql.Engine, storage *memory, expression string, instant int64) Result {
	query, err := engine.NewInstantQuery(context.Background(), storage, nil, expression, time.UnixMilli(instant))
	if err != nil {
		return Result{Error: err.Error()}
	}
	defer query.Close()
	answer := query.Exec(context.Background())
	if answer.Err != nil {
		return Result{Error: answer.Err.Error()}
	}
	switch value := answer.Value.(type) {
	case promql.Scalar:
		return Result{Type: "scalar", Elements: []Element{{map[string]string{}, toText(value.V)}}}
	case promql.Vector:
		result := Result{Type: "vector"}
		for _, sample := range value {
			result.Elements = append(result.Elements, Element{sample.Metric.Map(), toText(sample.F)})
		}
		return result
	default:
		return Result{Error: fmt.Sprintf("a %s is no result of a rule", answer.Value.Type())}
	}
}

func answer(line []byte) (Answer, error) {
	var asked Case
	if err := json.Unmarshal(line, &asked); err != nil {
		return Answer{}, err
	}
	storage, err := newMemory(asked.Series)
	if err != nil {
		return Answer{}, err
	}
	parse := parser.NewParser(parser.Options{EnableExperimentalFunctions: true})
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples:           50_000_000,
		Timeout:              time.Minute,
		LookbackDelta:        time.Duration(asked.LookbackMs) * time.Millisecond,
		EnableAtModifier:     true,
		EnableNegativeOffset: true,
		Parser:               parse,
	})
	defer engine.Close()
	var evaluated *groups
	if asked.Rules != nil {
		evaluated, err = newGroups(*asked.Rules, engine, parse, storage)
	}
	answer := Answer{Results: make([][]Result, len(asked.Expressions))}
	if err != nil {
		for i := range answer.Results {
			answer.Results[i] = slices.Repeat([]Result{{Error: err.Error()}}, len(asked.InstantsMs))
		}
		return answer, nil
	}
	for _, instant := range asked.InstantsMs {
		if evaluated != nil {
			evaluated.evaluateUntil(time.UnixMilli(instant))
		}
		for i, expression := range asked.Expressions {
			answer.Results[i] = append(answer.Results[i], evaluate(engine, storage, expression, instant))
		}
	}
	return answer, nil
}

func run() error {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) == 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the last case is cut off: %w", err)
		}
		answer, err := answer(line)
		if err != nil {
			return fmt.Errorf("a case can't be read: %w", err)
		}
		if err := json.NewEncoder(out).Encode(answer); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "prometheus:", err)
		os.Exit(1)
	}
}
