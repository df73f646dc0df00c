# Makes cellkey.csv, cellkey-table.csv and cellkey-expected.csv, and the column `published` of magnitude.csv, by functions of
# the R package cellKey (GPL-2; not part of this project). Run with R 4.2.2 and data.table:
#
#   Rscript cellkey.R FUNCTIONS.R MICRO.CSV
#
# FUNCTIONS.R holds, as they stand in the sources of sdcTools/cellKey: .scramble_ckeys, .para_m, .lookup_v_flex,
# .perturb_cell_flex and .perturb_cell_simple (R/utils_numtabs.R at commit 1257a16) and lookup_freq (R/cellkey_pkg.R at commit
# 12d0abf), run without their messages. One condition of .perturb_cell_simple, `ck == 0`, reads `ck[1] == 0`: R 4.2 refuses it for several keys.
# MICRO.CSV: made-up records with region, age and sex; the first 1,500 are used.
#
# What the package does around these functions is done here by data.table: the key of a cell is the sum of the record keys
# modulo 1, and the contributions of a sum are its largest ones.
library(data.table)
given <- commandArgs(TRUE)
source(given[1])
set.seed(61)

counts <- function() {
  records <- fread(given[2])[1:1500]
  records[, key := round(runif(.N), 8)]
  # rows 0 to 8: noise of at most 4, no published 1 or 2, mean 0; the shares end at 7 decimals, so that no key meets one
  row <- function(i) {
    if (i == 0) return(data.table(i = 0, v = 0, p = 1))
    v <- (-4:4)[(i + (-4:4)) == 0 | (i + (-4:4)) > 2]
    tilt <- uniroot(function(l) sum(v * exp(l * v - .15 * v^2)), c(-6, 6), tol = 1e-13)$root
    w <- exp(tilt * v - .15 * v^2)
    data.table(i = i, v = v, p = w / sum(w))
  }
  table <- rbindlist(lapply(0:8, row))
  table[, ub := round(cumsum(p), 7), by = i]
  table[, ub := ifelse(seq_len(.N) == .N, 1, ub), by = i]
  fwrite(table[, .(i, v, p_int_ub = ub)], "cellkey-table.csv")
  fwrite(records[, .(key = sprintf("%.8f", key), region, age, sex)], "cellkey.csv", quote = FALSE)
  variables <- c("region", "age", "sex")
  cells <- rbindlist(lapply(list("region", "age", c("region", "sex"), c("age", "sex"), c("region", "age")), function(by) {
    t <- records[, .(n = .N, ck = sum(key) %% 1), by = by]
    for (x in setdiff(variables, by)) t[[x]] <- "Total"
    t[, c(variables, "n", "ck"), with = FALSE]
  }))
  cells <- rbind(cells, data.table(region = "Total", age = "Total", sex = "Total", n = nrow(records), ck = sum(records$key) %% 1))
  cells[, published := n + lookup_freq(table, ck, n)$pert]
  fwrite(cells[, .(region, age, sex, true = n, published)], "cellkey-expected.csv")
}

# the settings and tables of make.py
all <- "0,0,1,all\n1,-1,.15,all\n1,-.5,.4,all\n1,0,.6,all\n1,.5,.75,all\n1,1,.85,all\n1,2,.95,all\n1,3,1,all\n3,-3,.1,all
3,-1.5,.25,all\n3,-.5,.45,all\n3,0,.6,all\n3,.5,.75,all\n3,1.5,.9,all\n3,3,1,all\n5,-3,.05,all\n5,-2,.2,all\n5,-1,.4,all
5,0,.6,all\n5,1,.8,all\n5,2,.95,all\n5,3,1,all"
small <- "0,0,1,small_cells\n1,-1,.5,small_cells\n1,1,1,small_cells\n2,-2,.1,small_cells\n2,-1,.35,small_cells
2,0,.65,small_cells\n2,1,.9,small_cells\n2,2,1,small_cells"
settings <- list(
  top1 = list(eps = 1, s = .1, flex = NULL, mu = 0, same = TRUE, small = FALSE),
  top3 = list(eps = c(1, .5, .3), s = .2, flex = NULL, mu = 0, same = TRUE, small = FALSE),
  flex = list(eps = c(1, .5, .3), s = .2, flex = c(.03, 1000, 2), mu = 0, same = FALSE, small = FALSE),
  "flex-small" = list(eps = c(1, .5), s = .25, flex = c(.05, 500, 3), mu = 0, same = TRUE, small = TRUE),
  extra = list(eps = 1, s = .1, flex = NULL, mu = 1.5, same = TRUE, small = TRUE)
)

sums <- function() {
  rows <- fread("magnitude.csv", colClasses = "character")
  made <- sapply(seq_len(nrow(rows)), function(r) {
    s <- settings[[rows$setting[r]]]
    x <- as.numeric(strsplit(rows$contributions[r], " ")[[1]])
    table <- fread(text = if (s$small) paste0(all, "\n", small) else all, header = FALSE, col.names = c("i", "v", "ub", "type"))
    separation <- 0
    if (s$small) {
      last <- table[type == "small_cells" & i == 2]
      separation <- sqrt(sum(diff(c(0, last$ub)) * last$v^2)) / (sqrt(sum(s$eps^2)) * s$s)
    }
    k <- length(s$eps)
    keys <- .scramble_ckeys(as.character(as.numeric(rows$key[r])), k, s$same)
    scale <- list(epsilon = s$eps, p = s$s, p_small = s$s, p_large = s$flex[1], fp = s$flex[2], q = s$flex[3])
    perturb <- if (is.null(s$flex)) .perturb_cell_simple else .perturb_cell_flex
    params <- list(ptab = table, zs = separation, mu_c = s$mu, mult_params = scale)
    perturb(round(sum(x), 2), x[seq_len(min(k, length(x)))], keys, rep("all", k), s$mu > 0, params)$cv_p
  })
  rows[, published := sprintf("%.9f", made)]
  fwrite(rows, "magnitude.csv")
}

counts()
sums()
