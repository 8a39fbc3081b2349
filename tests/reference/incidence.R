# What does R's survival give for waits with two ways of ending, late entry, weights and several waits of one home?
#
#   Rscript tests/reference/incidence.R
#
# Draws the waits (tests/reference/r/waits.csv, synthetic) and stores Aalen-Johansen's shares, their clustered
# infinitesimal-jackknife errors and logit intervals (tests/reference/r/incidence.csv).

library(survival)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
set.seed(20261126)

n <- 150
home <- sample(60, n, replace = TRUE)
luck <- rgamma(60, 4, 4)[home]
better <- ceiling(rexp(n, luck / 500)); left <- ceiling(rexp(n, 1 / 3000)); sight <- ceiling(runif(n, 100, 1500))
exit <- pmin(better, left, sight)
cause <- ifelse(exit == better, 1, ifelse(exit == left, 2, 0))
entry <- ifelse(runif(n) < 0.3, floor(runif(n) * exit), 0)
waits <- data.frame(home, entry, exit, cause, weight = round(runif(n, 0.5, 2), 2))
write.csv(waits, file.path(here, "r", "waits.csv"), row.names = FALSE)

days <- c(60, 120, 240, 365, 500, 730, 1000, 1200)
waits$wait <- seq_len(n)
fit <- function(weights) {
  f <- survfit(Surv(entry, exit, factor(cause)) ~ 1, waits, id = wait, weights = weights, conf.type = "logit")
  summary(f, times = days)
}
curve <- function(weights, name) {
  s <- fit(weights)
  do.call(rbind, lapply(2:3, function(k) data.frame(
    kind = name, day = s$time, cause = k - 1, estimate = s$pstate[, k], std_error = s$std.err[, k],
    low = s$lower[, k], high = s$upper[, k])))
}

# survival 3.5-3 leaves the cluster aside where an id is given, and it must be given. So the clustered error is made
# from what the jackknife is by definition: the derivative of R's own shares by each weight, here by differences.
clustered <- function() {
  ones <- rep(1, n); step <- 1e-5
  base <- fit(ones)$pstate
  slope <- sapply(seq_len(n), function(i) {
    more <- ones; more[i] <- 1 + step; less <- ones; less[i] <- 1 - step
    (fit(more)$pstate - fit(less)$pstate) / (2 * step)
  })
  error <- matrix(sqrt(colSums(rowsum(t(slope), waits$home)^2)), length(days))
  do.call(rbind, lapply(2:3, function(k) data.frame(
    kind = "clustered", day = days, cause = k - 1, estimate = base[, k], std_error = error[, k], low = NA, high = NA)))
}
found <- rbind(curve(rep(1, n), "plain"), curve(waits$weight, "weighted"), clustered())
write.csv(format(found, digits = 12), file.path(here, "r", "incidence.csv"), row.names = FALSE, quote = FALSE)
