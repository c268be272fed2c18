// The model of models/harmattan/model/build.py without drivers, for `make bench`: log spread is stated on the log scale.
data {
  int T, C, K, M, N;     // M last months, where rates drift and turn, and N nodes of that
  array[T, C, K] int counts;
  array[T] row_vector[C] weights;
  array[T] matrix[C, K] neighbours, occurrence, fast_rest, slow_rest;
  array[K] matrix[T, M] fast_kernel, slow_kernel;
  array[3] matrix[C, K] anchor;
  row_vector[K] exponent, dispersion_centre;
  array[K] int fed;      // 1 where another outcome feeds this one
  array[K] int source;   // which one
  matrix[M, N] by_drift, by_turn;
  matrix[K, K] together;
  array[K] vector[C] scale;
  vector[K] share;
  array[K] matrix[C, M] shift_mean;
  matrix[3, K] centre_mean, centre_sd, spread_mean, spread_sd;
  matrix[7, K] shape_mean, shape_sd;
  real log_bound, coupling_mean, coupling_sd, small_rate, least_rate, largest_zero, occurrence_centre;
}
parameters {
  matrix[3, K] centre, log_spread;
  array[3] matrix[C, K] apart;
  matrix[7, K] shape;
  real log_coupling;
  array[K] matrix[C, N] drift;
  matrix[C, N] turn;
}
model {
  array[K] matrix[C, M] shift;
  array[T] matrix[C, K] fast = fast_rest;
  array[T] matrix[C, K] slow = slow_rest;
  for (k in 1:K) {
    centre[, k] ~ normal(centre_mean[, k], centre_sd[, k]);
    log_spread[, k] ~ normal(spread_mean[, k], spread_sd[, k]);
    shape[, k] ~ normal(shape_mean[, k], shape_sd[, k]);
  }
  for (s in 1:3) to_vector(apart[s]) ~ std_normal();
  log_coupling ~ normal(coupling_mean, coupling_sd);
  for (k in 1:K) to_vector(drift[k]) ~ std_normal();
  to_vector(turn) ~ std_normal();
  for (k in 1:K) {
    matrix[C, N] wide = rep_matrix(0, C, N);
    for (l in 1:k) wide += together[k, l] * drift[l];
    shift[k] = shift_mean[k] + diag_pre_multiply(scale[k], wide) * by_drift' + share[k] * turn * by_turn';
    for (m in 1:M)  // a month's memory has seen those before it
      for (seen in 1:(m - 1))
        for (c in 1:C) {
          real own = counts[T - M + seen, c, k] * exp(-shift[k][c, seen]);
          fast[T - M + m][c, k] += fast_kernel[k][T - M + m, seen] * own;
          slow[T - M + m][c, k] += slow_kernel[k][T - M + m, seen] * own;
        }
  }
  for (k in 1:K) {
    real memory = inv_logit(shape[1, k]);
    real fast_share = inv_logit(shape[2, k]);
    array[3] vector[C] series;
    for (s in 1:3)
      series[s] = anchor[s][, k] + centre[s, k] + exp(log_spread[s, k]) * (apart[s][, k] - mean(apart[s][, k]));
    for (c in 1:C) {
      real beyond = log1p_exp(2 * (series[1][c] - anchor[1][c, k] - log_bound)) / 2;
      real level_power = exp(exponent[k] * (series[1][c] - beyond));
      real strength = (1 - memory) * inv_logit(series[2][c]);
      for (t in 1:T) {
        real own = small_rate + fast_share * fast[t][c, k] + (1 - fast_share) * slow[t][c, k];
        real rate = ((1 - memory) * level_power + memory * own ^ exponent[k]) ^ (1 / exponent[k])
                    + strength * neighbours[t][c, k] + least_rate;
        if (fed[k]) rate += exp(log_coupling) * fast[t][c, source[k]];
        if (t > T - M) rate *= exp(shift[k][c, t - T + M]);
        real level = log(rate + 0.1);
        real often = occurrence[t][c, k] - occurrence_centre;
        real size = exp(series[3][c] + shape[3, k] * (level - dispersion_centre[k]) + shape[4, k] * often);
        real zero = largest_zero * inv_logit(shape[5, k] - exp(shape[6, k]) * level - shape[7, k] * often);
        if (counts[t, c, k] == 0)
          target += weights[t][c] * log_sum_exp(log(zero), log1m(zero) + neg_binomial_2_lpmf(0 | rate, size));
        else
          target += weights[t][c] * (log1m(zero) + neg_binomial_2_lpmf(counts[t, c, k] | rate, size));
      }
    }
  }
}
