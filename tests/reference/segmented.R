# Segmented regression of a series with exposure, by R: monthly counts drawn here, 192 months long, with a trend, a
# calendar, errors that follow one another (AR(1) 0.6 in the log), and a fall by a fifth from month 0 that fades.
#
#   Rscript tests/reference/segmented.R
#
# Needs sandwich and nlme. Stored: the series, and coefficients with errors of
#   newey_west  glm, quasi-Poisson, offset log(exposure); sandwich::NeweyWest, Bartlett, no prewhitening, n / (n - k)
#   ar1         nlme::gls on log((count + 1/2) / exposure), corAR1, REML
# each with and without a gap of six months after the start (phase-in), for which NeweyWest is computed by hand from
# sandwich's estimating functions, because it knows no gaps; corAR1 takes no gaps either, corCAR1 does.
# corCAR1 starts at 0.5: from its own start of 0.2 the optimiser runs to the boundary.

library(sandwich); library(nlme)
args <- commandArgs(FALSE)
here <- file.path(dirname(sub("--file=", "", grep("--file=", args, value = TRUE))), "r")
set.seed(20261126)
n <- 192L
series <- data.frame(month = seq_len(n) - 170L, calendar = (seq_len(n) - 1L) %% 12L)
series$exposure <- round(9000 * exp(0.002 * seq_len(n) + 0.08 * cos(2 * pi * (series$calendar - 6) / 12)))
error <- as.numeric(arima.sim(list(ar = 0.6), n, sd = 0.08))
effect <- ifelse(series$month >= 0, log(0.8) + 0.08 * series$month / 12, 0)
rate <- 0.17 * exp(-0.05 * series$month / 12 + 0.12 * cos(2 * pi * series$calendar / 12) + effect + error)
series$count <- rpois(n, series$exposure * rate)
write.csv(series, file.path(here, "series.csv"), row.names = FALSE)

design <- function(d) within(d, {
  year <- month / 12; after <- as.numeric(month >= 0); change <- after * year
  s1 <- sin(2 * pi * calendar / 12); c1 <- cos(2 * pi * calendar / 12)
  s2 <- sin(4 * pi * calendar / 12); c2 <- cos(4 * pi * calendar / 12)
  rate <- log((count + 0.5) / exposure)
})
bandwidth <- function(n) ceiling(1.3 * sqrt(n))
by_hand <- function(m, month) { # Newey-West with distances in months
  U <- estfun(m); n <- nrow(U); L <- bandwidth(n)
  K <- pmax(1 - abs(outer(month, month, "-")) / (L + 1), 0)
  B <- bread(m) / n
  B %*% (t(U) %*% K %*% U) %*% B * n / (n - ncol(U))
}
row <- function(model, gap, term, estimate, error, rho = NA)
  data.frame(model, gap, term, estimate, error, rho, row.names = NULL)
terms <- c("constant", "year", "s1", "c1", "s2", "c2", "after", "change")
both <- function(d, gap) {
  d <- design(d)
  m <- glm(count ~ year + s1 + c1 + s2 + c2 + after + change, quasipoisson, offset = log(exposure), data = d,
           control = glm.control(epsilon = 1e-14, maxit = 100))
  V <- if (gap) by_hand(m, d$month) else NeweyWest(m, lag = bandwidth(nrow(d)), prewhite = FALSE, adjust = TRUE)
  if (!gap) stopifnot(all.equal(V, by_hand(m, d$month), check.attributes = FALSE))
  correlation <- if (gap) corCAR1(0.5, form = ~ month) else corAR1()
  g <- gls(rate ~ year + s1 + c1 + s2 + c2 + after + change, data = d, correlation = correlation, method = "REML",
           control = glsControl(msTol = 1e-12, tolerance = 1e-12, opt = "optim"))
  phi <- unname(coef(g$modelStruct$corStruct, unconstrained = FALSE))
  rbind(row("newey_west", gap, terms, coef(m), sqrt(diag(V))),
        row("ar1", gap, terms, coef(g), sqrt(diag(vcov(g))), phi))
}
out <- rbind(both(series, FALSE), both(subset(series, month < 0 | month >= 6), TRUE))
print(out)
path <- file.path(here, "segmented.csv")
writeLines(paste("#", R.version.string, "; sandwich", packageVersion("sandwich"), "; nlme", packageVersion("nlme")), path)
suppressWarnings(write.table(format(out, digits = 12, trim = TRUE), path, append = TRUE, sep = ",", quote = FALSE,
                             row.names = FALSE))
