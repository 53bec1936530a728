package series

import (
	"context"
	"fmt"
	"math"
	"slices"

	"confianza/internal/store"
)

// counts are the mentions a minute of one series of the rollups. Hours are read
// in pages when they are asked for and unpacked when a minute of theirs is: a
// year of them at once would fill the memory. It carries a query's context, and
// lives no longer.
type counts struct {
	ctx    context.Context
	snap   *store.Snapshot
	series int64 // 0 is a series without any count
	last   int64 // hour after which nothing is asked for
	page   page
	broken error

	hour    int64 // unpacked
	opened  bool
	minutes [60]int64

	sums   []sum // when the plan is aligned to hours
	summed int   // in sums
	grid   grid
}

// page is how many hours are read at once: two weeks, some 30 KB.
const pageHours = 14 * 24

// page is a stretch of packed hours, both ends included.
type page struct {
	from, to int64
	read     bool
	hours    []packed
	bytes    []byte
	next     int // in hours: most questions go forward
}

// packed is an hour's total, and where in its page it is packed.
type packed struct {
	hour, total int64
	from, to    int
}

// sum is the total of a bucket that begins with an hour.
type sum struct{ hour, total int64 }

func (c *counts) err() error { return c.broken }

// find gives a packed hour; ok is false when nothing was counted in it.
func (c *counts) find(hour int64) (packed, bool) {
	p := &c.page
	if !p.read || hour < p.from || hour > p.to {
		if c.series == 0 || c.broken != nil {
			return packed{}, false
		}
		c.turn(hour)
	}
	if p.next < len(p.hours) && p.hours[p.next].hour < hour {
		p.next++
	}
	if p.next >= len(p.hours) || p.hours[p.next].hour != hour {
		p.next, _ = slices.BinarySearchFunc(p.hours, hour, func(h packed, hour int64) int { return int(h.hour - hour) })
	}
	if p.next < len(p.hours) && p.hours[p.next].hour == hour {
		return p.hours[p.next], true
	}
	return packed{}, false
}

// turn reads the page that begins with hour.
func (c *counts) turn(hour int64) {
	p := &c.page
	*p = page{from: hour, to: max(hour, min(hour+pageHours-1, c.last)), read: true, hours: p.hours[:0], bytes: p.bytes[:0]}
	c.broken = c.snap.Hours(c.ctx, c.series, p.from, p.to, func(hour, total int64, b []byte) {
		p.hours = append(p.hours, packed{hour, total, len(p.bytes), len(p.bytes) + len(b)})
		p.bytes = append(p.bytes, b...)
	})
}

// at is how many mentions a minute had.
func (c *counts) at(m int64) int64 {
	c.open(floor(m, 60))
	return c.minutes[m-c.hour*60]
}

// next is the first minute from m on that may have been counted in, as far as
// the page that holds m tells.
func (c *counts) next(m int64) int64 {
	hour := floor(m, 60)
	if c.series == 0 {
		return math.MaxInt64
	}
	if _, ok := c.find(hour); ok || c.broken != nil {
		return m
	}
	if p := &c.page; p.next < len(p.hours) {
		return p.hours[p.next].hour * 60
	}
	return max(m, (c.page.to+1)*60)
}

// open unpacks an hour.
func (c *counts) open(hour int64) {
	if c.opened && c.hour == hour {
		return
	}
	c.hour, c.opened = hour, true
	p, ok := c.find(hour)
	if !ok {
		c.minutes = [60]int64{}
		return
	}
	if err := store.Unpack(c.page.bytes[p.from:p.to], &c.minutes); err != nil {
		c.broken = fmt.Errorf("series %d, hour %d: %w", c.series, hour, err)
	}
}

// sum is how many mentions the minutes [from, to) had.
func (c *counts) sum(from, to int64) (n int64) {
	if c.grid.hourly() {
		return c.bucket(from/60, to/60)
	}
	for from < to && c.broken == nil {
		hour := floor(from, 60)
		end := min(to, hour*60+60)
		if end-from == 60 {
			p, _ := c.find(hour)
			n += p.total
		} else {
			c.open(hour)
			for _, m := range c.minutes[from-hour*60 : end-hour*60] {
				n += m
			}
		}
		from = end
	}
	return n
}

// bucket is the sum of the hours [from, to), which are one bucket of the grid.
// The first call adds all buckets up that may be asked for.
func (c *counts) bucket(from, to int64) int64 {
	if c.sums == nil {
		c.sums = []sum{}
		if c.series != 0 {
			c.broken = c.snap.Sums(c.ctx, c.series, from, c.last+1, to-from, func(hour, total int64) {
				c.sums = append(c.sums, sum{hour, total})
			})
		}
	}
	for c.summed < len(c.sums) && c.sums[c.summed].hour < from {
		c.summed++
	}
	if c.summed < len(c.sums) && c.sums[c.summed].hour == from {
		return c.sums[c.summed].total
	}
	return 0
}
