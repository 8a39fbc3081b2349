# What R says of power and of the stepped wedge: Rscript tests/reference/power.R (writes tests/reference/r/power_*.csv).
# Base R only, and none of the formulas of the project: power.prop.test for two proportions, binom.test for an exact
# interval, generalised least squares written out for the stepped wedge, and simulation for two arms of clusters.
folder <- file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "r")

# two proportions
p <- expand.grid(base = c(0.57, 0.63), better = c(0.72, 0.77, 0.85))
p$n <- mapply(function(a, b) power.prop.test(p1 = a, p2 = b, power = 0.8)$n, p$base, p$better)
p$power60 <- mapply(function(a, b) power.prop.test(n = 60, p1 = a, p2 = b)$power, p$base, p$better)
write.csv(p, file.path(folder, "power_proportions.csv"), row.names = FALSE)

# a share against a known rate: the exact interval lies above it
exact <- expand.grid(n = c(8, 16, 40, 80), base = c(0.57, 0.6), better = c(0.75, 0.9))
exact$power <- mapply(function(n, base, better) {
  low <- sapply(0:n, function(k) binom.test(k, n)$conf.int[1])
  sum(dbinom((0:n)[low > base], n, better))
}, exact$n, exact$base, exact$better)
write.csv(exact, file.path(folder, "power_exact.csv"), row.names = FALSE)

# stepped wedge: variance of the effect by generalised least squares with a random cluster effect
wedge <- expand.grid(clusters = c(6, 12, 24), waves = c(3, 6), before = c(1, 4), gap = c(1, 3),
                     sigma2 = c(0.1, 0.5), tau2 = c(0.01, 0.16, 1e6))
wedge$variance <- mapply(function(I, waves, before, gap, sigma2, tau2) {
  T <- before + gap * waves
  start <- before + gap * (sort((seq_len(I) - 1) %% waves))
  X <- outer(start, seq_len(T) - 1, function(s, t) as.numeric(t >= s))
  V <- solve(diag(sigma2, T) + tau2)
  Z <- lapply(seq_len(I), function(i) cbind(X[i, ], diag(T)))
  solve(Reduce(`+`, lapply(Z, function(z) t(z) %*% V %*% z)))[1, 1]
}, wedge$clusters, wedge$waves, wedge$before, wedge$gap, wedge$sigma2, wedge$tau2)
write.csv(wedge, file.path(folder, "power_stepped_wedge.csv"), row.names = FALSE)

# two arms of clusters: gamma rates, Poisson counts, t test of cluster rates
set.seed(20261126)
arms <- data.frame(homes = c(10, 20, 40, 20, 30), rate0 = c(2, 2, 1.5, 3, 2), ratio = c(0.6, 0.7, 0.75, 0.75, 0.8),
                   months = c(12, 12, 12, 6, 24), cv = c(0.3, 0.3, 0.4, 0.25, 0.3))
arms$power <- mapply(function(c, rate, ratio, y, k) {
  mean(replicate(20000, {
    draw <- function(r) rpois(c, y * r * rgamma(c, 1 / k^2, 1 / k^2)) / y
    t.test(draw(rate), draw(rate * ratio), var.equal = TRUE)$p.value < 0.05
  }))
}, arms$homes, arms$rate0, arms$ratio, arms$months, arms$cv)
write.csv(arms, file.path(folder, "power_two_arms.csv"), row.names = FALSE)
