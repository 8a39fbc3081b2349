# Poisson with explicit dummies, by R's own glm: what the admission-rate engine must reproduce.
#
#   Rscript tests/reference/rates.R        (Debian: r-base-core r-cran-sandwich r-cran-clubsandwich)
#
# For every panel in panels/:
#   saturated model   log E(y) = log(bed_days) + home + month + (start x month where treated)
#   common model      log E(y) = log(bed_days) + home + month + beta * treated
# and three variants of the saturated model:
#   never      months are estimated from never-treated homes alone; the other homes' effects and their treated months
#              are then estimated given those months (stacked estimating equations, covariance accordingly)
#   home_type  one effect per start x home type x month
#   leads      the last months before each start (six, at most half) have effects too, like treated ones
# Where no home is never treated, the months from the last start on have no comparison and are left out.
# A treated start x month without any event has an effect of minus infinity: its rows carry no information on the
# other parameters, are left out of the fit, and count 0 observed (their counterfactual is counted).
# Clustered by home. CR0 carries no small-sample factor; G, N and K stand beside it.

suppressMessages({library(sandwich); library(clubSandwich)})
args <- commandArgs(FALSE)
here <- dirname(sub("--file=", "", grep("--file=", args, value = TRUE)))
exact <- glm.control(epsilon = 1e-15, maxit = 200)

read_panel <- function(path) {
  d <- read.csv(path)
  if (!any(d$start < 0)) {
    last <- max(d$start)
    d <- d[d$month < last, ]
    d$start[d$start == last] <- -1
  }
  d <- d[d$bed_days > 0, ]
  d$on <- as.numeric(d$start >= 0 & d$month >= d$start)
  d$own <- d$on
  d
}

with_cells <- function(d, variant) {
  if (variant == "leads") d$own <- as.numeric(d$start >= 0 & d$month >= d$start - pmin(6, d$start %/% 2))
  type <- if (variant == "home_type") paste0(".", d$home_type) else ""
  d$cell <- ifelse(d$own == 1, sprintf("s%02d.m%02d%s", d$start, d$month, type), "untreated")
  d$informs <- variant != "never" | d$start < 0
  d
}

dummies <- function(value, skip = NULL) {
  keep <- setdiff(sort(unique(value)), skip)
  x <- outer(value, keep, "==") * 1
  colnames(x) <- keep
  x
}

base_design <- function(d) cbind(dummies(d$home), dummies(d$month, min(d$month)))

poisson_fit <- function(X, d) {
  start_mu <- pmax(d$admissions, 0.3)
  fit <- glm.fit(X, d$admissions, offset = log(d$bed_days), family = poisson(), mustart = start_mu, control = exact)
  stopifnot(fit$converged, !anyNA(fit$coefficients))
  mu <- fit$fitted.values
  list(theta = fit$coefficients, mu = mu, bread = solve(crossprod(X * sqrt(mu))), X = X, r = d$admissions - mu)
}

# The never variant: two fits, and the estimating equations X_score' (y - mu) they solve together.
stacked_fit <- function(base, cells, d) {
  is_month <- colnames(base) %in% unique(d$month)
  never <- d$informs
  first <- poisson_fit(base[never, colSums(base[never, ]) > 0], d[never, ])
  theta <- setNames(numeric(ncol(base) + ncol(cells)), c(colnames(base), colnames(cells)))
  theta[names(first$theta)] <- first$theta
  own <- !c(colnames(base), colnames(cells)) %in% names(first$theta)
  X <- cbind(base, cells)
  given <- d[!never, ]
  given$bed_days <- given$bed_days * exp(as.vector(X[!never, !own] %*% theta[!own]))
  theta[own] <- poisson_fit(X[!never, own], given)$theta
  mu <- as.vector(d$bed_days * exp(X %*% theta))
  score <- X
  score[!never, which(is_month)] <- 0
  list(theta = theta, mu = mu, bread = solve(t(score * mu) %*% X), X = score, r = d$admissions - mu)
}

cr0 <- function(fit, d) {
  S <- rowsum(fit$X * fit$r, d$home)
  fit$bread %*% crossprod(S) %*% t(fit$bread)
}

# Four-point central differences: exact to about 1e-11 here.
gradient <- function(f, theta, h = 1e-3) {
  t(vapply(seq_along(theta), function(j) {
    at <- function(s) { p <- theta; p[j] <- p[j] + s * h; f(p) }
    (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h)
  }, numeric(length(f(theta)))))
}

# Which rows each reported effect sums over.
groupings <- function(d, variant) {
  on <- if (variant == "leads") d$own == 1 & d$on == 0 else d$on == 1
  keyed <- function(by, key) {
    lapply(sort(unique(key[on])), function(k) list(by = by, key = k, rows = which(on & key == k)))
  }
  if (variant == "home_type") return(keyed("subgroup", d$home_type))
  if (variant == "leads") return(keyed("event_time", d$month - d$start))
  c(list(list(by = "overall", key = 0, rows = which(on))), keyed("event_time", d$month - d$start),
    keyed("cohort", d$start), keyed("calendar", d$month))
}

# With and without the intervention, over the rows of each effect: O, C and bed-days.
sums <- function(theta, base, cells, d, groups) {
  eta <- log(d$bed_days) + base %*% theta[seq_len(ncol(base))]
  without <- exp(eta)
  with <- exp(eta + cells %*% theta[-seq_len(ncol(base))]) * (d$fitted_zero == 0)
  t(vapply(groups, function(g) c(sum(with[g$rows]), sum(without[g$rows]), sum(d$bed_days[g$rows])), numeric(3)))
}

saturated <- function(d, variant) {
  events <- tapply(d$admissions, d$cell, sum)
  d$fitted_zero <- as.numeric(d$own == 1 & events[d$cell] == 0)
  keep <- d$fitted_zero == 0
  base <- base_design(d)
  cells <- dummies(d$cell, c("untreated", unique(d$cell[!keep])))
  X <- cbind(base, cells)
  fit <- if (variant == "never") stacked_fit(base, cells, d) else poisson_fit(X[keep, ], d[keep, ])
  fit$vcov <- cr0(fit, d[keep, ])
  fit$groups <- groupings(d, variant)
  fit$sums <- function(theta) sums(theta, base, cells, d, fit$groups)
  fit$n_base <- ncol(base)
  fit$cells <- colnames(cells)
  fit$rows <- sum(keep)
  fit$homes <- length(unique(d$home[keep]))
  if (variant == "never") return(fit)
  # The package's own clustered covariance must be the one above.
  check <- glm(d$admissions[keep] ~ 0 + X[keep, ], offset = log(d$bed_days[keep]), family = poisson, control = exact)
  other <- vcovCL(check, cluster = d$home[keep], type = "HC0", cadjust = FALSE)
  stopifnot(abs(other - fit$vcov) / sqrt(outer(diag(fit$vcov), diag(fit$vcov))) < 1e-6)
  fit
}

log_ratio <- function(s) log(s[, 1] / s[, 2])
difference <- function(s) 1000 * (s[, 1] - s[, 2]) / s[, 3]
averted <- function(s) s[, 2] - s[, 1]

delta_method <- function(fit, measure) {
  f <- function(theta) measure(fit$sums(theta))
  G <- gradient(f, fit$theta)
  list(value = f(fit$theta), vcov = t(G) %*% fit$vcov %*% G)
}

# The estimates of the saturated model, their noise measured by the residuals of the common model.
effects_cr2 <- function(fit, d, measure) {
  G <- gradient(function(theta) measure(fit$sums(theta)), fit$theta)
  plain <- poisson_fit(cbind(base_design(d), treated = d$on), d)
  cr2(plain, d, fit$X %*% t(fit$bread) %*% G, -0.5)
}

effects_table <- function(fit, d) {
  s <- fit$sums(fit$theta)
  lr <- delta_method(fit, function(s) ifelse(s[, 1] > 0, log_ratio(s), NA))
  rd <- delta_method(fit, difference)
  av <- delta_method(fit, averted)
  missing <- matrix(NA, 2, nrow(s), dimnames = list(c("se", "df"), NULL))
  reduced <- function(measure) if (fit$rows == nrow(d)) effects_cr2(fit, d, measure) else missing
  lr2 <- reduced(log_ratio)
  av2 <- reduced(averted)
  data.frame(by = sapply(fit$groups, `[[`, "by"), key = sapply(fit$groups, `[[`, "key"), observed = s[, 1],
             counterfactual = s[, 2], log_rate_ratio = lr$value, log_rate_ratio_cr0 = sqrt(diag(lr$vcov)),
             log_rate_ratio_cr2 = lr2["se", ], df = lr2["df", ],
             rate_difference = rd$value, rate_difference_cr0 = sqrt(diag(rd$vcov)),
             averted = av$value, averted_cr0 = sqrt(diag(av$vcov)), averted_cr2 = av2["se", ], averted_df = av2["df", ])
}

lower <- function(V, names) {
  at <- which(lower.tri(V, diag = TRUE), arr.ind = TRUE)
  data.frame(row = names[at[, 1]], column = names[at[, 2]], cr0 = V[at])
}

# Bias-reduced covariance and Bell-McCaffrey degrees of freedom, dense, from their definition
# (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018), working variance = the fitted mean. The adjustment
# A_g = D B_g^(-1/2) D, B_g = D (I - H)_g Phi (I - H)_g' D, Phi = D^2, depends on the scale of the residuals:
#   pearson   (y - mu) / sqrt(mu)   Phi = 1      least squares on the square-root weighted variables
#   response  (y - mu)              Phi = mu     what clubSandwich does for a glm
# `power` is the power of mu by which the residual (y - mu) is multiplied.
# `omega` holds, a column per estimate, the derivative of the estimate by each row's count.
cr2 <- function(fit, d, omega, power) {
  mu <- fit$mu
  e <- fit$r * mu^power
  X <- fit$X * mu^(1 + power)
  W <- mu^(-1 - 2 * power)
  Phi <- 1 / W
  IH <- diag(length(mu)) - X %*% fit$bread %*% t(X * W)
  homes <- split(seq_along(mu), d$home)
  A <- lapply(homes, function(g) {
    D <- sqrt(Phi[g])
    B <- D * (IH[g, ] %*% (Phi * t(IH[g, ]))) %*% diag(D)
    spectrum <- eigen((B + t(B)) / 2, symmetric = TRUE)
    alive <- spectrum$values > 1e-12 * max(spectrum$values)
    root <- spectrum$vectors[, alive] %*% (t(spectrum$vectors[, alive]) / sqrt(spectrum$values[alive]))
    D * t(D * root)
  })
  apply(omega * mu^-power, 2, function(w) {
    P <- matrix(0, length(mu), length(homes))
    for (k in seq_along(homes)) P[homes[[k]], k] <- A[[k]] %*% w[homes[[k]]]
    R <- t(IH) %*% P
    Q <- crossprod(R, Phi * R)
    c(se = sqrt(sum(crossprod(P, e)^2)), df = sum(diag(Q))^2 / sum(Q^2))
  })
}

# The same two by clubSandwich.
club <- function(fit, d) {
  s <- sqrt(fit$mu)
  Xs <- fit$X * s
  zs <- (log(fit$mu / d$bed_days) + fit$r / fit$mu) * s
  test <- function(model, term) {
    coef_test(model, vcovCR(model, cluster = d$home, type = "CR2"), test = "Satterthwaite", coefs = term)
  }
  glm_model <- glm(admissions ~ 0 + factor(home) + factor(month) + on, data = d, offset = log(bed_days),
                   family = poisson, control = exact)
  list(pearson = test(lm(zs ~ 0 + Xs), "Xstreated"), response = test(glm_model, "on"))
}

common <- function(d) {
  X <- cbind(base_design(d), treated = d$on)
  fit <- poisson_fit(X, d)
  j <- ncol(X)
  powers <- c(pearson = -0.5, response = 0)
  mine <- sapply(powers, function(power) cr2(fit, d, X %*% fit$bread[, j, drop = FALSE], power))
  rownames(mine) <- c("se", "df")
  theirs <- sapply(club(fit, d), function(t) c(t$SE, t$df))
  # On the response scale clubSandwich keeps eigenvalues above an absolute 1e-12, here sometimes mere rounding.
  stopifnot(abs(theirs / mine - 1)[, "pearson"] < 1e-6, abs(theirs / mine - 1)[, "response"] < c(1e-6, 1e-3))
  without_home <- sapply(unique(d$home), function(h) {
    left <- d[d$home != h, ]
    unname(poisson_fit(cbind(base_design(left), treated = left$on), left)$theta["treated"])
  })
  G <- length(without_home)
  named <- function(row, prefix) t(setNames(mine[row, ], paste0(prefix, names(powers))))
  data.frame(beta = fit$theta[j], cr0 = sqrt(cr0(fit, d)[j, j]), named("se", "cr2_"), named("df", "df_"),
             cr3 = sqrt((G - 1) / G * sum((without_home - fit$theta[j])^2)),
             homes = G, rows = nrow(d), columns = ncol(X))
}

write_result <- function(frame, name, note) {
  path <- file.path(here, "r", paste0(name, ".csv"))
  writeLines(paste0("# ", R.version.string, "; sandwich ", packageVersion("sandwich"), "; clubSandwich ",
                    packageVersion("clubSandwich"), "; ", note), path)
  is_number <- vapply(frame, is.double, TRUE)
  frame[is_number] <- lapply(frame[is_number], function(x) sprintf("%.12g", x))
  suppressWarnings(write.table(frame, path, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
}

# The overall log rate ratio with each home left out in turn, by a whole fit each time.
without_each_home <- function(name) {
  d <- with_cells(read_panel(file.path(here, "panels", paste0(name, ".csv"))), "")
  homes <- unique(d$home)
  ratios <- vapply(homes, function(home) {
    fit <- saturated(d[d$home != home, ], "")
    log_ratio(fit$sums(fit$theta))[1]
  }, numeric(1))
  write_result(data.frame(home = homes, log_rate_ratio = ratios), paste0(name, "_without_home"), "whole refits")
}

report <- function(name, variant = "") {
  d <- with_cells(read_panel(file.path(here, "panels", paste0(name, ".csv"))), variant)
  fit <- saturated(d, variant)
  treated <- -seq_len(fit$n_base)
  V <- fit$vcov[treated, treated]
  note <- sprintf("G=%d N=%d K=%d", fit$homes, fit$rows, length(fit$theta))
  label <- if (variant == "") name else paste(name, variant, sep = "_")
  put <- function(frame, what) write_result(frame, paste(label, what, sep = "_"), note)
  put(effects_table(fit, d), "effects")
  if (variant == "") {
    put(data.frame(cell = fit$cells, delta = fit$theta[treated], cr0 = sqrt(diag(V))), "delta")
    put(lower(V, fit$cells), "delta_covariance")
  }
  if (variant %in% c("", "leads")) {
    times <- sapply(fit$groups, `[[`, "by") == "event_time" & fit$sums(fit$theta)[, 1] > 0
    es <- delta_method(fit, function(s) log_ratio(s[times, ]))
    put(lower(es$vcov, sapply(fit$groups, `[[`, "key")[times]), "event_time_covariance")
  }
  cat(name, variant, note, "\n")
  d
}

names <- sub(".csv", "", list.files(file.path(here, "panels"), "[.]csv$"))
everything <- lapply(setNames(names, names), report)
effects_in_common <- do.call(rbind, lapply(names, function(name) {
  data.frame(panel = name, common(everything[[name]]), row.names = NULL)
}))
write_result(effects_in_common, "common_effect", "CR2 from its definition and by clubSandwich; CR3 by true refits")
for (name in c("staggered", "unbalanced")) for (variant in c("never", "home_type", "leads")) report(name, variant)
for (name in c("staggered", "unbalanced", "one_start")) without_each_home(name)
