# Rscript tests/ratings/reference/ordinal.R   (Debian: r-cran-ordinal)
# Cumulative logits of the wine data (Randall 1989) by R's ordinal, without and with a judge effect, weighted, and
# Brant's test computed from its formula (1990, eq. 3 and 4) on drawn ratings.
suppressMessages(library(ordinal))
here <- "tests/ratings/reference/"
of <- function(model, fit) {
  s <- coef(summary(fit))
  data.frame(model = model, name = rownames(s), estimate = s[, 1], std_error = s[, 2])
}
fixed <- clm(rating ~ temp + contact, data = wine)
weighted <- clm(rating ~ temp + contact, data = wine, weights = 1 + as.numeric(judge) / 10)
judge <- clmm(rating ~ temp + contact + (1 | judge), data = wine, nAGQ = 21,
  control = clmm.control(gradTol = 1e-7))
rows <- rbind(of("fixed", fixed), of("weighted", weighted), of("judge", judge),
  data.frame(model = "judge", name = "sigma", estimate = as.numeric(judge$ST[[1]]), std_error = NA),
  data.frame(model = c("fixed", "judge"), name = "log_likelihood",
    estimate = c(logLik(fixed), logLik(judge)), std_error = NA))
write.csv(format(rows, digits = 12), paste0(here, "ordinal.csv"), row.names = FALSE, quote = FALSE)

set.seed(20261126)
n <- 800
x <- cbind(supported = rbinom(n, 1, .4), nursing = rbinom(n, 1, .3))
latent <- x %*% c(.8, -.5) + rlogis(n) * (1 + .5 * x[, 1])
drawn <- data.frame(rating = as.integer(cut(latent, c(-Inf, -1.2, .3, 2, Inf))) - 1, x)
write.csv(drawn, paste0(here, "drawn.csv"), row.names = FALSE, quote = FALSE)
X <- cbind(1, x)
fits <- lapply(0:2, function(j) glm(I(rating > j) ~ supported + nursing, binomial, drawn,
  control = glm.control(epsilon = 1e-14)))
p <- sapply(fits, fitted)
bread <- lapply(1:3, function(j) solve(t(X) %*% (X * p[, j] * (1 - p[, j]))))
meat <- function(j, l) t(X) %*% (X * (pmin(p[, j], p[, l]) - p[, j] * p[, l]))
V <- do.call(rbind, lapply(1:3, function(j) do.call(cbind, lapply(1:3, function(l)
  (bread[[j]] %*% meat(j, l) %*% bread[[l]])[-1, -1]))))
b <- unlist(lapply(fits, function(f) coef(f)[-1]))
D <- rbind(cbind(-diag(2), diag(2), 0 * diag(2)), cbind(-diag(2), 0 * diag(2), diag(2)))
statistic <- drop(t(D %*% b) %*% solve(D %*% V %*% t(D), D %*% b))
write.csv(format(data.frame(name = c(names(b), "brant"), estimate = c(b, statistic)), digits = 12),
  paste0(here, "brant.csv"), row.names = FALSE, quote = FALSE)
