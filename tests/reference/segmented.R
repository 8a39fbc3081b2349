# Segmented regression of a series with exposure, by R: drivers killed or seriously injured in Great Britain, 1969-1984,
# over kilometres driven; seat belts became compulsory on 31 January 1983 (datasets::Seatbelts, Harvey and Durbin 1986).
#
#   Rscript tests/reference/segmented.R
#
# Needs sandwich and nlme. Stored: the series as R has it, and coefficients with errors of
#   newey_west  glm, quasi-Poisson, offset log(kms); sandwich::NeweyWest, Bartlett, no prewhitening, n / (n - k)
#   ar1         nlme::gls on log((drivers + 1/2) / kms), corAR1, REML
# each with and without a gap of six months after the start (phase-in), for which NeweyWest is computed by hand from
# sandwich's estimating functions, because it knows no gaps; corAR1 takes no gaps either, corCAR1 does.

library(sandwich); library(nlme)
args <- commandArgs(FALSE)
here <- file.path(dirname(sub("--file=", "", grep("--file=", args, value = TRUE))), "r")
belts <- data.frame(drivers = as.numeric(Seatbelts[, "drivers"]), kms = as.numeric(Seatbelts[, "kms"]),
                    month = seq_len(nrow(Seatbelts)) - 170L) # 0 is February 1983
belts$calendar <- (seq_len(nrow(belts)) - 1L) %% 12L
write.csv(belts, file.path(here, "seatbelts.csv"), row.names = FALSE)

design <- function(d) within(d, {
  year <- month / 12; after <- as.numeric(month >= 0); change <- after * year
  s1 <- sin(2 * pi * calendar / 12); c1 <- cos(2 * pi * calendar / 12)
  s2 <- sin(4 * pi * calendar / 12); c2 <- cos(4 * pi * calendar / 12)
  rate <- log((drivers + 0.5) / kms)
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
  m <- glm(drivers ~ year + s1 + c1 + s2 + c2 + after + change, quasipoisson, offset = log(kms), data = d,
           control = glm.control(epsilon = 1e-14, maxit = 100))
  V <- if (gap) by_hand(m, d$month) else NeweyWest(m, lag = bandwidth(nrow(d)), prewhite = FALSE, adjust = TRUE)
  if (!gap) stopifnot(all.equal(V, by_hand(m, d$month), check.attributes = FALSE))
  correlation <- if (gap) corCAR1(form = ~ month) else corAR1()
  g <- gls(rate ~ year + s1 + c1 + s2 + c2 + after + change, data = d, correlation = correlation, method = "REML",
           control = glsControl(msTol = 1e-12, tolerance = 1e-12, opt = "optim"))
  phi <- unname(coef(g$modelStruct$corStruct, unconstrained = FALSE))
  rbind(row("newey_west", gap, terms, coef(m), sqrt(diag(V))),
        row("ar1", gap, terms, coef(g), sqrt(diag(vcov(g))), phi))
}
out <- rbind(both(belts, FALSE), both(subset(belts, month < 0 | month >= 6), TRUE))
print(out)
path <- file.path(here, "segmented.csv")
writeLines(paste("#", R.version.string, "; sandwich", packageVersion("sandwich"), "; nlme", packageVersion("nlme")), path)
suppressWarnings(write.table(format(out, digits = 12, trim = TRUE), path, append = TRUE, sep = ",", quote = FALSE,
                             row.names = FALSE))
