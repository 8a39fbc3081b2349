# Rscript tests/ratings/reference/msm.R   (Debian: r-cran-msm)
# Fits R's msm to the simulated panel beside this script, and to the heart transplant data that come with it.
suppressMessages(library(msm))
here <- "tests/ratings/reference/"
panel <- read.csv(paste0(here, "panel.csv"))
Q <- rbind(c(0, 1, 0, 0, .3), c(.2, 0, .8, 0, .1), c(0, .2, 0, .1, .05), c(0, 0, .2, 0, .05), rep(0, 5))
both <- ~ supported + nursing
fit <- msm(state ~ time, subject = home, data = panel, qmatrix = Q, deathexact = 5, censor = 99, censor.states = 1:4,
  covariates = list("1-2" = both, "1-5" = ~ nursing, "2-1" = both, "2-3" = both, "2-5" = ~ nursing, "3-2" = both,
    "3-4" = both, "3-5" = ~ nursing, "4-3" = both, "4-5" = ~ nursing),
  constraint = list(supported = c(1, 2, 1, 2, 1, 2), nursing = c(1, 3, 2, 1, 3, 2, 1, 3, 2, 3)),
  center = FALSE, method = "BFGS", control = list(fnscale = 2000, reltol = 1e-15, maxit = 1000))
q <- qmatrix.msm(fit, covariates = list(supported = 0, nursing = 0), ci = "none")
move <- rbind(c(1, 2), c(2, 3), c(3, 4), c(2, 1), c(3, 2), c(4, 3), c(1, 5), c(2, 5), c(3, 5), c(4, 5))
h <- hazard.msm(fit)
rows <- data.frame(name = paste0(move[, 1], "-", move[, 2]), estimate = log(q[move]), std_error = NA)
effect <- function(covariate, transition) {
  r <- h[[covariate]][transition, ]
  c(log(r["HR"]), (log(r["U"]) - log(r["L"])) / (2 * qnorm(0.975)))
}
wanted <- rbind(c("supported", "State 1 - State 2"), c("supported", "State 2 - State 1"),
  c("nursing", "State 1 - State 2"), c("nursing", "State 2 - State 1"), c("nursing", "State 1 - State 5"))
e <- t(apply(wanted, 1, function(w) effect(w[1], w[2])))
rows <- rbind(rows, data.frame(name = paste(wanted[, 1], c("up", "down", "up", "down", "exit")), estimate = e[, 1],
  std_error = e[, 2]))
rows <- rbind(rows, data.frame(name = "minus2loglik", estimate = fit$minus2loglik, std_error = NA))
write.csv(format(rows, digits = 12), paste0(here, "msm.csv"), row.names = FALSE, quote = FALSE)

heart <- rbind(c(0, .25, 0, .25), c(.166, 0, .166, .166), c(0, .25, 0, .25), rep(0, 4))
manual <- msm(state ~ years, subject = PTNUM, data = cav, qmatrix = heart, deathexact = 4, method = "BFGS",
  control = list(fnscale = 4000, reltol = 1e-15, maxit = 1000))
q <- qmatrix.msm(manual, ci = "none")
move <- rbind(c(1, 2), c(2, 1), c(2, 3), c(3, 2), c(1, 4), c(2, 4), c(3, 4))
rows <- rbind(data.frame(name = paste0(move[, 1], "-", move[, 2]), estimate = q[move]),
  data.frame(name = "minus2loglik", estimate = manual$minus2loglik))
write.csv(format(rows, digits = 12), paste0(here, "cav.csv"), row.names = FALSE, quote = FALSE)
