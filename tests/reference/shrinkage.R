# Subgroup effects drawn towards one another: Rscript tests/reference/shrinkage.R (writes tests/reference/r/shrinkage_*.csv).
# metafor: rma.mv with the full covariance of the estimates and tau fixed, its restricted likelihood and BLUPs on a grid of
# tau, weighed by a half-normal prior. Holm by p.adjust.
suppressMessages(library(metafor))
folder <- file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "r")
cases <- list(
  two = list(y = log(c(0.74, 0.97)), V = matrix(c(0.004, 0.001, 0.001, 0.006), 2)),
  three = list(y = c(-0.35, -0.10, 0.12), V = diag(c(0.01, 0.02, 0.05)) + 0.004),
  four = list(y = c(-0.2, -0.25, -0.22, -0.6), V = diag(c(0.01, 0.01, 0.02, 0.08))),
  alike = list(y = c(-0.2, -0.21, -0.19), V = diag(c(0.02, 0.03, 0.02)) + 0.005))
scale <- 0.2
out <- NULL
for (name in names(cases)) {
  y <- cases[[name]]$y; V <- cases[[name]]$V; K <- length(y)
  grid <- seq(0.0005, 1, by = 0.001)
  fits <- lapply(grid, function(tau) {
    fit <- rma.mv(y, V, random = ~ 1 | id, data = data.frame(y = y, id = seq_len(K)), sigma2 = tau^2, method = "REML")
    u <- ranef(fit)[[1]]$intrcpt
    Winv <- solve(V + diag(tau^2, K)); one <- rep(1, K); B <- tau^2 * Winv
    v <- diag(diag(tau^2, K) - tau^2 * B) + (one - B %*% one)^2 / c(one %*% Winv %*% one)
    list(l = as.numeric(logLik(fit, REML = TRUE)), m = as.numeric(coef(fit)) + u, v = as.numeric(v))
  })
  w <- sapply(fits, `[[`, "l") - grid^2 / (2 * scale^2)
  w <- exp(w - max(w)); w <- w / sum(w)
  M <- sapply(fits, `[[`, "m"); S <- sapply(fits, `[[`, "v")
  m <- c(M %*% w); s <- sqrt(c((S + (M - m)^2) %*% w))
  out <- rbind(out, data.frame(case = name, group = seq_len(K), estimate = y, mean = m, sd = s, tau = sum(w * grid)))
  write.table(V, file.path(folder, paste0("shrinkage_", name, ".csv")), sep = ",", row.names = FALSE, col.names = FALSE)
}
write.csv(out, file.path(folder, "shrinkage.csv"), row.names = FALSE)
