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
	var few [8]float64
	if len(values) <= len(few) { // without an allocation
		return medianOf(few[:copy(few[:], values)])
	}
	return medianOf(slices.Clone(values))
}

// medianOf is the median of values that it may put in another order.
func medianOf(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return 0
	}
	high := quickSelect(values, n/2)
	if n%2 == 1 {
		return high
	}
	return (slices.Max(values[:n/2]) + high) / 2
}

// quickSelect is the value that would stand at the place if the values were sorted. Those before
// it are not greater afterwards. To sort thousands of slopes would take ten times as long.
func quickSelect(values []float64, place int) float64 {
	low, high := 0, len(values)-1
	for low < high {
		middle := values[low+(high-low)/2]
		i, j := low, high
		for i <= j {
			for values[i] < middle {
				i++
			}
			for values[j] > middle {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case place <= j:
			high = j
		case place >= i:
			low = i
		default:
			return values[place]
		}
	}
	return values[place]
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
	return normal * medianOf(distances)
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

// theilSen is the median of the slopes between all pairs of points.
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
	return medianOf(slopes)
}
