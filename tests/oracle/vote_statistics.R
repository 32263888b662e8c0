# What R says of three simulated tables of votes and of the textbook examples in the tests of
# trainer/.../statistics. Needs R with lme4. Run here:
#
#   Rscript vote_statistics.R
#
# It writes votes-<name>.csv (the data) and votes-expected.csv (table, quantity, value) into
# trainer/src/test/resources/dev/tiebreak/trainer/evidence/statistics/votes/. The data are drawn anew only where
# a file is missing, so the expected values always belong to the data that lie there.

suppressMessages(library(lme4))
folder <- "../../trainer/src/test/resources/dev/tiebreak/trainer/evidence/statistics/votes/"
expected <- data.frame(table = character(), quantity = character(), value = character())
note <- function(table, quantity, value) {
  expected[nrow(expected) + 1, ] <<- c(table, quantity, sprintf("%.10g", value))
}

# Votes of judges who see each prompt once, on chance's scale of log-odds.
draw <- function(seed, seeds, prompts, completions, judges, items, rate, sds, position, ties) {
  set.seed(seed)
  e <- function(n, sd) rnorm(n, 0, sd)
  bp <- e(prompts, sds[1]); bc <- e(prompts * completions * seeds, sds[2])
  bj <- e(judges, sds[3]); bs <- e(seeds, sds[4])
  rows <- do.call(rbind, lapply(seq_len(judges), function(j) {
    p <- sample(prompts, min(items, prompts))
    s <- sample(seeds, length(p), TRUE); k <- sample(completions, length(p), TRUE)
    data.frame(judge = j, prompt = p, completion = ((s - 1) * prompts + p - 1) * completions + k,
               seed_pair = s, left = sample(rep(0:1, length.out = length(p))))
  }))
  eta <- rate + position * (rows$left - .5) + bp[rows$prompt] + bc[rows$completion] +
    bj[rows$judge] + bs[rows$seed_pair]
  rows$outcome <- ifelse(runif(nrow(rows)) < plogis(eta), 1, -1)
  rows$outcome[runif(nrow(rows)) < ties] <- 0
  rows
}

tables <- list(
  # as planned: six seed pairs, two completions, three votes on each pair of texts and more
  planned = function() draw(1, 6, 40, 2, 60, 32, .4, c(.9, .6, .4, .3), .3, .2),
  # as the original: one pair of models, one pair of texts for each prompt, judges see nearly all
  crossed = function() draw(2, 1, 32, 1, 42, 28, .4, c(1, 0, .3, 0), .1, .336),
  # few judges with strong habits, many prompts with little in common
  panel = function() draw(3, 3, 120, 2, 9, 100, -.2, c(.4, .3, 1, .1), 1, .05))

# Cameron, Gelbach and Miller, each term times G / (G - 1); at least the largest way alone.
robust <- function(e, ways) {
  total <- 0; largest <- 0
  for (k in seq_along(ways)) for (s in combn(names(ways), k, simplify = FALSE)) {
    g <- tapply(e, interaction(ways[s], drop = TRUE), sum)
    term <- length(g) / (length(g) - 1) * sum(g^2)
    total <- total - (-1)^k * term
    if (k == 1) largest <- max(largest, term)
  }
  sqrt(max(total, largest))
}

for (name in names(tables)) {
  file <- paste0(folder, "votes-", name, ".csv")
  if (!file.exists(file)) write.csv(tables[[name]](), file, row.names = FALSE, quote = FALSE)
  all <- read.csv(file)
  d <- all[all$outcome != 0, ]
  d$y <- (d$outcome > 0) + 0; d$x <- d$left - .5
  terms <- switch(name, planned = "(1|prompt)+(1|judge)+(1|seed_pair)+(1|completion)",
                  crossed = "(1|prompt)+(1|judge)",
                  panel = "(1|prompt)+(1|judge)+(1|seed_pair)+(1|completion)")
  m <- glmer(as.formula(paste("y ~ x +", terms)), d, binomial,
             control = glmerControl(optimizer = "bobyqa", tolPwrss = 1e-11,
                                    optCtrl = list(maxfun = 20000, rhoend = 1e-8)))
  note(name, "glmer.intercept", fixef(m)[[1]]); note(name, "glmer.position", fixef(m)[[2]])
  se <- sqrt(diag(as.matrix(vcov(m))))
  note(name, "glmer.se", se[[1]]); note(name, "glmer.positionSe", se[[2]])
  note(name, "glmer.deviance", -2 * as.numeric(logLik(m)))
  for (v in names(VarCorr(m))) note(name, paste0("glmer.sd.", v), attr(VarCorr(m)[[v]], "stddev"))

  r <- mean(d$y); e <- (d$y - r) / nrow(d)
  note(name, "robust.judge_prompt", robust(e, d[c("judge", "prompt")]))
  if (length(unique(d$seed_pair)) > 1)
    note(name, "robust.three", robust(e, d[c("judge", "prompt", "seed_pair")]))
  b <- binom.test(sum(d$y), nrow(d))
  note(name, "binomial.p", b$p.value)
  note(name, "binomial.low", b$conf.int[1]); note(name, "binomial.high", b$conf.int[2])
  wilson <- prop.test(sum(d$y), nrow(d), correct = FALSE)$conf.int
  note(name, "wilson.low", wilson[1]); note(name, "wilson.high", wilson[2])

  net <- tapply(all$outcome, all$prompt, sum); means <- tapply(all$outcome, all$prompt, mean)
  note(name, "sign.p", binom.test(sum(net > 0), sum(net != 0))$p.value)
  note(name, "wilcoxon.p",
       suppressWarnings(wilcox.test(means[means != 0], correct = TRUE)$p.value))
  for (by in c("prompt", "judge")) {
    net <- tapply(all$outcome, all[[by]], sum); n <- length(net); set.seed(1)
    signs <- if (n <= 16) as.matrix(expand.grid(rep(list(c(-1, 1)), n))) else
      matrix(sample(c(-1, 1), n * 2e5, TRUE), ncol = n)
    note(name, paste0("flip.", by), mean(abs(signs %*% net) >= abs(sum(net)) - 1e-9))
  }

  g <- glm(y ~ x + I(prompt %% 7), binomial, d) # any covariate: tests logistic regression
  u <- rowsum(model.matrix(g) * (d$y - fitted(g)), d$prompt); bread <- vcov(g)
  s <- sqrt(diag(bread %*% crossprod(u) %*% bread * nrow(u) / (nrow(u) - 1)))
  for (k in 1:3) { note(name, paste0("logistic.b", k - 1), coef(g)[[k]])
                   note(name, paste0("logistic.se", k - 1), s[[k]]) }
  if (length(unique(d$seed_pair)) > 2) {
    rates <- tapply(d$y, d$seed_pair, mean); t <- t.test(rates - .5)
    note(name, "seeds.p", t$p.value); note(name, "seeds.low", t$conf.int[1] + .5)
  }

  # Agreement over completions, three answers, by the definition over pairs of ratings.
  counts <- table(all$completion, factor(all$outcome, c(-1, 0, 1)))
  counts <- counts[rowSums(counts) > 1, ]; size <- rowSums(counts)
  pairs <- function(n) outer(n, n) - diag(n)
  o <- Reduce(`+`, lapply(seq_len(nrow(counts)), function(u) pairs(counts[u, ]) / (size[u] - 1)))
  total <- sum(o); margin <- rowSums(o)
  note(name, "alpha", 1 - (sum(o) - sum(diag(o))) / total /
         ((total^2 - sum(margin^2)) / (total * (total - 1))))
  usual <- as.integer(names(which.max(table(size)))); k <- counts[size == usual, ]
  pj <- colSums(k) / sum(k); pe <- sum(pj^2)
  note(name, "kappa", (mean((rowSums(k^2) - usual) / (usual * (usual - 1))) - pe) / (1 - pe))
}

# Davidson and Rao-Kupper, as multinomial likelihoods maximised numerically.
for (w in list(c(470, 314, 397), c(30, 50, 7), c(12, 10, 60))) {
  name <- paste(w, collapse = "-")
  likelihood <- function(chances) function(x) -sum(w * log(chances(x)))
  davidson <- function(x) { v <- c(exp(x[1] / 2), exp(-x[1] / 2), exp(x[2])); v / sum(v) }
  rao <- function(x) { t <- 1 + exp(x[2]); a <- plogis(x[1] - log(t)); b <- plogis(-x[1] - log(t))
                       c(a, b, 1 - a - b) }
  for (m in c("davidson", "rao")) {
    f <- likelihood(get(m))
    o <- optim(c(0, 0), f, method = "BFGS", control = list(reltol = 1e-15, maxit = 1000))
    o <- optim(o$par, f, method = "Nelder-Mead", control = list(reltol = 1e-16, maxit = 5000))
    o <- optim(o$par, f, method = "BFGS", hessian = TRUE, control = list(reltol = 1e-16))
    note(name, paste0(m, ".logOdds"), o$par[1])
    note(name, paste0(m, ".se"), sqrt(solve(o$hessian)[1, 1]))
    note(name, paste0(m, ".tie"), if (m == "davidson") exp(o$par[2]) else 1 + exp(o$par[2]))
  }
}
x <- c(.9, .8, .35, .6, .55, .7, .2, .65); y <- c(.8, .9, .4, .5, .45, .75, .35, .6)
ct <- cor.test(x, y)
note("pearson", "r", ct$estimate); note("pearson", "low", ct$conf.int[1])
note("pearson", "high", ct$conf.int[2])
write.csv(expected, paste0(folder, "votes-expected.csv"), row.names = FALSE, quote = FALSE)
