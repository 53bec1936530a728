// Package shares estimates shares of mentions, such as that of the negative
// ones, with their intervals.
//
// Its intervals say how far the sample may be from what it was drawn from,
// mentions taken as independent of each other. What the classifier gets wrong
// is not in them.
package shares
