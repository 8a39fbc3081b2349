# What do R's glm and survival give for matched residents?
#
#   python tests/reference/matched_residents.py      draws them (tests/reference/r/residents.csv, synthetic)
#   Rscript tests/reference/matched_residents.R
#
# Stores the weighted Poisson rate ratio with what is known in the model, its usual cluster-robust error (CR1, by hand
# from R's own scores), and shares gone to hospital with death as an end of its own, and dead, of either side, with the
# jackknife's error resident by resident (tests/reference/r/residents_told.csv).

library(survival)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
d <- read.csv(file.path(here, "r", "residents.csv"))

fit <- glm(emergency_admissions ~ supported + conditions + offset(log(at_risk)), quasipoisson, d, weights = weight,
           control = glm.control(epsilon = 1e-14, maxit = 100))
X <- model.matrix(fit)
mu <- fitted(fit)
scores <- rowsum(X * (d$weight * (d$emergency_admissions - mu)), d$home)
bread <- solve(t(X) %*% (X * (d$weight * mu)))
m <- nrow(scores)
cr1 <- bread %*% crossprod(scores) %*% bread * m / (m - 1)
told <- data.frame(what = c("log_ratio", "cr1"), side = -1, day = 0,
                   estimate = c(coef(fit)["supported"], sqrt(cr1[2, 2])), std_error = NA)

share <- function(side, until) {
  p <- d[d$supported == side, ]
  went <- !is.na(p$first_admission) & until != "died"
  p$time <- ifelse(went, p$first_admission, p$days)
  p$end <- factor(ifelse(went, 1, ifelse(p$died == 1, 2, 0)), levels = 0:2)
  p$id <- seq_len(nrow(p))
  s <- summary(survfit(Surv(time, end) ~ 1, p, id = id, weights = weight), times = c(60, 180))
  k <- which(s$states == ifelse(until == "admitted", "1", "2"))
  data.frame(what = until, side = side, day = c(60, 180), estimate = s$pstate[, k], std_error = s$std.err[, k])
}
for (side in 1:0) for (until in c("admitted", "died_first", "died")) told <- rbind(told, share(side, until))
told$estimate <- formatC(told$estimate, digits = 12, format = "g")
told$std_error <- formatC(told$std_error, digits = 12, format = "g")
write.csv(told, file.path(here, "r", "residents_told.csv"), row.names = FALSE, quote = FALSE)
