package shares

// Dispersion says how much more a share varies between cells, such as the hours
// of a day, than independent mentions would let it: Pearson's statistic over its
// degrees of freedom, McCullagh and Nelder, "Generalized Linear Models" (1989),
// section 4.5. n/Dispersion is how many independent mentions n are worth; see
// [Share]. People answer each other and events come in waves, so that it is
// above 1 in a crisis; a share that moves within the window counts as dispersion
// too, and widens the interval.
//
// k and n are the mentions of interest and all mentions, cells how many cells
// hold any, squares the sum of k_i²/n_i over these. With fewer than six cells,
// or a share of 0 or 1, there is nothing to tell it from: the result is 1, which
// is also the least.
func Dispersion(squares, k, n float64, cells int) float64 {
	if cells < 6 || k <= 0 || k >= n {
		return 1
	}
	p := k / n
	return max(1, (squares-k*p)/(p*(1-p)*float64(cells-1)))
}
