package spikes

// day is the bins of a day; beside is how many on either side of a time of the
// day are of the same time.
const day, beside = 24 * 12, 6

// few is added to both sides of a comparison, so that three mentions instead of
// one are not three times as much.
const few = 5

// floorDay is the number of a day's first bin.
func floorDay(number int64) int64 {
	return number - ((number%day)+day)%day
}

// compare sets the newest bin against the same time of the day, half an hour
// more or less, in the past. Against the whole past a burst in the small hours
// would be called small: people sleep, and a brand's nights and noons differ by
// a factor of five. Three times the usual is then found at any hour.
func (w *rows) compare(v *view, first, last int) {
	usual := w.usual(first, last)
	v.usual = usual[w.clock[last]]
	if v.sum < fewest || v.sum+few < beyond*(v.usual+few) {
		return
	}
	times := make([]float32, 0, last-first) // the usual
	for i := first; i < last; i++ {
		times = append(times, (w.sums[i]+few)/float32(usual[w.clock[i]]+few))
	}
	v.factor = beyond * percentile99(times)
}

// usual is the mean sum of four bins around each time of the day; where a time
// was never heard, that of all.
func (w *rows) usual(first, last int) (usual [day]float64) {
	var sums, n [day]float64
	all := 0.0
	for i := first; i < last; i++ {
		sums[w.clock[i]] += float64(w.sums[i])
		n[w.clock[i]]++
		all += float64(w.sums[i])
	}
	sum, heard := 0.0, 0.0
	for t := -beside; t <= beside; t++ {
		sum, heard = sum+sums[(t+day)%day], heard+n[(t+day)%day]
	}
	for t := range usual {
		if usual[t] = all / float64(last-first); heard > 0 {
			usual[t] = sum / heard
		}
		in, out := (t+beside+1)%day, (t-beside+day)%day
		sum, heard = sum+sums[in]-sums[out], heard+n[in]-n[out]
	}
	return usual
}
