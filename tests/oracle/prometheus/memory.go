package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// Series is one series of a case: its labels with __name__, its samples in order of time.
type Series struct {
	Labels  map[string]string `json:"labels"`
	Samples []Sample          `json:"samples"`
}

// Sample is [milliseconds since 1970, "value"]; the value "stale" is a stale marker.
type Sample struct {
	time  int64
	value float64
}

// UnmarshalJSON reads the pair.
func (s *Sample) UnmarshalJSON(text []byte) error {
	var valueText string
	pair := [2]any{&s.time, &valueText}
	if err := json.Unmarshal(text, &pair); err != nil {
		return err
	}
	if valueText == "stale" {
		s.value = math.Float64frombits(value.StaleNaN)
		return nil
	}
	var err error
	s.value, err = strconv.ParseFloat(valueText, 64)
	return err
}

// memory is a storage of a case's series, which it hands out in the order of their labels.
type memory struct {
	series []kept
}

type kept struct {
	labels  labels.Labels
	samples []chunks.Sample
}

// point is a float sample as the promql packages want it.
type point Sample

func (p point) ST() int64                     { return 0 }
func (p point) T() int64                      { return p.time }
func (p point) F() float64                    { return p.value }
func (p point) H() *histogram.Histogram       { return nil }
func (p point) FH() *histogram.FloatHistogram { return nil }
func (p point) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (p point) Copy() chunks.Sample           { return p }

func newMemory(given []Series) (*memory, error) {
	made := &memory{}
	for _, one := range given {
		entry := kept{labels: labels.FromMap(one.Labels)}
		last := int64(math.MinInt64)
		for _, sample := range one.Samples {
			if sample.time <= last {
				return nil, fmt.Errorf("%s: samples are not in order of time at %d", entry.labels, sample.time)
			}
			last = sample.time
			entry.samples = append(entry.samples, point(sample))
		}
		made.series = append(made.series, entry)
	}
	slices.SortFunc(made.series, func(a, b kept) int { return labels.Compare(a.labels, b.labels) })
	return made, nil
}

// append adds a sample to its series, which is made at first sight.
func (m *memory) append(of labels.Labels, sample Sample) error {
	place, found := slices.BinarySearchFunc(m.series, of, func(one kept, wanted labels.Labels) int {
		return labels.Compare(one.labels, wanted)
	})
	if !found {
		m.series = slices.Insert(m.series, place, kept{labels: of.Copy()})
	}
	series := &m.series[place]
	if count := len(series.samples); count > 0 {
		last := series.samples[count-1]
		if last.T() > sample.time {
			return storage.ErrOutOfOrderSample
		}
		if last.T() == sample.time {
			if math.Float64bits(last.F()) != math.Float64bits(sample.value) {
				return storage.ErrDuplicateSampleForTimestamp
			}
			return nil
		}
	}
	series.samples = append(series.samples, point(sample))
	return nil
}

func (m *memory) Querier(mint, maxt int64) (storage.Querier, error) {
	return &querier{m, mint, maxt}, nil
}

type querier struct {
	memory     *memory
	mint, maxt int64
}

func (q *querier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	set := &seriesSet{}
	for _, one := range q.memory.series {
		if !matches(one.labels, matchers) {
			continue
		}
		from := sort.Search(len(one.samples), func(i int) bool { return one.samples[i].T() >= q.mint })
		to := sort.Search(len(one.samples), func(i int) bool { return one.samples[i].T() > q.maxt })
		if from < to {
			set.series = append(set.series, storage.NewListSeries(one.labels, one.samples[from:to]))
		}
	}
	return set
}

func (q *querier) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (q *querier) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (q *querier) Close() error { return nil }

func matches(of labels.Labels, matchers []*labels.Matcher) bool {
	for _, matcher := range matchers {
		if !matcher.Matches(of.Get(matcher.Name)) {
			return false
		}
	}
	return true
}

// seriesSet walks over the series that were selected.
type seriesSet struct {
	series []storage.Series
	next   int
}

func (s *seriesSet) Next() bool {
	s.next++
	return s.next <= len(s.series)
}

func (s *seriesSet) At() storage.Series                { return s.series[s.next-1] }
func (s *seriesSet) Err() error                        { return nil }
func (s *seriesSet) Warnings() annotations.Annotations { return nil }
