// Package measure says how good a classifier of three classes is.
//
// It takes what was true and what was said, and gives the figures of the
// field, with intervals. Where the texts came from is left to the caller.
package measure

// Classes is how many there are: negative, neutral, positive, in this order.
const Classes = 3

// Outcome is what was true of one text and what was said.
type Outcome struct {
	Truth int              // 0 to 2
	Known bool             // false: the classifier could not tell, which counts as an error
	P     [Classes]float64 // what it gave each class; sum 1, or all 0 when it had no idea at all
	Guess int              // the class it chose, or would have chosen; read it only when P is not all 0
}

// middle is what a classifier without any idea is taken to say when it must.
const middle = 1

// said is the outcome's column in a [Confusion].
func (o Outcome) said() int {
	if o.Known {
		return o.Guess
	}
	return Classes
}

// Forced is the outcome had the classifier been made to choose.
func (o Outcome) Forced() Outcome {
	if !o.Known && o.P == [Classes]float64{} {
		o.Guess = middle
	}
	o.Known = true
	return o
}

// Confusion counts texts by true class (row) and by what was said (column);
// the last column is "cannot tell".
type Confusion [Classes][Classes + 1]int

// Count makes the confusion matrix of outcomes.
func Count(outcomes []Outcome) Confusion {
	var c Confusion
	for _, o := range outcomes {
		c[o.Truth][o.said()]++
	}
	return c
}

// MacroF1 is the plain mean of the F1 of the classes that occur or are said,
// 0 to 1. "Cannot tell" is a miss for the true class. ok is false when there
// is no text.
func (c Confusion) MacroF1() (f1 float64, ok bool) {
	sum, classes := 0.0, 0
	for k := range Classes {
		truth, said := 0, 0
		for j := range Classes + 1 {
			truth += c[k][j]
		}
		for i := range Classes {
			said += c[i][k]
		}
		if truth+said > 0 {
			sum += 2 * float64(c[k][k]) / float64(truth+said)
			classes++
		}
	}
	if classes == 0 {
		return 0, false
	}
	return sum / float64(classes), true
}

// MacroRecall is the plain mean of the recall of the classes that occur, 0 to
// 1: what SemEval and TweetEval rank by. ok is false when there is no text.
func (c Confusion) MacroRecall() (recall float64, ok bool) {
	sum, classes := 0.0, 0
	for k := range Classes {
		truth := 0
		for j := range Classes + 1 {
			truth += c[k][j]
		}
		if truth > 0 {
			sum += float64(c[k][k]) / float64(truth)
			classes++
		}
	}
	if classes == 0 {
		return 0, false
	}
	return sum / float64(classes), true
}

// Unknown is how many texts the classifier could not tell.
func (c Confusion) Unknown() int {
	n := 0
	for k := range Classes {
		n += c[k][Classes]
	}
	return n
}

// Shares are what share of the texts that are known truly is of a class and
// what share is said to be: how far counting what is said leads astray. ok is
// false when nothing is known.
func (c Confusion) Shares(class int) (truly, said float64, ok bool) {
	t, s, all := 0, 0, 0
	for i := range Classes {
		for j := range Classes {
			all += c[i][j]
			if i == class {
				t += c[i][j]
			}
			if j == class {
				s += c[i][j]
			}
		}
	}
	if all == 0 {
		return 0, 0, false
	}
	return float64(t) / float64(all), float64(s) / float64(all), true
}
