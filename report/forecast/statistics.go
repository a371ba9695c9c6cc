package forecast

import (
	"math"
	"slices"
)

func sq(v float64) float64 { return v * v }

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// spreadOf is like a standard deviation, by the median distance from the median: outliers do
// not count.
func spreadOf(values []float64) float64 {
	const normal = 1.4826
	center := median(values)
	distances := make([]float64, len(values))
	for i, v := range values {
		distances[i] = math.Abs(v - center)
	}
	return normal * median(distances)
}

func deviation(values []float64) float64 {
	center, sum := mean(values), 0.0
	for _, v := range values {
		sum += sq(v - center)
	}
	return math.Sqrt(sum / float64(len(values)))
}

func differences(values []float64) []float64 {
	if len(values) < 2 {
		return nil
	}
	all := make([]float64, len(values)-1)
	for i := range all {
		all[i] = values[i+1] - values[i]
	}
	return all
}

// correlation is that of a value and the next one.
func correlation(values []float64) float64 {
	center := mean(values)
	var both, all float64
	for i, v := range values {
		all += sq(v - center)
		if i > 0 {
			both += (v - center) * (values[i-1] - center)
		}
	}
	if all == 0 {
		return 0
	}
	return both / all
}

// theilSen is the median of the slopes between all pairs of points; of many points between
// those that are some days apart.
func theilSen(x, y []float64) float64 {
	n := len(x)
	slopes := make([]float64, 0, n*(n-1)/2)
	for i := range n {
		for j := i + 1; j < n; j++ {
			if x[j] > x[i] {
				slopes = append(slopes, (y[j]-y[i])/(x[j]-x[i]))
			}
		}
	}
	return median(slopes)
}
